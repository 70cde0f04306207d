// What the other towns changed since this member last looked, word by word. Each is accepted or asked
// about, by button or by one key: then it leaves the list.
import { useEffect, useRef, useState } from "preact/hooks";
import { get, post } from "../../base/api";
import { shortcuts } from "../../base/settings";
import { at, moment, record as find, seat, town, whatComesFirst, write } from "../../base/store";
import type { LogItem, PlanRecord } from "../../base/types";
import { language, t } from "../../base/words";
import { Empty, Loading } from "../../parts/bits";
import { useFieldId } from "../../parts/fields";
import { typing } from "../../parts/Help";
import { Icon } from "../../parts/icons";
import { Group, grouped } from "../../parts/Story";

const kMostStories = 6;
const kMostAsked = 60;

function useNews(): LogItem[] | null {
  const [items, setItems] = useState<LogItem[] | null>(null);
  const now = moment.value;
  const { seen, accepted } = seat.value!;
  useEffect(() => {
    let over = false;
    void whatComesFirst()
      .then(() => get<{ items: LogItem[] }>(at("/log"), { others: 1, after: seen, limit: kMostAsked }))
      .then(
        (answer) => over || setItems(answer.items),
        () => {},
      );
    return () => {
      over = true;
    };
  }, [now, seen]);
  return items?.filter((one) => one.sequence !== null && !accepted.includes(one.sequence)) ?? null;
}

async function see(body: { sequence?: number; accepted?: number[] }): Promise<void> {
  const answer = await post<{ seen: number; accepted: number[] }>(at("/seen"), body).catch(() => null);
  if (answer) seat.value = { ...seat.value!, ...answer };
}

function subjectOf(group: LogItem[]): PlanRecord | null {
  const about = group.flatMap((item) => item.deeds).find((deed) => deed.kind && deed.kind !== "position");
  const one = find(about?.record);
  return one?.kind === "comment" ? (find(one.fields.about as string) ?? null) : (one ?? null);
}

// Fine with us: a position on the words before is one on these words.
async function accept(group: LogItem[]): Promise<void> {
  for (const id of new Set(group.flatMap((item) => item.deeds.map((deed) => deed.record)))) {
    const own = find(id)?.standing?.positions.find((one) => one.town === town.value?.id);
    if (own?.stance && !own.current) await write(`/records/${id}/position`, { stance: own.stance }, "did.position");
  }
  await see({ accepted: group.map((item) => item.sequence!) });
}

function Question({ about, done }: { about: PlanRecord; done: () => void }) {
  const id = useFieldId("question");
  const [typed, setTyped] = useState("");
  const say = async () => {
    const fields = { about: about.id, language: language.value, body: { [language.value]: typed.trim() } };
    if (await write("/records", { kind: "comment", fields }, "did.comment")) done();
  };
  useEffect(() => document.getElementById(id)?.focus(), [id]);
  return (
    <form
      class="question"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim()) void say();
      }}
    >
      <label for={id}>{t("your_question")}</label>
      <textarea id={id} rows={2} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      <button type="submit" class="primary" disabled={typed.trim() === ""}>
        {t("comment")}
      </button>
    </form>
  );
}

function News({ group, first }: { group: LogItem[]; first: boolean }) {
  const [asking, setAsking] = useState(false);
  const about = subjectOf(group);
  const key = (letter: string) => first && shortcuts.value && <kbd aria-hidden="true">{letter}</kbd>;
  return (
    <Group
      items={group}
      actions={
        <>
          <button type="button" class="small" data-key="a" aria-keyshortcuts={first ? "a" : undefined} onClick={() => void accept(group)}>
            <Icon name="check" size={15} />
            {t("accept")} {key("a")}
          </button>
          {about && (
            <button type="button" class="small" data-key="q" aria-keyshortcuts={first ? "q" : undefined} aria-expanded={asking} onClick={() => setAsking(!asking)}>
              <Icon name="ask" size={15} />
              {t("ask")} {key("q")}
            </button>
          )}
          {asking && about && <Question about={about} done={() => void see({ accepted: group.map((item) => item.sequence!) })} />}
        </>
      }
    />
  );
}

// "a" and "q" answer the story that has the focus, otherwise the first one.
function useKeys(list: { current: HTMLUListElement | null }): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (!shortcuts.value || typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key !== "a" && event.key !== "q") return;
      const story = document.activeElement?.closest(".story") ?? list.current?.querySelector(".story");
      const button = story?.querySelector<HTMLElement>(`[data-key="${event.key}"]`);
      if (!button) return;
      event.preventDefault();
      button.click();
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, []);
}

export function Away() {
  const list = useRef<HTMLUListElement>(null);
  const items = useNews();
  useKeys(list);
  if (!items) return <Loading />;
  if (items.length === 0) return <Empty text={t("nothing_while_away")} />;
  const groups = grouped(items);
  const latest = Math.max(...items.map((one) => one.sequence!));
  return (
    <div class="card list">
      <ul class="stories" ref={list}>
        {groups.slice(0, kMostStories).map((group, i) => (
          <News key={group[0]!.sequence} group={group} first={i === 0} />
        ))}
      </ul>
      <div class="actions list-end">
        <button type="button" onClick={() => void see({ sequence: latest })}>
          {t("all_seen")}
        </button>
        {groups.length > kMostStories && <a href="#/history">{t("more_in_history")}</a>}
      </div>
    </div>
  );
}
