// The feed as the program answers it, a page at a time: the latest anew whenever something happens.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../base/api";
import { at, moment } from "../../base/store";
import type { LogItem } from "../../base/types";

interface LogAnswer {
  items: LogItem[];
  more: boolean;
  read: number;
  head: number;
}

// What is asked for; undefined: whatever it is.
export interface Wanted {
  town?: string;
  since?: number;
  until?: number;
}

const kPage = 60;
const kAgainMs = 400;

// While a long history is being read, `reading` is below 100.
export function percentRead(answer: { read: number; head: number } | null): number {
  return answer && answer.read < answer.head ? Math.floor((answer.read / answer.head) * 100) : 100;
}

function unique(items: LogItem[]): LogItem[] {
  const seen = new Set<number>();
  return items.filter((one) => one.sequence === null || (!seen.has(one.sequence) && seen.add(one.sequence)));
}

export function useLog(wanted: Wanted): { items: LogItem[] | null; more: boolean; next: () => void; reading: number } {
  const [pages, setPages] = useState<LogItem[][]>([]);
  const [answer, setAnswer] = useState<LogAnswer | null>(null);
  const now = moment.value;
  const key = JSON.stringify(wanted);
  useEffect(() => {
    setPages([]);
    setAnswer(null);
  }, [key]);
  useEffect(() => {
    let over = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const latest = await get<LogAnswer>(at("/log"), { ...wanted, limit: kPage }).catch(() => null);
      if (over) return;
      if (latest) {
        setAnswer((held) => ({ ...latest, more: held && held.items.length > 0 ? held.more : latest.more }));
        setPages((held) => [latest.items, ...held.slice(1)]);
      }
      if (!latest || latest.read < latest.head) again = setTimeout(() => void ask(), kAgainMs);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(again);
    };
  }, [now, key]);
  const next = async () => {
    const oldest = pages.flat().reduce<number>((least, one) => (one.sequence && one.sequence < least ? one.sequence : least), Infinity);
    const older = await get<LogAnswer>(at("/log"), { ...wanted, limit: kPage, before: oldest }).catch(() => null);
    if (!older) return;
    setPages((held) => [...held, older.items]);
    setAnswer((held) => (held ? { ...held, more: older.more } : older));
  };
  return {
    items: answer ? unique(pages.flat()) : null,
    more: answer?.more ?? false,
    next: () => void next(),
    reading: percentRead(answer),
  };
}
