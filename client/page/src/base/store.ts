// What the page knows of the plan: records by id, kept up to date by events. Components read signals;
// whatever they read is fetched when it is not here yet.
import { batch, computed, signal, type Signal } from "@preact/signals";
import { Failure, get, post } from "./api";
import { askToOpen, kSeatKey, opening } from "./early";
import { listen } from "./events";
import { soon, typing } from "./keys";
import { atMostEvery, onceQuiet } from "./pace";
import { place } from "./route";
import type { Conflict, Field, Kind, NeedsOfAKind, Opened, PlanRecord, Saved, Seat, SeatName, Sync } from "./types";

export const seats = signal<SeatName[]>([]);
export const seat = signal<Seat | null>(null);
export const sync = signal<Sync | null>(null);
export const alive = signal(true); // the program answers
export const needs = signal<NeedsOfAKind[] | null>(null);
export const conflicts = signal<Conflict[] | null>(null);
// Grows with everything that happens to the plan; for what is asked anew then.
export const moment = signal(0);

const records = new Map<string, Signal<PlanRecord | null | undefined>>();
const kinds = new Map<string, Signal<PlanRecord[] | null>>();
const textListeners = new Set<(step: any) => void>();

export function at(path: string): string {
  return `/partnerships/${seat.value?.id ?? ""}${path}`;
}

export const town = computed(() => seat.value?.towns.find((one) => one.own) ?? null);
export const others = computed(() => seat.value?.towns.filter((one) => !one.own) ?? []);

export function kindOf(name: string): Kind | undefined {
  return seat.value?.schema.find((one) => one.name === name);
}

export function fieldOf(kind: string, name: string): Field | undefined {
  return kindOf(kind)?.fields.find((one) => one.name === name);
}

export function townName(id: string | null | undefined): string {
  return seat.value?.towns.find((one) => one.id === id)?.name ?? "";
}

