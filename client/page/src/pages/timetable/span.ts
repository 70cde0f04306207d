// The stretch of time that a timeline shows, and where a day is in it.
import { addMonths } from "../../base/days";
import { addDays, dayOf, daysBetween } from "../../base/format";
import type { Entry } from "./entries";

export const kZooms = ["all", "year", "half_year", "quarter", "month", "week", "day"] as const;
export type Zoom = (typeof kZooms)[number];

export interface Span {
  from: string;
  days: number;
}

const kMonths: Partial<Record<Zoom, number>> = { year: 12, half_year: 6, quarter: 3, month: 1 };

const kNearDays = 62;

function monthStart(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

function monday(day: string): string {
  return addDays(day, -((dayOf(day).getUTCDay() + 6) % 7));
}

// Whole months that hold every date there is, and today when it is not far from them.
export function wholeSpan(entries: Entry[], today: string): Span {
  const days = entries.flatMap((entry) => [entry.from, entry.to, entry.deadline]).filter((day) => day !== null);
  const near = days.some((day) => Math.abs(daysBetween(day, today)) <= kNearDays);
  if (near) days.push(today);
  const first = days.reduce((a, b) => (a < b ? a : b), days[0] ?? today);
  const last = days.reduce((a, b) => (a > b ? a : b), days[0] ?? today);
  const from = monthStart(first);
  return { from, days: daysBetween(from, monthStart(addMonths(last, 1))) };
}

// The span of a zoom that holds the day.
export function spanAt(zoom: Exclude<Zoom, "all">, day: string): Span {
  const months = kMonths[zoom];
  if (!months) return zoom === "week" ? { from: monday(day), days: 7 } : { from: day, days: 1 };
  const first = months === 1 ? 0 : (Number(day.slice(5, 7)) - 1) % months;
  const from = monthStart(addMonths(monthStart(day), -first));
  return { from, days: daysBetween(from, addMonths(from, months)) };
}

export function neighbour(zoom: Exclude<Zoom, "all">, span: Span, by: 1 | -1): string {
  return by > 0 ? addDays(span.from, span.days) : spanAt(zoom, addDays(span.from, -1)).from;
}

export function percent(span: Span, day: string): number {
  return (daysBetween(span.from, day) / span.days) * 100;
}

export interface Tick {
  day: string;
  month: boolean; // named as a month rather than a day
}

export function ticks(span: Span): Tick[] {
  const list: Tick[] = [];
  const byDay = span.days <= 31;
  const byWeek = !byDay && span.days <= 100;
  for (let i = 0; i < span.days; ++i) {
    const day = addDays(span.from, i);
    const first = day.endsWith("-01");
    if (byDay || first || (byWeek && dayOf(day).getUTCDay() === 1 && Number(day.slice(8)) > 4)) list.push({ day, month: !byDay && first });
  }
  return list;
}

export function touches(span: Span, entry: Entry): boolean {
  const begin = entry.from ?? entry.deadline;
  if (begin === null) return false;
  const ends = [entry.to, entry.deadline, begin].filter((day) => day !== null);
  return begin < addDays(span.from, span.days) && ends.some((day) => day >= span.from);
}
