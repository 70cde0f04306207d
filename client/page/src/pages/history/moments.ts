// Moments of the plan's life: entries of its history, with the time of each.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../base/api";
import { startOfDay } from "../../base/days";
import { at, moment } from "../../base/store";
import { percentRead } from "./log";

export interface Moment {
  sequence: number;
  time: string;
}

interface Answer {
  moments: Moment[];
  read: number;
  head: number;
}

const kMost = 400; // steps of a slider
const kAgainMs = 400;

// Moments spread over the whole life, the first and the last among them; null while the history is
// being read.
export function useMoments(): { moments: Moment[] | null; reading: number } {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const now = moment.value;
  useEffect(() => {
    let over = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const latest = await get<Answer>(at("/moments"), { most: kMost }).catch(() => null);
      if (over) return;
      if (latest) setAnswer(latest);
      if (percentRead(latest) < 100 || !latest) again = setTimeout(() => void ask(), kAgainMs);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(again);
    };
  }, [now]);
  const reading = percentRead(answer);
  return { moments: answer && reading === 100 ? answer.moments : null, reading };
}

async function one(query: Record<string, number>): Promise<Moment | null> {
  const answer = await get<Answer>(at("/moments"), query).catch(() => null);
  return answer?.moments[0] ?? null;
}

// So many changes later or (below 0) earlier.
export function stepFrom(from: Moment, by: number): Promise<Moment | null> {
  return one({ sequence: from.sequence + by });
}

// How the plan was in the evening of a day.
export function endOf(day: string): Promise<Moment | null> {
  return one({ before: startOfDay(day, 1) });
}
