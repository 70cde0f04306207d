// What residents were asked and told.
import { fieldLabel, formatDay, formatNumber, formatWindow, titleOf } from "../base/format";
import { recordLink } from "../base/route";
import { recordsOf, seat } from "../base/store";
import type { PlanRecord } from "../base/types";
import { t } from "../base/words";
import { AddLink, Chip, Empty, Excerpt, Loading, PageTitle, Section, TownMark } from "../parts/bits";

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
  return (
    <li class="spread">
      <div>
        <h3>
          <a href={recordLink(one.id)}>{titleOf(one)}</a>
        </h3>
        <p class="note">
          {[one.fields.audience, formatWindow({ from: one.fields.opens, to: one.fields.closes })].filter(Boolean).join(" · ")}
        </p>
        <Excerpt one={one} field={one.fields.changed ? "changed" : "summary"} />
      </div>
      <p class="chips">
        <span class="note">{t("replies", { count: replies, number: formatNumber(replies) })}</span>
        <Chip tone={kTones[state(one)]}>{t(`consultation.${state(one)}`)}</Chip>
      </p>
    </li>
  );
}

function Notice({ one }: { one: PlanRecord }) {
  return (
    <li class="spread">
      <div>
        <h3>
          <a href={recordLink(one.id)}>{titleOf(one)}</a>
        </h3>
        <p class="note">
          <TownMark id={one.owner} />
        </p>
        <Excerpt one={one} field="body" />
      </div>
      <span class="note">
        {one.fields.published ? `${fieldLabel("notice", "published")} ${formatDay(one.fields.published)}` : t("not_published")}
      </span>
    </li>
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
