// Dates as people type them: "3 March 2027", "3 mars", "3.3.2027", "3/3/27", "2027-03-03". The day comes
// before the month; without a year, the year of `near`.
import { language } from "./words";

const months = new Map<string, Map<string, number>>();

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// Every month's long and short name in a language.
function monthsOf(tag: string): Map<string, number> {
  let found = months.get(tag);
  if (found) return found;
  found = new Map();
  for (const style of ["long", "short"] as const) {
    const format = new Intl.DateTimeFormat(tag, { day: "numeric", month: style, timeZone: "UTC" });
    for (let month = 0; month < 12; ++month) {
      const part = format.formatToParts(Date.UTC(2024, month, 1)).find((one) => one.type === "month");
      if (part) found.set(plain(part.value).replace(/\.$/, ""), month + 1);
    }
  }
  months.set(tag, found);
  return found;
}

function monthNamed(word: string): number | undefined {
  const name = plain(word).replace(/\.$/, "");
  for (const tag of [language.value, "en-GB"]) {
    const known = monthsOf(tag);
    const exact = known.get(name);
    if (exact) return exact;
    if (name.length < 3) continue;
    const begun = [...known].filter(([one]) => one.startsWith(name)).map(([, month]) => month);
    if (new Set(begun).size === 1) return begun[0];
  }
  return undefined;
}

function iso(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real && year >= 1000 && year <= 9999 ? date.toISOString().slice(0, 10) : null;
}

function yearOf(text: string | undefined, near: string): number {
  if (!text) return Number(near.slice(0, 4));
  return text.length === 2 ? 2000 + Number(text) : Number(text);
}

// The day that was meant, as YYYY-MM-DD; null when it is none.
export function readDay(typed: string, near: string): string | null {
  const text = typed.trim();
  const whole = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (whole) return iso(Number(whole[1]), Number(whole[2]), Number(whole[3]));
  const numbers = /^(\d{1,2})[./\s-]+(\d{1,2})(?:[./\s-]+(\d{2}|\d{4}))?\.?$/.exec(text);
  if (numbers) return iso(yearOf(numbers[3], near), Number(numbers[2]), Number(numbers[1]));
  const words = /^(\d{1,2})(?:\.|er|st|nd|rd|th)?\s+(?:de\s+)?(\p{L}+\.?),?(?:\s+(\d{2}|\d{4}))?$/u.exec(text);
  const month = words ? monthNamed(words[2]!) : undefined;
  return words && month ? iso(yearOf(words[3], near), month, Number(words[1])) : null;
}

// The same day so many months away, or that month's last.
export function addMonths(day: string, by: number): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month + by, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + by, Math.min(date, last))).toISOString().slice(0, 10);
}

// Weeks from Monday that hold the month of `day`.
export function weeksOf(day: string): string[][] {
  const first = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  const monday = first.getTime() - ((first.getUTCDay() + 6) % 7) * 86_400_000;
  const at = (i: number) => new Date(monday + i * 86_400_000).toISOString().slice(0, 10);
  const weeks: string[][] = [];
  for (let i = 0; at(i).slice(0, 7) <= day.slice(0, 7); i += 7) {
    weeks.push(Array.from({ length: 7 }, (_, weekday) => at(i + weekday)));
  }
  return weeks;
}

// The day that an instant is on, by this computer's clock and calendar.
export function localDay(instant: string | number | Date): string {
  const date = new Date(instant);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

// When a day begins here, in milliseconds since 1970; `later`: so many days after it.
export function startOfDay(day: string, later = 0): number {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return new Date(year, month - 1, date + later).getTime();
}
