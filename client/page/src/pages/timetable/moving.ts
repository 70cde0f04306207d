// Activities moved by the keyboard, wherever they are shown: Alt and an arrow by a day, with Shift or up
// and down by a week.
import { addDays } from "../../base/format";
import { write } from "../../base/store";
import type { Entry } from "./entries";

export const kMoveKeys = "Alt+ArrowLeft Alt+ArrowRight";

const kDays: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function shift(entry: Entry, days: number): void {
  const fields: Record<string, unknown> = {};
  if (entry.from && entry.to) fields.window = { from: addDays(entry.from, days), to: addDays(entry.to, days) };
  else if (entry.deadline) fields.deadline = addDays(entry.deadline, days);
  else return;
  void write(`/records/${entry.one.id}`, { fields }, "did.set");
}

export function moveByKey(entry: Entry, event: KeyboardEvent): void {
  const days = kDays[event.key];
  if (!days || !event.altKey || !entry.one.writable) return;
  event.preventDefault();
  shift(entry, event.shiftKey && Math.abs(days) === 1 ? days * 7 : days);
}
