// Everything about one record: its fields, edited in place; where the towns stand; comments; history.
import { useEffect, useState } from "preact/hooks";
import { get } from "../base/api";
import { fieldLabel, kindLabel, titleOf } from "../base/format";
import { newLink, recordLink } from "../base/route";
import { at, conflicts, kindOf, moment, record as find, recordsOf, town, write } from "../base/store";
import type { Field, LogItem, PlanRecord } from "../base/types";
import { t } from "../base/words";
import { Chip, Loading, PageTitle, TownMark } from "../parts/bits";
import { Crumbs } from "../parts/Crumbs";
import { Comments } from "../parts/Comments";
import { ConflictCard } from "../parts/ConflictCard";
import { Agreement, Positions } from "../parts/Consent";
import { FieldRow } from "../parts/FieldRow";
import { askedOf, isShown } from "../parts/schema";
import { Group, grouped } from "../parts/Story";
import { TextField } from "../parts/TextField";

// Where the words are what matters most.
const kWordsFirst = new Set(["objective", "method", "outcome", "charter", "notice", "comment"]);

function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== "";
}

// What a kind is mostly about, and whatever says something; the rest is one step away. Which is which
// is found once, so that nothing moves under the hands of who fills it in.
function Details({ one, fields }: { one: PlanRecord; fields: Field[] }) {
  const asked = kindOf(one.kind) ? new Set(askedOf(kindOf(one.kind)!).map((field) => field.name)) : new Set<string>();
  const [first] = useState(() => new Set(fields.filter((field) => asked.has(field.name) || isFilled(one.fields[field.name])).map((field) => field.name)));
  const rows = (some: Field[]) => some.map((field) => <FieldRow key={field.name} one={one} field={field} />);
  const more = fields.filter((field) => !first.has(field.name));
  return (
    <section class="card" aria-label={t("details")}>
      <h2>{t("details")}</h2>
      {rows(fields.filter((field) => first.has(field.name)))}
      {more.length > 0 && one.writable && (
        <details>
          <summary>{t("more_fields", { what: more.map((field) => fieldLabel(one.kind, field.name)).join(", ") })}</summary>
          {rows(more)}
        </details>
      )}
    </section>
  );
}

function RecordHistory({ one }: { one: PlanRecord }) {
  const [items, setItems] = useState<LogItem[] | null>(null);
  const now = moment.value;
  useEffect(() => {
    let over = false;
    void get<{ items: LogItem[] }>(at("/log"), { record: one.id, limit: 30 }).then(
      (answer) => over || setItems(answer.items),
      () => {},
    );
    return () => {
      over = true;
    };
  }, [one.id, now]);
  return (
    <section class="card" aria-label={t("page.history")}>
      <h2>{t("page.history")}</h2>
      <p>
        <a href={`#/history?record=${one.id}`}>{t("see_as_it_was")}</a>
      </p>
      {items ? (
        <ul class="stories">
          {grouped(items).map((group) => (
            <Group items={group} about={one.id} />
          ))}
        </ul>
      ) : (
        <Loading />
      )}
    </section>
  );
}

function Branches({ one }: { one: PlanRecord }) {
  if (one.branches.length > 0) {
    return (
      <section class="card" aria-label={t("each_its_own")}>
        <h2>{t("each_its_own")}</h2>
        <ul class="plain">
          {one.branches.map((branch) => (
            <li>
              <TownMark id={branch.town} />: <a href={recordLink(branch.id)}>{titleOf(find(branch.id) ?? one)}</a>
            </li>
          ))}
        </ul>
      </section>
    );
  }
  if (!one.branch_of) return null;
  const origin = find(one.branch_of);
  const twins = origin?.branches.filter((branch) => branch.id !== one.id) ?? [];
  return (
    <section class="card" aria-label={t("counterparts")}>
      <h2>{t("counterparts")}</h2>
      <ul class="plain">
        {twins.map((branch) => (
          <li>
            <TownMark id={branch.town} />: <a href={recordLink(branch.id)}>{titleOf(find(branch.id) ?? one)}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function positionIds(one: PlanRecord): Map<string, string> {
  const positions = one.standing ? (recordsOf("position") ?? []) : [];
  return new Map(positions.filter((other) => other.fields.about === one.id).map((other) => [other.fields.town as string, other.id]));
}

function Status({ one }: { one: PlanRecord }) {
  return (
    <p class="chips">
      <Chip>{kindLabel(one.kind)}</Chip>
      {one.owner ? <TownMark id={one.owner} /> : kindOf(one.kind)?.writers === "owner_or_any" && <TownMark id={null} />}
      {one.deleted && <Chip tone="bad">{t("deleted")}</Chip>}
      {one.signed && <Chip tone="good">{t("signed")}</Chip>}
      {!one.writable && !one.deleted && <span class="note">{t("read_only", { town: "" })}</span>}
    </p>
  );
}

function Actions({ one }: { one: PlanRecord }) {
  if (one.deleted) {
    return (
      <button type="button" onClick={() => void write(`/records/${one.id}/restore`, {}, "did.restore")}>
        {t("restore")}
      </button>
    );
  }
  if (one.signed) return <a class="button" href={newLink("charter", { amends: one.id })}>{t("propose_amendment")}</a>;
  if (!one.writable || one.kind === "town" || one.kind === "partnership") return null;
  return (
    <button type="button" class="danger" onClick={() => void write(`/records/${one.id}/delete`, {}, "did.delete")}>
      {t("delete")}
    </button>
  );
}

export function RecordPage({ id }: { id: string }) {
  const one = find(id);
  if (one === undefined) return <Loading />;
  if (one === null) return <p>{t("no_such_record")}</p>;
  const kind = kindOf(one.kind);
  const fields = kind?.fields.filter(isShown) ?? [];
  const own = conflicts.value?.filter((other) => other.record === one.id) ?? [];
  const taken = ["town", "partnership", "person", "comment"].includes(one.kind);
  const details = <Details key={`${one.id}-details`} one={one} fields={fields.filter((field) => field.rule !== "text")} />;
  const texts = fields
    .filter((field) => field.rule === "text")
    .map((field) => (
      <section class="card" key={`${one.id}-${field.name}`} aria-label={fieldLabel(one.kind, field.name)}>
        <TextField one={one} field={field} />
      </section>
    ));
  return (
    <>
      <Crumbs kind={one.kind} />
      <PageTitle title={titleOf(one)}>
        <Actions one={one} />
      </PageTitle>
      <Status one={one} />
      {own.map((conflict) => (
        <ConflictCard key={conflict.id} conflict={conflict} here />
      ))}
      <div class="record">
        <div class="record-main">
          {kWordsFirst.has(one.kind) ? [texts, details] : [details, texts]}
        </div>
        <div class="record-side">
          <Branches one={one} />
          <Agreement one={one} />
          <Positions one={one} ids={positionIds(one)} />
          {!taken && town.value && <Comments about={one} />}
          <RecordHistory one={one} />
        </div>
      </div>
    </>
  );
}
