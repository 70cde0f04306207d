// What happened: a feed by day, of one town or one day if one likes; and the plan at any moment.
import { useState } from "preact/hooks";
import { addDays } from "../base/format";
import { localDay, startOfDay } from "../base/days";
import { place } from "../base/route";
import { seat } from "../base/store";
import { t } from "../base/words";
import { Empty, Loading, PageTitle } from "../parts/bits";
import { DateInput } from "../parts/DateInput";
import { Feed } from "../parts/Story";
import { useLog, type Wanted } from "./history/log";
import { Moments } from "./history/Moments";
import { Refused } from "./history/Refused";

const kDays = ["any_day", "today", "yesterday", "last_week", "one_day"] as const;
type Days = (typeof kDays)[number];

// By this computer's calendar.
function span(days: Days, chosen: string): Wanted {
  const today = localDay(new Date());
  if (days === "any_day") return {};
  if (days === "today") return { since: startOfDay(today) };
  if (days === "yesterday") return { since: startOfDay(today, -1), until: startOfDay(today) };
  if (days === "last_week") return { since: startOfDay(today, -6) };
  return { since: startOfDay(chosen), until: startOfDay(chosen, 1) };
}

function Filters({ town, setTown, days, setDays, day, setDay }: {
  town: string;
  setTown: (id: string) => void;
  days: Days;
  setDays: (days: Days) => void;
  day: string;
  setDay: (day: string) => void;
}) {
  return (
    <div class="toolbar">
      <label for="who">{t("who_changed")}</label>
      <select id="who" value={town} onChange={(event) => setTown(event.currentTarget.value)}>
        <option value="">{t("everybody")}</option>
        {seat.value!.towns.map((one) => (
          <option value={one.id}>{one.name}</option>
        ))}
      </select>
      <label for="which-day">{t("when")}</label>
      <select id="which-day" value={days} onChange={(event) => setDays(event.currentTarget.value as Days)}>
        {kDays.map((one) => (
          <option value={one}>{t(one)}</option>
        ))}
      </select>
      {days === "one_day" && <DateInput id="the-day" label={t("day")} value={day} save={(next) => next && setDay(next)} />}
    </div>
  );
}

export function HistoryPage() {
  const record = place.value.query.get("record");
  const [town, setTown] = useState("");
  const [days, setDays] = useState<Days>("any_day");
  const [day, setDay] = useState(() => addDays(localDay(new Date()), -1));
  const [moments, setMoments] = useState(record !== null);
  const { items, more, next, reading } = useLog({ ...span(days, day), ...(town ? { town } : {}) });
  return (
    <>
      <PageTitle title={t("page.history")} lead={t("history_lead")}>
        <button type="button" aria-expanded={moments} onClick={() => setMoments(!moments)}>{t("any_moment")}</button>
      </PageTitle>
      <Refused />
      {moments && <Moments record={record} />}
      <Filters town={town} setTown={setTown} days={days} setDays={setDays} day={day} setDay={setDay} />
      {reading < 100 && (
        <p role="status">
          <progress max={100} value={reading} aria-hidden="true" /> {t("reading_history", { percent: reading })}
        </p>
      )}
      {!items ? <Loading /> : items.length === 0 ? <Empty text={t("nothing_then")} /> : <Feed items={items} />}
      {more && <button type="button" onClick={next}>{t("older")}</button>}
    </>
  );
}
