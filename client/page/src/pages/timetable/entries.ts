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
  clashes: PlanRecord[]; // at the same place on the same days
  after: string[]; // ids of what it depends on
}

function clashing(a: Entry, b: Entry): boolean {
  const place = (entry: Entry) => String(entry.one.fields.place ?? "").trim().toLocaleLowerCase();
  if (a === b || !place(a) || place(a) !== place(b)) return false;
  return a.from !== null && b.from !== null && a.from <= (b.to ?? b.from) && b.from <= (a.to ?? a.from);
}

export function entriesOf(activities: PlanRecord[], responsibilities: PlanRecord[], today: string): Entry[] {
  const cared = new Set(responsibilities.map((one) => one.fields.activity as string | undefined));
  const entries = activities.map((one) => entryOf(one, today, cared));
  for (const entry of entries) entry.clashes = entries.filter((other) => clashing(entry, other)).map((other) => other.one);
  const when = (entry: Entry) => entry.from ?? entry.deadline ?? "9999";
  return entries.sort((a, b) => when(a).localeCompare(when(b)) || a.title.localeCompare(b.title));
}

function entryOf(one: PlanRecord, today: string, cared: Set<string | undefined>): Entry {
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
    nobody: !over && !cared.has(one.id),
    clashes: [],
    after: (one.fields.depends_on as string[] | undefined) ?? [],
  };
}