// "Exampleton Borough Council" is Exampleton where there is little room: what the laws of several countries
// put around the names of councils is left out, unless two towns would read the same.
const kForms = [
  /\s+(?:Metropolitan |Royal )?(?:Borough|City|Town|District|County|Parish|Municipal) Council$/i,
  /\s+(?:Borough|Council|Municipality)$/i,
  /^(?:City|Town|Borough|Municipality) of\s+/i,
  /^(?:Ville|Commune|Mairie|Municipalité) (?:de\s+|d['’]\s*|du\s+|des\s+)/i,
  /^(?:Stadt|Gemeinde|Markt|Landeshauptstadt|Universitätsstadt|Große Kreisstadt)\s+/i,
  /^(?:Comune di|Ayuntamiento de|Gmina|Miasto|Gemeente|Obec|Město)\s+/i,
];

function shortened(name: string): string {
  return kForms.reduce((left, form) => left.replace(form, ""), name).trim() || name;
}

const shortNames = computed(() => {
  const names = (seat.value?.towns ?? []).map((one) => ({ id: one.id, name: one.name, short: shortened(one.name) }));
  const once = (short: string) => names.filter((one) => one.short === short).length === 1;
  return new Map(names.map((one) => [one.id, once(one.short) ? one.short : one.name]));
});

export function shortTownName(id: string | null | undefined): string {
  return (id && shortNames.value.get(id)) || "";
}

// --- Records ---------------------------------------------------------------------------------------

function slot(id: string): Signal<PlanRecord | null | undefined> {
  let found = records.get(id);
  if (!found) records.set(id, (found = signal(undefined)));
  return found;
}

let wanted = new Set<string>();
let asked: Promise<void> = Promise.resolve(); // the last request for records
let coming: Promise<void> | null = null; // one that has not begun: what is wanted now goes with it

// A record; undefined while it is fetched, null when there is none.
export function record(id: string | null | undefined): PlanRecord | null | undefined {
  if (!id) return null;
  const held = slot(id);
  if (held.peek() === undefined) void want([id]);
  return held.value;
}

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

// Done when the records were asked for after now and are here. One request at a time: no answer is
// overtaken by an older one.
export function want(ids: string[]): Promise<void> {
  for (const id of ids) wanted.add(id);
  coming ??= asked = asked.catch(() => {}).then(pause).then(fetchWanted);
  return coming;
}

const kAtOnce = 100;

async function fetchWanted(): Promise<void> {
  const ids = [...wanted];
  const here = seat.peek()?.id;
  wanted = new Set();
  coming = null;
  for (let i = 0; i < ids.length; i += kAtOnce) {
    const some = ids.slice(i, i + kAtOnce);
    const answer = await get<PlanRecord[]>(at("/records"), { ids: some.join(",") }).catch(() => null);
    if (seat.peek()?.id !== here) return;
    if (answer) batch(() => take(answer, some));
  }
}

function take(answer: PlanRecord[], asked: string[]): void {
  const there = new Set(answer.map((one) => one.id));
  for (const id of asked) if (!there.has(id)) slot(id).value = null;
  const touched = new Set<string>();
  for (const one of answer) {
    slot(one.id).value = one;
    touched.add(one.kind);
  }
  for (const name of touched) {
    const list = kinds.get(name);
    if (!list?.peek()) continue;
    const news = answer.filter((one) => one.kind === name);
    const ids = new Set(news.map((one) => one.id));
    list.value = [...list.peek()!.filter((one) => !ids.has(one.id)), ...news.filter((one) => one.visible)];
  }
}

// The visible records of a kind; null while they are fetched.
export function recordsOf(kind: string): PlanRecord[] | null {
  let list = kinds.get(kind);
  if (!list) {
    kinds.set(kind, (list = signal(null)));
    void load(kind);
  }
  return list.value;
}

// The overview begins with what needs us, by name: the rest of the plan comes after that.
export async function whatComesFirst(): Promise<void> {
  if ((place.peek().path[0] ?? "overview") !== "overview") return;
  await pause();
  await asked.catch(() => {});
}

async function load(kind: string): Promise<void> {
  const list = kinds.get(kind);
  if (!list) return; // of a partnership that was left
  await whatComesFirst();
  const answer = await get<PlanRecord[]>(at("/records"), { kinds: kind }).catch(() => null);
  if (kinds.get(kind) !== list) return;
  if (!answer) return void setTimeout(() => void load(kind), 1000);
  batch(() => {
    for (const one of answer) slot(one.id).value = one;
    list.value = answer;
  });
}

function loadAgain(): void {
  for (const kind of kinds.keys()) void load(kind);
  const others = [...records].filter(([, held]) => held.peek() !== undefined && !kinds.has(held.peek()?.kind ?? ""));
  if (others.length > 0) void want(others.map(([id]) => id));
}

// --- What needs the town ---------------------------------------------------------------------------

// A record that changed is asked for at once, and again at the first pace; what is asked of the whole plan,
// at the second; what looks back, at the third. Somebody who types changes the plan many times a second:
// an open text hears of that by itself, and all that follows from the words waits until the writer pauses,
// or has written on for so long; longer where it would take time from the writer's own keys.
const kRecordsMs = 100;
const kPaceMs = 1000;
const kBackMs = 2000;
const kPauseMs = 1000;
const kWritingMs = 5000;
const kWritingHereMs = 20_000;

async function fetchWhatNeedsUs(): Promise<void> {
  const here = seat.peek()?.id;
  if (!here) return;
  const [need, open] = await Promise.all([
    get<NeedsOfAKind[]>(at("/needs")).catch(() => null),
    get<Conflict[]>(at("/conflicts")).catch(() => null),
  ]);
  if (seat.peek()?.id !== here) return;
  batch(() => {
    if (need) needs.value = need;
    if (open) conflicts.value = open;
  });
}

const changed = new Set<string>();
const written = new Set<string>();

// While all goes well it is not worth a word that a change is on its way for the blink of an eye, least of
// all to who has the page read out.
const kStatusMs = 300;
let heard: Sync | null = null;
let telling: ReturnType<typeof setTimeout> | undefined;

function hearStatus(status: Sync): void {
  heard = status;
  const tell = () => {
    telling = undefined;
    if (heard) sync.value = heard;
  };
  const now = sync.peek();
  if (!now || now.connected !== status.connected || now.needs_update !== status.needs_update) {
    clearTimeout(telling);
    tell();
  } else {
    telling ??= setTimeout(() => soon(tell), kStatusMs);
  }
}

const askWhatNeedsUs = atMostEvery(kPaceMs, 5 * kPaceMs, fetchWhatNeedsUs);
const askChanged = atMostEvery(kRecordsMs, kRecordsMs, () => {
  const ids = [...changed];
  changed.clear();
  if (ids.length > 0) void want(ids);
});
const moveOn = atMostEvery(kBackMs, kBackMs, () => {
  moment.value = moment.peek() + 1;
});
const followWords = onceQuiet(kPauseMs, () => (typing() ? kWritingHereMs : kWritingMs), () => {
  const ids = [...written];
  written.clear();
  if (ids.length > 0) void want(ids);
  moveOn();
  askWhatNeedsUs();
});

// --- Events ----------------------------------------------------------------------------------------

export function onTextStep(hear: (step: any) => void): () => void {
  textListeners.add(hear);
  return () => textListeners.delete(hear);
}

function hear(name: string, data: any): void {
  if (data?.partnership !== seat.peek()?.id) return;
  if (name === "status") hearStatus(data);
  if (name === "text") for (const one of textListeners) one(data);
  if (name !== "changed") return;
  if (data.records) {
    const here = (id: string) => records.has(id) || kinds.size > 0;
    for (const id of data.records) if (here(id)) changed.add(id);
    for (const id of data.texts) if (here(id)) written.add(id);
    if (changed.size > 0) askChanged();
    if (data.texts.length > 0) {
      followWords();
      if (data.records.length === 0) return;
    }
  } else {
    loadAgain();
  }
  moveOn();
  askWhatNeedsUs();
}

function anew(): void {
  void refreshSeat();
  loadAgain();
  for (const one of textListeners) one(null);
  moveOn();
  askWhatNeedsUs();
}

export async function refreshSeat(): Promise<void> {
  const id = seat.peek()?.id;
  if (!id) return;
  const answer = await get<Seat>(`/partnerships/${id}`).catch(() => null);
  if (answer) batch(() => ((seat.value = answer), (sync.value = heard = answer.sync)));
}

// Takes what a page needs from the start; a Failure says that the program does not let us in.
export async function start(): Promise<void> {
  const { partnerships, opened } = await opening;
  if (!opened) throw new Failure(404, "nothing", null, "");
  seats.value = partnerships;
  enter(opened);
  listen(opened.event, {
    hear,
    anew,
    alive: (yes) => {
      if (yes && !alive.peek()) anew();
      alive.value = yes;
    },
  });
}

export async function choose(id: string): Promise<void> {
  const { opened } = await askToOpen(id);
  if (opened) enter(opened);
}

function enter(opened: Opened): void {
  localStorage.setItem(kSeatKey, opened.partnership.id);
  records.clear();
  kinds.clear();
  changed.clear();
  written.clear();
  batch(() => {
    seat.value = opened.partnership;
    sync.value = heard = opened.partnership.sync;
    needs.value = opened.needs;
    conflicts.value = opened.conflicts;
    for (const one of opened.records) slot(one.id).value = one;
  });
}

// --- Writing ---------------------------------------------------------------------------------------

export interface Deed {
  saved: Saved;
  what: string; // the key of a sentence that says what was done
}

export const lastDeed = signal<Deed | null>(null);
export const lastFailure = signal<Failure | null>(null);

// Writes; what came of it is in lastDeed or lastFailure, for the page to say. The answer is null when
// it failed.
export async function write(path: string, body: object, what: string): Promise<Saved | null> {
  try {
    const saved = await post<Saved>(at(path), body);
    lastFailure.value = null;
    if (saved.change !== null && saved.change !== undefined) lastDeed.value = { saved, what };
    return saved;
  } catch (failure) {
    lastFailure.value = failure as Failure;
    return null;
  }
}
