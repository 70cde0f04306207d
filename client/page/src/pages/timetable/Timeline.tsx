// The timetable as a picture: a row for each activity, time across, today as a line, deadlines as marks,
// arrows from what comes before. Every bar is a link; with Alt and the arrow keys it is moved by days.
import { useState } from "preact/hooks";
import { addDays, formatDay, formatMonth, formatShortDay, formatWeekday, formatWindow, titleOf } from "../../base/format";
import { record as find, seat } from "../../base/store";
import { t } from "../../base/words";
import { Scroll, townClass, TownMark } from "../../parts/bits";
import { Icon, kNeedIcons } from "../../parts/icons";
import type { Entry } from "./entries";
import { kMoveKeys, moveByKey } from "./moving";
import { kZooms, neighbour, percent, type Span, spanAt, ticks, touches, wholeSpan, type Zoom } from "./span";

function labelOf(entry: Entry): string {
  const parts = [entry.title];
  if (entry.from) parts.push(formatWindow({ from: entry.from, to: entry.to ?? undefined }));
  if (entry.deadline) parts.push(t("deadline_on", { day: formatDay(entry.deadline) }));
  if (entry.after.length > 0) parts.push(t("after_what", { what: entry.after.map((id) => titleOf(find(id) ?? entry.one)).join(", ") }));
  if (entry.nobody) parts.push(t("nobody"));
  if (entry.clashes.length > 0) parts.push(t("clashes_with", { what: entry.clashes.map(titleOf).join(", ") }));
  if (entry.tooEarly.length > 0) parts.push(t("before_end_of", { what: entry.tooEarly.map(titleOf).join(", ") }));
  return parts.join(". ");
}

function Bar({ entry, span }: { entry: Entry; span: Span }) {
  const begin = entry.from ?? entry.deadline;
  if (!begin) return <span class="note">{t("no_date_yet")}</span>;
  const end = entry.to ?? begin;
  const left = percent(span, begin);
  const width = percent(span, addDays(end, 1)) - left;
  const classes = ["span", entry.town ? townClass(entry.town) : "span-shared"];
  if (!entry.from) classes.push("only-deadline");
  if (entry.one.fields.flexibility === "tentative") classes.push("tentative");
  if (entry.late || entry.clashes.length > 0 || entry.tooEarly.length > 0) classes.push("alarm");
  return (
    <a
      class={classes.join(" ")}
      style={{ left: `${left}%`, width: `${width}%` }}
      href={`#/record/${entry.one.id}`}
      aria-label={labelOf(entry)}
      title={labelOf(entry)}
      aria-keyshortcuts={kMoveKeys}
      onKeyDown={(event) => moveByKey(entry, event)}
    />
  );
}

function Title({ entry }: { entry: Entry }) {
  const dated = entry.from || entry.deadline;
  return (
    <span class="line-title">
      <a href={`#/record/${entry.one.id}`} {...(dated ? { tabIndex: -1, "aria-hidden": true } : {})}>
        {entry.title}
      </a>
      {entry.nobody && (
        <span class="flag" title={t("nobody")}>
          <Icon of={kNeedIcons["nobody-responsible"]} size={14} />
        </span>
      )}
    </span>
  );
}

function Row({ entry, span }: { entry: Entry; span: Span }) {
  return (
    <li class="line">
      <Title entry={entry} />
      <span class="track">
        <Bar entry={entry} span={span} />
        {entry.deadline && entry.from && (
          <span class="deadline" style={{ left: `${percent(span, entry.deadline)}%` }} aria-hidden="true" />
        )}
      </span>
    </li>
  );
}

// From the end of what comes before down (or up) to the beginning of what follows.
function Arrow({ before, after, span, rows }: { before: Entry; after: Entry; span: Span; rows: Entry[] }) {
  const [from, to] = [rows.indexOf(before), rows.indexOf(after)];
  const [end, begin] = [before.to ?? before.deadline, after.from ?? after.deadline];
  if (from < 0 || to < 0 || !end || !begin) return null;
  const [x1, x2] = [percent(span, addDays(end, 1)), percent(span, begin)];
  const classes = ["arrow", to > from ? "down" : "upwards", x2 < x1 ? "wrong" : ""];
  const style = {
    left: `${Math.min(x1, x2)}%`,
    width: `${Math.abs(x2 - x1)}%`,
    top: `calc((${Math.min(from, to)} + var(--middle)) * var(--line-height))`,
    height: `calc(${Math.abs(to - from)} * var(--line-height))`,
  };
  return <span class={classes.join(" ")} style={style} />;
}

