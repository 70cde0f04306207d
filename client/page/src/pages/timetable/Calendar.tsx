// The timetable as the page of a calendar: a month at a time, weeks from Monday.
import { useState } from "preact/hooks";
import { addMonths, weeksOf } from "../../base/days";
import { formatDay, formatMonth, formatWeekday } from "../../base/format";
import { newLink, recordLink } from "../../base/route";
import { seat } from "../../base/store";
import { t } from "../../base/words";
import { Scroll, townClass } from "../../parts/bits";
import type { Entry } from "./entries";
import { kMoveKeys, moveByKey } from "./moving";

function Event({ entry, words, class: look }: { entry: Entry; words: string; class: string }) {
  return (
    <li>
      <a class={`event ${look}`} href={recordLink(entry.one.id)} aria-keyshortcuts={kMoveKeys} onKeyDown={(event) => moveByKey(entry, event)}>
        {words}
      </a>
    </li>
  );
}

function Day({ day, month, entries }: { day: string; month: string; entries: Entry[] }) {
  const on = entries.filter((entry) => entry.from && entry.from <= day && day <= (entry.to ?? entry.from));
  const due = entries.filter((entry) => entry.deadline === day);
  const classes = [day.slice(0, 7) === month.slice(0, 7) ? "" : "other", day === seat.value!.today ? "is-today" : ""];
  return (
    <td class={classes.join(" ")}>
      <a class="date-number" href={newLink("activity", { window: day })} aria-label={t("add_on_day", { day: formatDay(day) })}>
        {Number(day.slice(8))}
      </a>
      <ul class="plain">
        {on.map((entry) => (
          <Event key={entry.one.id} entry={entry} class={entry.town ? townClass(entry.town) : "event-shared"} words={entry.title} />
        ))}
        {due.map((entry) => (
          <Event key={entry.one.id} entry={entry} class="due" words={t("deadline_of", { what: entry.title })} />
        ))}
      </ul>
    </td>
  );
}

export function Calendar({ entries }: { entries: Entry[] }) {
  const today = seat.value!.today;
  const first = entries.map((entry) => entry.from ?? entry.deadline).find((day) => day && day >= today);
  const [month, setMonth] = useState(`${(first ?? today).slice(0, 7)}-01`);
  const move = (by: number) => setMonth(addMonths(month, by));
  const weeks = weeksOf(month);
  return (
    <section class="card" aria-label={t("view.calendar")}>
      <div class="toolbar">
        <button type="button" onClick={() => move(-1)}>{t("earlier")}</button>
        <h2 aria-live="polite">{formatMonth(month)}</h2>
        <button type="button" onClick={() => move(1)}>{t("later")}</button>
        <button type="button" onClick={() => setMonth(`${today.slice(0, 7)}-01`)}>{t("today")}</button>
      </div>
      <Scroll label={formatMonth(month)}>
        <table class="calendar">
          <thead>
            <tr>
              {weeks[0]!.map((day) => (
                <th scope="col">
                  <abbr title={formatWeekday(day, "long")}>{formatWeekday(day)}</abbr>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.map((week) => (
              <tr>
                {week.map((day) => (
                  <Day day={day} month={month} entries={entries} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="hint">{t("timeline_keys")}</p>
    </section>
  );
}
