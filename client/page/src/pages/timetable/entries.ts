// Activities with what a timetable says of them: when, late, clashing, without anybody responsible.
import { titleOf } from "../../base/format";
import type { PlanRecord } from "../../base/types";

export interface Entry {
  one: PlanRecord;
  title: string;
  from: string | null;
  to: string | null;
  deadline: string | null;
  late: boolean;
  nobody: boolean;
  town: string | null; // whose it is, or who leads; null: all of them
  clashes: PlanRecord[]; // at the same place on the same days
  tooEarly: PlanRecord[]; // what it depends on and does not wait for
  after: string[]; // ids of what it depends on
}

function overlap(a: Entry, b: Entry): boolean {
  return a.from !== null && b.from !== null && a.from <= (b.to ?? b.from) && b.from <= (a.to ?? a.from);
}

function placeOf(entry: Entry): string {
  return String(entry.one.fields.place ?? "").trim().toLocaleLowerCase();
}

function noteClashes(entries: Entry[]): void {
  const places = new Map<string, Entry[]>();
  for (const entry of entries) {
    const place = placeOf(entry);
    if (!place || entry.from === null) continue;
    const there = places.get(place) ?? [];
    for (const other of there) {
      if (!overlap(entry, other)) continue;
      entry.clashes.push(other.one);
      other.clashes.push(entry.one);
    }
    places.set(place, [...there, entry]);
  }
}

function noteTooEarly(entries: Entry[]): void {
  const byId = new Map(entries.map((entry) => [entry.one.id, entry]));
  for (const entry of entries) {
    const begin = entry.from ?? entry.deadline;
    for (const id of entry.after) {
      const before = byId.get(id);
      const end = before?.to ?? before?.deadline;
      if (before && begin && end && begin <= end) entry.tooEarly.push(before.one);
    }
  }
}

// `responsibilities` null: not known yet.
export function entriesOf(activities: PlanRecord[], responsibilities: PlanRecord[] | null, today: string): Entry[] {
  const cared = responsibilities && new Set(responsibilities.map((one) => one.fields.activity as string | undefined));
  const entries = activities.map((one) => entryOf(one, today, cared));
  noteClashes(entries);
  noteTooEarly(entries);
  const when = (entry: Entry) => entry.from ?? entry.deadline ?? "9999";
  return entries.sort((a, b) => when(a).localeCompare(when(b)) || a.title.localeCompare(b.title));
}

function entryOf(one: PlanRecord, today: string, cared: Set<string | undefined> | null): Entry {
  const window = one.fields.window as { from?: string; to?: string } | undefined;
  const deadline = (one.fields.deadline as string | undefined) ?? null;
  const over = one.fields.status === "done" || one.fields.status === "cancelled";
  return {
    one,
    title: titleOf(one),
    from: window?.from ?? window?.to ?? null,
    to: window?.to ?? window?.from ?? null,
    deadline,
    late: !over && deadline !== null && deadline < today,
    nobody: !over && cared !== null && !cared.has(one.id),
    town: one.owner ?? (one.fields.lead as string | undefined) ?? null,
    clashes: [],
    tooEarly: [],
    after: (one.fields.depends_on as string[] | undefined) ?? [],
  };
}