function Behind({ span, rows }: { span: Span; rows: Entry[] }) {
  const today = percent(span, seat.value!.today);
  const byId = new Map(rows.map((entry) => [entry.one.id, entry]));
  return (
    <div class="behind" aria-hidden="true">
      {ticks(span).map(({ day, month }) => (
        <span class={month || span.days <= 31 ? "grid" : "grid faint"} style={{ left: `${percent(span, day)}%` }} />
      ))}
      {today >= 0 && today < 100 && <span class="today" style={{ left: `${today + 50 / span.days}%` }} />}
      {rows.flatMap((after) =>
        after.after.map((id) => byId.has(id) && <Arrow before={byId.get(id)!} after={after} span={span} rows={rows} />),
      )}
    </div>
  );
}

function tickWords(span: Span, day: string, month: boolean, all: number): string {
  if (month) return formatMonth(day, all <= 5);
  if (span.days <= 7) return `${formatWeekday(day)} ${formatShortDay(day)}`;
  return String(Number(day.slice(8)));
}

function Head({ span }: { span: Span }) {
  const all = ticks(span);
  const months = all.filter((tick) => tick.month).length;
  const today = percent(span, seat.value!.today);
  return (
    <div class="line months" aria-hidden="true">
      <span class="line-title" />
      <span class="track">
        {all.map(({ day, month }) => (
          <span class={month || span.days <= 31 ? "month" : "month faint"} style={{ left: `${percent(span, day)}%` }}>
            {month && months > 5 && (day === span.from || day.endsWith("-01-01")) && <span class="tick-year">{day.slice(0, 4)}</span>}
            {tickWords(span, day, month, months)}
          </span>
        ))}
        {today >= 0 && today < 100 && <span class="today-name" style={{ left: `${today + 50 / span.days}%` }}>{t("today")}</span>}
      </span>
    </div>
  );
}

function spanWords(zoom: Zoom, span: Span): string {
  if (zoom === "month") return formatMonth(span.from);
  return formatWindow({ from: span.from, to: addDays(span.from, span.days - 1) });
}

function Legend() {
  return (
    <p class="legend">
      {seat.value!.towns.map((one) => (
        <TownMark key={one.id} id={one.id} />
      ))}
      <span class="town">
        <span class="swatch span-shared" aria-hidden="true" /> {t("shared")}
      </span>
      <span class="town">
        <span class="mark-deadline" aria-hidden="true" /> {t("deadline")}
      </span>
    </p>
  );
}

export function Timeline({ entries }: { entries: Entry[] }) {
  const today = seat.value!.today;
  const whole = wholeSpan(entries, today);
  const [zoom, setZoom] = useState<Zoom>("all");
  const [day, setDay] = useState(whole.from > today ? whole.from : today);
  const span = zoom === "all" ? whole : spanAt(zoom, day);
  const inside = zoom === "all" ? entries : entries.filter((entry) => touches(span, entry));
  return (
    <section class="card timeline" aria-label={t("view.timeline")}>
      <div class="toolbar">
        <label for="zoom">{t("show_span")}</label>
        <select id="zoom" value={zoom} onChange={(event) => setZoom(event.currentTarget.value as Zoom)}>
          {kZooms.map((one) => (
            <option value={one}>{t(`zoom.${one}`)}</option>
          ))}
        </select>
        {zoom !== "all" && (
          <>
            <button type="button" onClick={() => setDay(neighbour(zoom, span, -1))}>{t("earlier")}</button>
            <strong aria-live="polite">{spanWords(zoom, span)}</strong>
            <button type="button" onClick={() => setDay(neighbour(zoom, span, 1))}>{t("later")}</button>
            <button type="button" onClick={() => setDay(today)}>{t("today")}</button>
          </>
        )}
        <Legend />
      </div>
      <Scroll label={t("view.timeline")}>
        <Head span={span} />
        <div class="rows-behind">
          <Behind span={span} rows={inside} />
          <ul class="lines">
            {inside.map((entry) => (
              <Row key={entry.one.id} entry={entry} span={span} />
            ))}
          </ul>
        </div>
        {inside.length === 0 && <p class="note">{t("nothing_then")}</p>}
      </Scroll>
      <p class="hint">{t("timeline_keys")}</p>
    </section>
  );
}
