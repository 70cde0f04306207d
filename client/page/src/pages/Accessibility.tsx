// The accessibility statement: what is promised, how it is checked, what is known not to work.
import { formatDay } from "../base/format";
import { type Key, t } from "../base/words";
import { PageTitle, Section } from "../parts/bits";

const kPrepared = "2026-11-28";

function List({ keys }: { keys: Key[] }) {
  return (
    <ul class="card prose">
      {keys.map((key) => (
        <li key={key}>{t(key)}</li>
      ))}
    </ul>
  );
}

export function AccessibilityPage() {
  return (
    <>
      <PageTitle title={t("page.accessibility")} lead={t("accessibility_lead")} />
      <Section title={t("a11y.status")}>
        <p>{t("a11y.status_words")}</p>
        <p class="note">{t("a11y.prepared", { day: formatDay(kPrepared) })}</p>
      </Section>
      <Section title={t("a11y.helps")}>
        <List keys={["a11y.keyboard", "a11y.reader", "a11y.tables", "a11y.looks", "a11y.zoom", "a11y.language"]} />
      </Section>
      <Section title={t("a11y.checked")}>
        <List keys={["a11y.axe", "a11y.by_keyboard", "a11y.contrast"]} />
      </Section>
      <Section title={t("a11y.limits")}>
        <List keys={["a11y.limit_content", "a11y.limit_titles", "a11y.limit_people"]} />
      </Section>
      <Section title={t("a11y.tell")}>
        <p>{t("a11y.tell_words")}</p>
      </Section>
    </>
  );
}
