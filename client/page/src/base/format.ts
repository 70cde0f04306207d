// Values as people read them, in the page's language. Dates have the names of their months; money its
// currency.
import { localDay } from "./days";
import { language, named, t } from "./words";
import type { Field, Value } from "./types";
import { fieldOf, kindOf, record, townName } from "./store";

const kDay = 86_400_000;

export function dayOf(text: string): Date {
  return new Date(`${text}T00:00:00Z`);
}

export function isoOf(day: Date): string {
  return day.toISOString().slice(0, 10);
}

export function addDays(text: string, days: number): string {
  return isoOf(new Date(dayOf(text).getTime() + days * kDay));
}

export function daysBetween(from: string, to: string): number {
  return Math.round((dayOf(to).getTime() - dayOf(from).getTime()) / kDay);
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const tag = language.value === "en" ? "en-GB" : language.value;
  const key = tag + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(tag, options)));
  return found;
}

const kLong: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };

export function formatDay(text: string): string {
  return format(kLong).format(dayOf(text));
}

export function formatMediumDay(text: string): string {
  return format({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(dayOf(text));
}

export function formatShortDay(text: string): string {
  return format({ day: "numeric", month: "short", timeZone: "UTC" }).format(dayOf(text));
}

export function formatMonth(text: string, long = true): string {
  const options: Intl.DateTimeFormatOptions = long
    ? { month: "long", year: "numeric", timeZone: "UTC" }
    : { month: "short", timeZone: "UTC" };
  return format(options).format(dayOf(text));
}

export function formatWeekday(text: string, style: "short" | "long" = "short"): string {
  return format({ weekday: style, timeZone: "UTC" }).format(dayOf(text));
}

export function formatWindow(window: { from?: string; to?: string }): string {
  if (window.from && window.to && window.from === window.to) return formatDay(window.from);
  if (window.from && window.to) return format(kLong).formatRange(dayOf(window.from), dayOf(window.to));
  if (window.from) return t("from_day", { day: formatDay(window.from) });
  return window.to ? t("until_day", { day: formatDay(window.to) }) : "";
}

// An instant, by this computer's clock and calendar.
export function formatTime(text: string): string {
  return format({ day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(
    new Date(text),
  );
}

export function formatClock(text: string): string {
  return format({ hour: "2-digit", minute: "2-digit" }).format(new Date(text));
}

// "Today", "Yesterday", or the date, of an instant.
export function formatRelativeDay(text: string): string {
  const midnight = (day: Date) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  const ago = Math.round((midnight(new Date()) - midnight(new Date(text))) / kDay);
  if (ago === 0) return t("today");
  if (ago === 1) return t("yesterday");
  return format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(new Date(text));
}

// With its day, where no heading says it.
export function formatWhen(text: string): string {
  const recent = localDay(new Date()) === localDay(text) || localDay(Date.now() - kDay) === localDay(text);
  return recent ? `${formatRelativeDay(text)}, ${formatClock(text)}` : formatTime(text);
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(language.value === "en" ? "en-GB" : language.value).format(value);
}

export function formatMoney(money: { amount: string; currency: string }): string {
  const tag = language.value === "en" ? "en-GB" : language.value;
  try {
    return new Intl.NumberFormat(tag, { style: "currency", currency: money.currency || "EUR" }).format(
      Number(money.amount),
    );
  } catch {
    return `${money.amount} ${money.currency}`;
  }
}

function formatPair(field: Field, value: Value): string {
  if (field.message === "Window") return formatWindow(value);
  if (field.message === "Money") return formatMoney(value);
  if (field.message === "LocalTime") return `${formatDay(value.date)}, ${value.time}`;
  if (field.message === "Stance") return valueLabel(String(value.stance));
  return "";
}

export function formatValue(field: Field, value: Value): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((one) => formatValue(field, one)).join(", ");
  switch (field.type) {
    case "boolean":
      return value ? t("yes") : t("no");
    case "enum":
      return valueLabel(String(value));
    case "date":
      return formatDay(String(value));
    case "integer":
      return formatNumber(Number(value));
    case "reference":
      return titleOfId(String(value));
    case "pair":
      return formatPair(field, value);
    case "bytes":
      return "";
    default:
      return String(value);
  }
}

// --- Names -----------------------------------------------------------------------------------------

export function kindLabel(kind: string): string {
  return named(`kind.${kind}`, kindOf(kind)?.label ?? kind);
}

export function kindPlural(kind: string): string {
  return named(`kinds.${kind}`, kindOf(kind)?.plural ?? kind);
}

export function fieldLabel(kind: string, field: string): string {
  return named(`field.${kind}.${field}`, named(`field.${field}`, fieldOf(kind, field)?.label ?? field));
}

export function valueLabel(value: string): string {
  return named(`value.${value}`, value.replaceAll("_", " "));
}

// Known functions of a responsibility have names in every language; others are as people wrote them.
export function functionLabel(name: string): string {
  return named(`function.${name.toLowerCase().replaceAll(" ", "_")}`, name);
}

export function titleOfId(id: string | null | undefined): string {
  if (!id) return "";
  const own = townName(id);
  if (own) return own;
  const found = record(id);
  if (found === undefined) return "…";
  return found ? titleOf(found) : t("something_gone");
}

export function titleOf(one: { kind: string; fields: Record<string, Value> }): string {
  const name = kindOf(one.kind)?.title_field;
  const value = name ? one.fields[name] : undefined;
  const field = name ? fieldOf(one.kind, name) : undefined;
  if (one.kind === "responsibility") {
    const parts = [value && functionLabel(String(value)), titleOfId(one.fields.activity)].filter(Boolean);
    if (parts.length > 0) return parts.join(`${t("colon")} `);
  }
  if (value && field?.type === "reference") return titleOfId(String(value));
  return value ? String(value) : t("untitled");
}
