// What every page needs first: asked for by a small script, while the page itself is still being read.
import { get, setToken, takeToken } from "./api";
import type { Conflict, NeedsOfAKind, Seat } from "./types";

export const kSeatKey = "twinning.seat";

export interface Asked {
  seat: Seat;
  needs: Promise<NeedsOfAKind[] | null>;
  conflicts: Promise<Conflict[] | null>;
}

export interface Opening extends Asked {
  seats: { id: string; name: string; town: string }[];
}

export function askWhatNeeds(id: string): Pick<Asked, "needs" | "conflicts"> {
  return {
    needs: get<NeedsOfAKind[]>(`/partnerships/${id}/needs`).catch(() => null),
    conflicts: get<Conflict[]>(`/partnerships/${id}/conflicts`).catch(() => null),
  };
}

async function open(): Promise<Opening | null> {
  setToken(await takeToken());
  const seats = await get<Opening["seats"]>("/partnerships");
  const id = (seats.find((one) => one.id === localStorage.getItem(kSeatKey)) ?? seats[0])?.id;
  if (!id) return null;
  const asked = askWhatNeeds(id);
  return { seats, seat: await get<Seat>(`/partnerships/${id}`), ...asked };
}

// Null when there is no partnership here; fails as the program says when it lets nobody in.
export const opening = open();
opening.catch(() => {}); // told by who opens the page
