// The feed: who did what, and what is different, word by word.
import { fieldLabel, formatClock, formatRelativeDay, formatValue, formatWhen } from "../base/format";
import { recordLink } from "../base/route";
import { fieldOf, lastFailure, record as find, seat, write } from "../base/store";
import { isTold, nameOf, sentencesOf } from "../base/story";
import type { FieldChange, LogItem, RecordChange } from "../base/types";
import { languageInside, t } from "../base/words";
import { Pieces, TownMark } from "./bits";

function Change({ kind, change }: { kind: string | null; change: FieldChange }) {
  const field = kind && change.field ? fieldOf(kind, change.field) : undefined;
  if (!kind || !change.field || !field) return null;
  const label = fieldLabel(kind, change.field);
  if (change.pieces) {
    return (
      <li>
        <span class="label">
          {label} ({languageInside(change.language ?? "")}){t("colon")}
        </span>{" "}
        <Pieces pieces={change.pieces} lang={change.language} />
      </li>
    );
  }
  const words = (value: unknown) => formatValue(field, value);
  if (change.added_values || change.removed_values) {
    const pieces = [
      ...(change.removed_values ?? []).map((value) => ({ is: "removed" as const, text: words(value) })),
      ...(change.added_values ?? []).map((value) => ({ is: "added" as const, text: words(value) })),
    ];
    return (
      <li>
        <span class="label">{label}{t("colon")}</span> <Pieces pieces={pieces} />
      </li>
    );
  }
  const before = words(change.before_value);
  const after = words(change.after_value);
  return (
    <li>
      <span class="label">{label}{t("colon")}</span>{" "}
      {before && before !== after && <Pieces pieces={[{ is: "removed", text: before }]} />}{" "}
      {after ? <Pieces pieces={[{ is: "added", text: after }]} /> : <span class="note">{t("emptied")}</span>}
    </li>
  );
}

export function Changes({ changes }: { changes: RecordChange[] }) {
  return (
    <>
      {changes.map((one) => {
        const told = one.fields.filter((change) => isTold(one.kind, change.field));
        if (told.length === 0) return null;
        return (
          <ul class="changes">
            {told.map((change) => (
              <Change kind={one.kind} change={change} />
            ))}
          </ul>
        );
      })}
    </>
  );
}

// What a new record says is there for who wants to see it.
function Made({ changes }: { changes: RecordChange[] }) {
  const told = changes.filter((one) => one.kind !== "position" && one.kind !== "comment");
  const said = changes.filter((one) => !told.includes(one));
  return (
    <>
      <Changes changes={said} />
      {told.length > 0 && (
        <details class="made">
          <summary>{t("what_it_says")}</summary>
          <Changes changes={told} />
        </details>
      )}
    </>
  );
}

function byUs(item: LogItem): boolean {
  const own = seat.value?.members.find((one) => one.own);
  return own !== undefined && item.author === own.name && item.town === seat.value?.towns.find((one) => one.own)?.name;
}

function Links({ item, about }: { item: LogItem; about?: string }) {
  const ids = new Map(item.deeds.map((deed) => [deed.record, deed]));
  const shown = [...ids.values()].filter((deed) => deed.kind && deed.kind !== "position" && deed.record !== about).slice(0, 3);
  return (
    <>
      {shown.map((deed) => {
        const found = find(deed.record);
        if (!found || found.deleted) return null;
        return (
          <a href={recordLink(deed.record)}>
            {t("open")}
            <span class="hidden"> {nameOf(deed.kind, deed.title, deed.record)}</span>
          </a>
        );
      })}
    </>
  );
}

// Changes of one change set, the latest first, told as one. `dated`: under a heading that says the day;
// `about`: on that record's own page.
export function Group({ items, actions, dated, about }: {
  items: LogItem[];
  actions?: preact.ComponentChildren;
  dated?: boolean;
  about?: string;
}) {
  const latest = items[0]!;
  const town = seat.value?.towns.find((one) => one.name === latest.town);
  const sentences = [...new Set(items.flatMap(sentencesOf))];
  const mine = byUs(latest) && latest.change !== null;
  return (
    <li class="story">
      <div class="who">
        {latest.author ? (
          <>
            <strong>{latest.author}</strong> {town ? <TownMark id={town.id} /> : <span>{latest.town}</span>}
          </>
        ) : (
          <span>{t("the_server")}</span>
        )}
        <time dateTime={latest.time}>{dated ? formatClock(latest.time) : formatWhen(latest.time)}</time>
        {latest.sequence === null && <span class="chip plain">{t("not_sent_yet")}</span>}
      </div>
      {sentences.map((one) => (
        <p>{one}</p>
      ))}
      <Changes changes={merged(items).filter((one) => !one.made)} />
      <Made changes={merged(items).filter((one) => one.made)} />
      <div class="actions">
        <Links item={latest} about={about} />
        {mine && (
          <button
            type="button"
            class="link"
            onClick={() => {
              lastFailure.value = null;
              void write("/undo", { change: latest.change, whole: true }, "did.undo");
            }}
          >
            {t("take_back")}
          </button>
        )}
        {actions}
      </div>
    </li>
  );
}

// Typing in bursts touches one text many times: only the last few are shown.
const kMostChanges = 8;
function merged(items: LogItem[]): RecordChange[] {
  return items.flatMap((item) => item.changes).slice(0, kMostChanges);
}

export function grouped(items: LogItem[]): LogItem[][] {
  const groups: LogItem[][] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (last && item.change_set && last[0]!.change_set === item.change_set && last[0]!.author === item.author) {
      last.push(item);
    } else {
      groups.push([item]);
    }
  }
  return groups;
}

// By day, with a heading for each.
export function Feed({ items }: { items: LogItem[] }) {
  const days: [string, LogItem[][]][] = [];
  for (const group of grouped(items)) {
    const day = formatRelativeDay(group[0]!.time);
    if (days.at(-1)?.[0] === day) days.at(-1)![1].push(group);
    else days.push([day, [group]]);
  }
  return (
    <>
      {days.map(([day, groups]) => (
        <section aria-label={day}>
          <h2 class="day-head">{day}</h2>
          <ul class="stories">
            {groups.map((group) => (
              <Group items={group} dated />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
