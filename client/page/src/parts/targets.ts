// Records that a reference may name, in the order of their titles. There may be thousands: whoever offers
// them hears of it only when one comes, goes or is called something else.
import { computed, type ReadonlySignal } from "@preact/signals";
import { titleOf } from "../base/format";
import { recordsOf, seat } from "../base/store";
import type { Field } from "../base/types";
import { language } from "../base/words";

export interface Target {
  id: string;
  title: string;
}

const kAnything = ["objective", "method", "outcome", "activity", "charter"];

function found(field: Field): Target[] {
  const own = field.owner ? seat.value?.town : undefined;
  const order = new Intl.Collator(language.value);
  return (field.targets.length > 0 ? field.targets : kAnything)
    .flatMap((kind) => recordsOf(kind) ?? [])
    .filter((one) => !own || one.id === own || one.kind !== "town")
    .map((one) => ({ id: one.id, title: titleOf(one) }))
    .sort((a, b) => order.compare(a.title, b.title));
}

function isSame(a: Target[], b: Target[]): boolean {
  return a.length === b.length && a.every((one, i) => one.id === b[i]!.id && one.title === b[i]!.title);
}

const held = new WeakMap<Field, ReadonlySignal<Target[]>>();

export function targetsOf(field: Field): Target[] {
  let targets = held.get(field);
  if (!targets) {
    let last: Target[] = [];
    targets = computed(() => {
      const next = found(field);
      return isSame(last, next) ? last : (last = next);
    });
    held.set(field, targets);
  }
  return targets.value;
}
