// What happened: a feed by day; the plan at any moment; what is different between two.
import { useEffect, useState } from "preact/hooks";
import { get } from "../base/api";
import { formatTime, kindPlural, titleOf } from "../base/format";
import { place } from "../base/route";
import { at, moment, seat, sync, write } from "../base/store";
import { deedSentences, nameOf } from "../base/story";
import type { LogItem, PlanRecord, RecordChange } from "../base/types";
import { named, t } from "../base/words";
import { Empty, Loading, PageTitle, Section } from "../parts/bits";
import { Changes, Feed } from "../parts/Story";

interface LogAnswer {
  items: LogItem[];
  more: boolean;
  read: number;
  head: number;
}

const kPage = 60;

function useLog(): { items: LogItem[] | null; more: boolean; next: () => void; reading: number } {
  const [pages, setPages] = useState<LogItem[][]>([]);
  const [answer, setAnswer] = useState<LogAnswer | null>(null);
  const now = moment.value;
  useEffect(() => {
    let over = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const latest = await get<LogAnswer>(at("/log"), { limit: kPage }).catch(() => null);
      if (over) return;
      if (latest) {
        setAnswer((held) => ({ ...latest, more: held && held.items.length > 0 ? held.more : latest.more }));
        setPages((held) => [latest.items, ...held.slice(1)]);
      }
      if (!latest || latest.read < latest.head) again = setTimeout(() => void ask(), 400);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(again);
    };
  }, [now]);
  const next = async () => {
    const oldest = pages.flat().reduce<number>((least, one) => (one.sequence && one.sequence < least ? one.sequence : least), Infinity);
    const older = await get<LogAnswer>(at("/log"), { limit: kPage, before: oldest }).catch(() => null);
    if (!older) return;
    setPages((held) => [...held, older.items]);
    setAnswer((held) => (held ? { ...held, more: older.more } : older));
  };
  const seen = new Set<number>();
  const items = pages.flat().filter((one) => one.sequence === null || (!seen.has(one.sequence) && seen.add(one.sequence)));
  return {
    items: answer ? items : null,
    more: answer?.more ?? false,
    next: () => void next(),
    reading: answer && answer.read < answer.head ? Math.round((answer.read / answer.head) * 100) : 100,
  };
}

