// Meetings with their agendas and minutes, and the series that they come from.
import { formatMonth, formatWindow, titleOf } from "../base/format";
import { newLink, recordLink } from "../base/route";
import { recordsOf, seat } from "../base/store";
import type { PlanRecord } from "../base/types";
import { t } from "../base/words";
import { AddLink, Chip, Empty, Excerpt, Loading, PageTitle, Section } from "../parts/bits";
import { ListItem } from "../parts/ListItem";

function dayOf(one: PlanRecord): string {
  return (one.fields.when?.date as string | undefined) ?? (one.fields.date as string | undefined) ?? "";
}

// The day as a leaf of a calendar.
function Leaf({ day }: { day: string }) {
  if (!day) return <span class="leaf note">{t("no_date_yet")}</span>;
  return (
    <time class="leaf" dateTime={day}>
      <strong>{Number(day.slice(8))}</strong> {formatMonth(day)}
    </time>
  );
}

function Meeting({ one }: { one: PlanRecord }) {
  return (
    <li class="with-leaf">
      <Leaf day={dayOf(one)} />
      <div>
        <h3>
          <a href={recordLink(one.id)}>{titleOf(one)}</a>
        </h3>
        <p class="note">{[one.fields.when?.time, one.fields.place].filter(Boolean).join(" · ")}</p>
        <Excerpt one={one} field={one.fields.minutes ? "minutes" : "agenda"} />
      </div>
      {one.fields.minutes ? <Chip tone="good">{t("has_minutes")}</Chip> : <Chip>{t("no_minutes")}</Chip>}
    </li>
  );
}

function List({ title, list }: { title: string; list: PlanRecord[] }) {
  if (list.length === 0) return null;
  return (
    <Section title={title}>
      <ul class="rows">{list.map((one) => <Meeting key={one.id} one={one} />)}</ul>
    </Section>
  );
}

function rhythm(one: PlanRecord): string {
  const every = one.fields.every_months && t("every_months", { count: one.fields.every_months });
  return [every, one.fields.window && formatWindow(one.fields.window)].filter(Boolean).join(" · ");
}

function Series() {
  const series = recordsOf("series") ?? [];
  return (
    <Section title={t("series")} actions={<AddLink quiet kind="series" label={t("add.series")} />}>
      {series.length === 0 ? <Empty text={t("empty.series")} /> : (
        <ul class="rows">
          {series.map((one) => (
            <ListItem key={one.id} one={one} note={rhythm(one)}>
              <a class="button" href={newLink("meeting", { series: one.id, body: one.fields.body ?? titleOf(one) })}>
                {t("meeting_of_series")}
                <span class="hidden"> ({titleOf(one)})</span>
              </a>
            </ListItem>
          ))}
        </ul>
      )}
    </Section>
  );
}

export function MeetingsPage() {
  const list = recordsOf("meeting");
  if (!list) return <Loading />;
  const today = seat.value!.today;
  const sorted = [...list].sort((a, b) => dayOf(a).localeCompare(dayOf(b)));
  const isPast = (one: PlanRecord) => dayOf(one) !== "" && dayOf(one) < today;
  return (
    <>
      <PageTitle title={t("page.meetings")} lead={t("meetings_lead")}>
        <AddLink kind="meeting" label={t("add.meeting")} />
      </PageTitle>
      {list.length === 0 && (
        <Empty text={t("empty.meeting")}>
          <AddLink kind="meeting" label={t("add.meeting")} />
        </Empty>
      )}
      <List title={t("next_meetings")} list={sorted.filter((one) => !isPast(one))} />
      <List title={t("past_meetings")} list={sorted.filter(isPast).reverse()} />
      <Series />
    </>
  );
}
