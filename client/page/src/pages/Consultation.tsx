// What residents were asked and told.
import { fieldLabel, formatDay, formatNumber, formatWindow } from "../base/format";
import { recordsOf, seat } from "../base/store";
import type { PlanRecord } from "../base/types";
import { t } from "../base/words";
import { AddLink, Chip, Empty, Loading, PageTitle, Section, TownMark } from "../parts/bits";
import { ListItem } from "../parts/ListItem";

// Where a consultation stands today.
function state(one: PlanRecord): "planned" | "open" | "closed" {
  const { opens, closes } = one.fields;
  const today = seat.value!.today;
  if (closes && closes < today) return "closed";
  return opens && opens <= today ? "open" : "planned";
}

const kTones = { planned: "plain", open: "good", closed: "plain" } as const;

function Consultation({ one }: { one: PlanRecord }) {
  const replies = Number(one.fields.replies ?? 0);
  const when = formatWindow({ from: one.fields.opens, to: one.fields.closes });
  return (
    <ListItem one={one} note={[one.fields.audience, when].filter(Boolean).join(" · ")} text={one.fields.changed ? "changed" : "summary"}>
      <p class="chips">
        <span class="note">{t("replies", { count: replies, number: formatNumber(replies) })}</span>
        <Chip tone={kTones[state(one)]}>{t(`consultation.${state(one)}`)}</Chip>
      </p>
    </ListItem>
  );
}

function Notice({ one }: { one: PlanRecord }) {
  const published = one.fields.published as string | undefined;
  return (
    <ListItem one={one} note={<TownMark id={one.owner} />} text="body">
      <span class="note">{published ? `${fieldLabel("notice", "published")} ${formatDay(published)}` : t("not_published")}</span>
    </ListItem>
  );
}

export function ConsultationPage() {
  const list = recordsOf("consultation");
  const notices = recordsOf("notice") ?? [];
  if (!list) return <Loading />;
  return (
    <>
      <PageTitle title={t("page.consultation")} lead={t("consultation_lead")} />
      <Section title={t("consultations")} actions={<AddLink quiet kind="consultation" label={t("add.consultation")} />}>
        {list.length === 0 ? <Empty text={t("empty.consultation")} /> : (
          <ul class="rows">{list.map((one) => <Consultation key={one.id} one={one} />)}</ul>
        )}
      </Section>
      <Section title={t("notices")} actions={<AddLink quiet kind="notice" label={t("add.notice")} />}>
        {notices.length === 0 ? <Empty text={t("empty.notice")} /> : (
          <ul class="rows">{notices.map((one) => <Notice key={one.id} one={one} />)}</ul>
        )}
      </Section>
    </>
  );
}
