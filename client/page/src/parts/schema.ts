// Which fields of a kind a page asks for, and which it leaves to lists and pictures.
import type { Field, Kind } from "../base/types";

const kSeen = new Set(["order"]); // seen in lists, not as words

export function isShown(field: Field): boolean {
  return !kSeen.has(field.name) && field.type !== "bytes" && field.message !== "Stance";
}

// What is asked at once; everything else can be filled in on the record's own page.
const kAsked: Record<string, string[]> = {
  activity: ["title", "form", "window", "deadline", "place", "owner", "lead", "description"],
  objective: ["title", "statement", "owner", "theme"],
  method: ["title", "statement", "owner", "objectives"],
  outcome: ["title", "statement", "owner", "objectives", "indicator", "unit", "target", "due"],
  resource: ["title", "form", "availability", "quantity", "unit", "town", "activity"],
  fund: ["programme", "source", "apply_by", "requested", "status", "lead"],
  meeting: ["body", "date", "when", "place", "agenda"],
  review: ["about", "town", "period", "rating", "decision", "narrative"],
};

export function askedOf(kind: Kind): Field[] {
  const named = kAsked[kind.name];
  const usual = kind.fields.filter((field) => isShown(field) && field.rule !== "counter");
  return named ? named.flatMap((name) => usual.find((field) => field.name === name) ?? []) : usual;
}

