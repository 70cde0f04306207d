// Between CodeMirror's positions (UTF-16 units) and the program's (code points).
import { ChangeSet, type ChangeSpec, Text } from "@codemirror/state";

export interface Splice {
  at: number;
  remove: number;
  insert: string;
}

const kSurrogates = /[\ud800-\udbff]/;

// Whether any character of the text takes two units: most texts have none, and positions are equal.
export function hasWide(text: Text): boolean {
  for (const line of text.iterLines()) if (kSurrogates.test(line)) return true;
  return false;
}

function points(text: Text, from: number, to: number): number {
  let count = 0;
  for (const cursor = text.iterRange(from, to); !cursor.next().done; ) {
    for (const _ of cursor.value) ++count;
  }
  return count;
}

function unit(text: Text, point: number): number {
  let left = point;
  let at = 0;
  for (const cursor = text.iter(); left > 0 && !cursor.next().done; ) {
    for (const character of cursor.value) {
      if (left-- === 0) break;
      at += character.length;
      if (left === 0) break;
    }
  }
  return at;
}

// What changes made of `before`, as splices that each see the ones before.
export function splicesOf(changes: ChangeSet, before: Text): Splice[] {
  const after = changes.apply(before);
  const wide = hasWide(before) || hasWide(after);
  const splices: Splice[] = [];
  changes.iterChanges((fromA, toA, fromB, _toB, inserted) => {
    splices.push({
      at: wide ? points(after, 0, fromB) : fromB,
      remove: wide ? points(before, fromA, toA) : toA - fromA,
      insert: inserted.toString(),
    });
  });
  return splices;
}

// The program's splices as changes of `before`.
export function changesOf(splices: Splice[], before: Text): ChangeSet {
  let all = ChangeSet.empty(before.length);
  let text = before;
  for (const splice of splices) {
    const wide = hasWide(text);
    const from = wide ? unit(text, splice.at) : splice.at;
    const to = wide ? unit(text, splice.at + splice.remove) : splice.at + splice.remove;
    const spec: ChangeSpec = { from, to, insert: Text.of(splice.insert.split("\n")) };
    const one = ChangeSet.of(spec, text.length);
    text = one.apply(text);
    all = all.compose(one);
  }
  return all;
}

// One change that makes `before` read as `after`: what differs in its middle is replaced.
export function changeBetween(before: Text, after: string): ChangeSet {
  const from = before.toString();
  let head = 0;
  while (head < from.length && head < after.length && from[head] === after[head]) ++head;
  let tail = 0;
  while (
    tail < from.length - head &&
    tail < after.length - head &&
    from[from.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    ++tail;
  }
  if (head === from.length && head === after.length) return ChangeSet.empty(before.length);
  const insert = Text.of(after.slice(head, after.length - tail).split("\n"));
  return ChangeSet.of({ from: head, to: from.length - tail, insert }, before.length);
}
