// What every page needs first: asked for by a small script, in one question, while the page itself is still
// being read.
import { get, setToken, takeToken } from "./api";
import type { Opened, SeatName } from "./types";

export const kSeatKey = "twinning.seat";

export interface Opening {
  partnerships: SeatName[];
  opened: Opened | null; // of the one that was asked for or the first; null when there is none here
}

export function askToOpen(id: string | null): Promise<Opening> {
  return get<Opening>("/opening", { partnership: id ?? undefined });
}

async function open(): Promise<Opening> {
  setToken(await takeToken());
  return askToOpen(localStorage.getItem(kSeatKey));
}

// Fails as the program says when it lets nobody in.
export const opening = open();
opening.catch(() => {}); // told by who opens the page
