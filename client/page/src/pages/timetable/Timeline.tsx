// The timetable as a picture: a row for each activity, months across, today as a line, deadlines as
// marks. Every bar is a link; with the arrow keys an activity is moved by days.
import { useState } from "preact/hooks";
import { addDays, daysBetween, formatDay, formatMonth, formatWindow, titleOf } from "../../base/format";
import { go } from "../../base/route";
import { record as find, seat, write } from "../../base/store";
import { t } from "../../base/words";
import { Scroll, townIndex } from "../../parts/bits";
import type { Entry } from "./entries";

interface Span {
  from: string;
  days: number;
}

function monthStart(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

function nextMonth(day: string): string {
  return monthStart(addDays(monthStart(day), 32));
}

const kZooms = { year: 366, half_year: 183, quarter: 92, month: 31 } as const;
type Zoom = keyof typeof kZooms;

function wholeSpan(entries: Entry[]): Span {
  const days = entries.flatMap((entry) => [entry.from, entry.to, entry.deadline]).filter((day) => day !== null);
  const first = days.reduce((a, b) => (a < b ? a : b), days[0] ?? seat.value!.today);
  const last = days.reduce((a, b) => (a > b ? a : b), days[0] ?? seat.value!.today);
  const from = monthStart(first);
  return { from, days: daysBetween(from, nextMonth(last)) };
}

function percent(span: Span, day: string): number {
  return (daysBetween(span.from, day) / span.days) * 100;
}

function months(span: Span): string[] {
  const list: string[] = [];
  for (let day = span.from; daysBetween(span.from, day) < span.days; day = nextMonth(day)) list.push(day);
  return list;
}

function labelOf(entry: Entry): string {
  const parts = [entry.title];
  if (entry.from) parts.push(formatWindow({ from: entry.from, to: entry.to ?? undefined }));
  if (entry.deadline) parts.push(t("deadline_on", { day: formatDay(entry.deadline) }));
  if (entry.after.length > 0) parts.push(t("after_what", { what: entry.after.map((id) => titleOf(find(id) ?? entry.one)).join(", ") }));
  if (entry.nobody) parts.push(t("nobody"));
  if (entry.clashes.length > 0) parts.push(t("clashes_with", { what: entry.clashes.map(titleOf).join(", ") }));
  return parts.join(". ");
}

function shift(entry: Entry, days: number): void {
  const fields: Record<string, unknown> = {};
  if (entry.from && entry.to) fields.window = { from: addDays(entry.from, days), to: addDays(entry.to, days) };
  else if (entry.deadline) fields.deadline = addDays(entry.deadline, days);
  else return;
  void write(`/records/${entry.one.id}`, { fields }, "did.set");
}

function Bar({ entry, span }: { entry: Entry; span: Span }) {
  const begin = entry.from ?? entry.deadline;
  if (!begin) return <span class="note">{t("no_date_yet")}</span>;
  const end = entry.to ?? begin;
  const left = percent(span, begin);
  const width = Math.max(percent(span, addDays(end, 1)) - left, 0.7);
  const index = townIndex(entry.one.owner ?? entry.one.fields.lead);
  const classes = ["span", `town-${index < 0 ? "shared" : index % 5}`];
  if (!entry.from) classes.push("only-deadline");
  if (entry.one.fields.flexibility === "tentative") classes.push("tentative");
  if (entry.late || entry.clashes.length > 0) classes.push("alarm");
  return (
    <a
      class={classes.join(" ")}
      style={{ left: `${left}%`, width: `${width}%` }}
      href={`#/record/${entry.one.id}`}
      aria-label={labelOf(entry)}
      title={labelOf(entry)}
      aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight"
      onKeyDown={(event) => {
        const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (!by || !event.altKey || !entry.one.writable) return;
        event.preventDefault();
        shift(entry, event.shiftKey ? by * 7 : by);
      }}
    />
  );
}

function Row({ entry, span }: { entry: Entry; span: Span }) {
  const today = seat.value!.today;
  return (
    <li class="line">
      <span class="line-title">
        {entry.from || entry.deadline ? (
          // The bar is the link: once is enough for the keyboard.
          <a href={`#/record/${entry.one.id}`} tabIndex={-1} aria-hidden="true">
            {entry.title}
          </a>
        ) : (
          <a href={`#/record/${entry.one.id}`}>{entry.title}</a>
        )}
        {entry.nobody && <span class="flag" aria-hidden="true" title={t("nobody")}>○</span>}
      </span>
      <span class="track">
        {months(span).map((month) => (
          <span class="grid" style={{ left: `${percent(span, month)}%` }} aria-hidden="true" />
        ))}
        {today >= span.from && percent(span, today) <= 100 && (
          <span class="today" style={{ left: `${percent(span, today)}%` }} aria-hidden="true" />
        )}
        <Bar entry={entry} span={span} />
        {entry.deadline && entry.from && (
          <span class="deadline" style={{ left: `${percent(span, entry.deadline)}%` }} aria-hidden="true" />
        )}
        {entry.after.map((id) => {
          const before = find(id)?.fields.window?.to as string | undefined;
          if (!before || !entry.from || before > entry.from) return null;
          const left = percent(span, addDays(before, 1));
          return <span class="depends" style={{ left: `${left}%`, width: `${percent(span, entry.from) - left}%` }} aria-hidden="true" />;
        })}
      </span>
    </li>
  );
}

function Head({ span }: { span: Span }) {
  const list = months(span);
  return (
    <div class="line months" aria-hidden="true">
      <span class="line-title" />
      <span class="track">
        {list.map((month) => (
          <span class="month" style={{ left: `${percent(span, month)}%` }}>
            {formatMonth(month, list.length <= 4)}
          </span>
        ))}
      </span>
    </div>
  );
}

export function Timeline({ entries }: { entries: Entry[] }) {
  const whole = wholeSpan(entries);
  const [zoom, setZoom] = useState<Zoom>("year");
  const [from, setFrom] = useState(whole.from);
  const span = zoom === "year" ? whole : { from, days: kZooms[zoom] };
  const inside = entries.filter((entry) => {
    const begin = entry.from ?? entry.deadline;
    if (zoom === "year") return true;
    return begin !== null && begin < addDays(span.from, span.days) && (entry.deadline ?? entry.to ?? begin) >= span.from;
  });
  const page = (by: number) => setFrom(monthStart(addDays(from, by > 0 ? kZooms[zoom] + 1 : -kZooms[zoom] + 3)));
  return (
    <section class="card timeline" aria-label={t("view.timeline")}>
      <div class="toolbar">
        <label for="zoom">{t("show_span")}</label>
        <select id="zoom" value={zoom} onChange={(event) => setZoom(event.currentTarget.value as Zoom)}>
          {Object.keys(kZooms).map((one) => (
            <option value={one}>{t(`zoom.${one as Zoom}`)}</option>
          ))}
        </select>
        {zoom !== "year" && (
          <>
            <button type="button" onClick={() => page(-1)}>{t("earlier")}</button>
            <span>{formatMonth(span.from)}</span>
            <button type="button" onClick={() => page(1)}>{t("later")}</button>
          </>
        )}
      </div>
      <Scroll label={t("view.timeline")}>
        <Head span={span} />
        <ul class="lines">
          {inside.map((entry) => (
            <Row key={entry.one.id} entry={entry} span={span} />
          ))}
        </ul>
        {inside.length === 0 && <p class="note">{t("nothing_then")}</p>}
      </Scroll>
      <p class="hint">{t("timeline_keys")}</p>
      <button type="button" class="link" onClick={() => go("/timetable?view=table")}>
        {t("see_table")}
      </button>
    </section>
  );
}
