// The activities in time: as a picture, as a table and as a calendar, all of the same data.
import { go, place } from "../base/route";
import { recordsOf, seat } from "../base/store";
import { t } from "../base/words";
import { AddLink, Empty, Loading, PageTitle } from "../parts/bits";
import { Calendar } from "./timetable/Calendar";
import { type Entry, entriesOf } from "./timetable/entries";
import { ActivityTable } from "./timetable/Table";
import { Timeline } from "./timetable/Timeline";

const kViews = ["timeline", "table", "calendar"] as const;
type View = (typeof kViews)[number];

function Views({ view }: { view: View }) {
  return (
    <div class="tabs joined" role="group" aria-label={t("view_as")}>
      {kViews.map((one) => (
        <button type="button" aria-pressed={one === view} onClick={() => go(`/timetable?view=${one}`)}>
          {t(`view.${one}`)}
        </button>
      ))}
    </div>
  );
}

export function TimetablePage() {
  const activities = recordsOf("activity");
  const view = (place.value.query.get("view") ?? "timeline") as View;
  if (!activities) return <Loading />;
  const entries: Entry[] = entriesOf(activities, recordsOf("responsibility"), seat.value!.today);
  return (
    <>
      <PageTitle title={t("page.timetable")} lead={t("timetable_lead")}>
        <AddLink kind="activity" label={t("add.activity")} />
      </PageTitle>
      <Views view={view} />
      {entries.length === 0 ? (
        <Empty text={t("empty.activity")}>
          <AddLink kind="activity" label={t("add.activity")} />
        </Empty>
      ) : view === "table" ? (
        <ActivityTable entries={entries} />
      ) : view === "calendar" ? (
        <Calendar entries={entries} />
      ) : (
        <>
          <Timeline entries={entries} />
          <details>
            <summary>{t("same_as_table")}</summary>
            <ActivityTable entries={entries} />
          </details>
        </>
      )}
    </>
  );
}
