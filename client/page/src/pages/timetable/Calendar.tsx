// The timetable as the page of a calendar: a month at a time, weeks from Monday.
import { useState } from "preact/hooks";
import { addDays, dayOf, formatDay, formatMonth, formatWeekday } from "../../base/format";
import { newLink, recordLink } from "../../base/route";
import { seat } from "../../base/store";
import { t } from "../../base/words";
import { Scroll, townIndex } from "../../parts/bits";
import type { Entry } from "./entries";

function weeksOf(month: string): string[][] {
  const weekday = (dayOf(month).getUTCDay() + 6) % 7; // Monday is 0
  const weeks: string[][] = [];
  for (let day = addDays(month, -weekday); day.slice(0, 7) <= month.slice(0, 7); ) {
    weeks.push(Array.from({ length: 7 }, (_, i) => addDays(day, i)));
    day = addDays(day, 7);
  }
  return weeks;
}

function Day({ day, month, entries }: { day: string; month: string; entries: Entry[] }) {
  const on = entries.filter((entry) => entry.from && entry.from <= day && day <= (entry.to ?? entry.from));
  const due = entries.filter((entry) => entry.deadline === day);
  const classes = [day.slice(0, 7) === month.slice(0, 7) ? "" : "other", day === seat.value!.today ? "is-today" : ""];
  return (
    <td class={classes.join(" ")}>
      <span class="hidden">{formatDay(day)}</span>
      <span class="date-number" aria-hidden="true">{Number(day.slice(8))}</span>
      <ul class="plain">
        {on.map((entry) => {
          const index = townIndex(entry.one.owner ?? entry.one.fields.lead);
          return (
            <li>
              <a class={`event town-${index < 0 ? "shared" : index % 5}`} href={recordLink(entry.one.id)}>{entry.title}</a>
            </li>
          );
        })}
        {due.map((entry) => (
          <li>
            <a class="event due" href={recordLink(entry.one.id)}>{t("deadline_of", { what: entry.title })}</a>
          </li>
        ))}
      </ul>
    </td>
  );
}

export function Calendar({ entries }: { entries: Entry[] }) {
  const first = entries.map((entry) => entry.from ?? entry.deadline).find((day) => day && day >= seat.value!.today);
  const [month, setMonth] = useState(`${(first ?? seat.value!.today).slice(0, 7)}-01`);
  const move = (days: number) => setMonth(`${addDays(month, days).slice(0, 7)}-01`);
  const weeks = weeksOf(month);
  return (
    <section class="card" aria-label={t("view.calendar")}>
      <div class="toolbar">
        <button type="button" onClick={() => move(-1)}>{t("earlier")}</button>
        <h2 aria-live="polite">{formatMonth(month)}</h2>
        <button type="button" onClick={() => move(32)}>{t("later")}</button>
        <a href={newLink("activity")}>{t("add.activity")}</a>
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
    </section>
  );
}