function Refused() {
  const [list, setList] = useState<any[]>([]);
  const now = sync.value?.refused;
  useEffect(() => {
    void get<any[]>(at("/refused")).then(setList, () => {});
  }, [now]);
  if (list.length === 0) return null;
  return (
    <Section title={t("refused_title")} note={t("refused_note")}>
      <ul class="stories">
        {list.map((one) => (
          <li class="story">
            <p>{t("refused_on", { time: formatTime(one.time) })}</p>
            {deedSentences(one.deeds).map((sentence) => (
              <p>{sentence}</p>
            ))}
            <p class="note">{named(`reason.${one.code}`, t("failure.refused"))}</p>
            <div class="actions">
              <button type="button" onClick={() => void write(`/refused/${one.change}/retry`, {}, "did.retry")}>{t("say_again")}</button>
              <button type="button" class="danger" onClick={() => void write(`/refused/${one.change}/discard`, {}, "did.discard")}>{t("throw_away")}</button>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

// The plan as it was after an entry; and what has changed since, up to another.
function Moments({ items }: { items: LogItem[] }) {
  const last = sync.value?.sequence ?? 1;
  const [when, setWhen] = useState(last);
  const [until, setUntil] = useState<number | null>(null);
  const [then, setThen] = useState<PlanRecord[] | null>(null);
  const [changes, setChanges] = useState<RecordChange[] | null>(null);
  const chosen = Math.min(when, last);
  useEffect(() => {
    let over = false;
    setThen(null);
    setChanges(null);
    const wait = setTimeout(() => {
      void get<PlanRecord[]>(at("/at"), { sequence: chosen, kind: "activity" }).then((answer) => over || setThen(answer), () => {});
      void get<RecordChange[]>(at("/compare"), { from: chosen, to: until ?? undefined }).then((answer) => over || setChanges(answer), () => {});
    }, 200);
    return () => {
      over = true;
      clearTimeout(wait);
    };
  }, [chosen, until]);
  const time = items.find((one) => one.sequence !== null && one.sequence <= chosen)?.time;
  return (
    <Section title={t("any_moment")} note={t("any_moment_note")}>
      <div class="slider">
        <label for="moment">{t("moment_from")}</label>
        <input id="moment" type="range" min={1} max={last} value={chosen} aria-valuetext={time ? formatTime(time) : t("step_number", { number: chosen })}
          onInput={(event) => setWhen(Number(event.currentTarget.value))} />
        <output for="moment">{time ? formatTime(time) : t("step_number", { number: chosen })}</output>
        <label for="until">{t("moment_to")}</label>
        <input id="until" type="range" min={chosen} max={last} value={until ?? last}
          aria-valuetext={until === null || until >= last ? t("now") : t("step_number", { number: until })}
          onInput={(event) => setUntil(Number(event.currentTarget.value) >= last ? null : Number(event.currentTarget.value))} />
        <output for="until">{until === null ? t("now") : t("step_number", { number: until })}</output>
      </div>
      <div class="columns">
        <div>
          <h3>{t("activities_then")}</h3>
          {then ? (
            <ul class="plain dense">
              {then.map((one) => <li>{titleOf(one)}</li>)}
              {then.length === 0 && <li class="note">{t("none_yet")}</li>}
            </ul>
          ) : <Loading />}
        </div>
        <div>
          <h3>{t("changed_since")}</h3>
          {changes ? (
            <ul class="stories">
              {changes.slice(0, 30).map((one) => (
                <li class="story">
                  <p>{nameOf(one.kind, one.title, one.record)}</p>
                  <Changes changes={[one]} />
                </li>
              ))}
              {changes.length === 0 && <li class="note">{t("nothing_changed")}</li>}
            </ul>
          ) : <Loading />}
        </div>
      </div>
    </Section>
  );
}

function asDay(text: string): string {
  return new Date(text).toDateString();
}

export function HistoryPage() {
  const { items, more, next, reading } = useLog();
  const [who, setWho] = useState("");
  const [only, setOnly] = useState(place.value.query.get("day") ?? "");
  const [moments, setMoments] = useState(false);
  const yesterday = new Date(Date.now() - 86_400_000).toDateString();
  const shown = items?.filter(
    (one) => (!who || one.town === who) && (only !== "yesterday" || asDay(one.time) === yesterday),
  );
  return (
    <>
      <PageTitle title={t("page.history")} lead={t("history_lead")}>
        <button type="button" aria-expanded={moments} onClick={() => setMoments(!moments)}>{t("any_moment")}</button>
      </PageTitle>
      <Refused />
      {moments && items && <Moments items={items} />}
      <div class="toolbar">
        <label for="who">{t("who_changed")}</label>
        <select id="who" value={who} onChange={(event) => setWho(event.currentTarget.value)}>
          <option value="">{t("everybody")}</option>
          {seat.value!.towns.map((one) => <option value={one.name}>{one.name}</option>)}
        </select>
        <label for="which-day">{t("when")}</label>
        <select id="which-day" value={only} onChange={(event) => setOnly(event.currentTarget.value)}>
          <option value="">{t("any_day")}</option>
          <option value="yesterday">{t("yesterday")}</option>
        </select>
      </div>
      {reading < 100 && <p role="status">{t("reading_history", { percent: reading })}</p>}
      {!shown ? <Loading /> : shown.length === 0 ? <Empty text={t("nothing_then")} /> : <Feed items={shown} />}
      {more && <button type="button" onClick={next}>{t("older")}</button>}
      <span class="hidden">{kindPlural("activity")}</span>
    </>
  );
}
