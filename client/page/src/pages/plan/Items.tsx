// One column of the plan: what it says, edited and put in order where it stands.
import { useEffect, useRef, useState } from "preact/hooks";
import { titleOf } from "../../base/format";
import { between } from "../../base/order";
import { recordLink } from "../../base/route";
import { fieldOf, write } from "../../base/store";
import type { PlanRecord } from "../../base/types";
import { language, t } from "../../base/words";
import { Chip, Standing, textOf } from "../../parts/bits";
import { FieldRow } from "../../parts/FieldRow";
import { Icon } from "../../parts/icons";
import { TextField } from "../../parts/TextField";

export function inOrder(list: PlanRecord[]): PlanRecord[] {
  const key = (one: PlanRecord) => (one.fields.order as string | undefined) ?? "~";
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : titleOf(a).localeCompare(titleOf(b))));
}

// One place up or down among `list`: its order becomes one between its new neighbours'.
function move(list: PlanRecord[], at: number, by: -1 | 1): void {
  const rest = list.filter((_, i) => i !== at);
  const to = at + by;
  const order = between(rest[to - 1]?.fields.order ?? "", rest[to]?.fields.order ?? "");
  void write(`/records/${list[at]!.id}`, { fields: { order } }, "did.move");
}

// Title and statement, to be written where they stand.
function InPlace({ one, done }: { one: PlanRecord; done: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("input")?.focus(), []);
  const remove = () => void write(`/records/${one.id}/delete`, {}, "did.delete");
  return (
    <div class="in-place-form" role="group" aria-label={t("edit_it", { what: titleOf(one) })} ref={box}>
      <FieldRow one={one} field={fieldOf(one.kind, "title")!} />
      <TextField one={one} field={fieldOf(one.kind, "statement")!} heading={false} />
      <div class="actions">
        <button type="button" class="primary" onClick={done}>{t("done")}</button>
        <button type="button" class="danger" onClick={remove}>{t("delete")}</button>
        <a href={recordLink(one.id)}>{t("everything_about_it")}</a>
      </div>
    </div>
  );
}

function Movers({ list, at, title }: { list: PlanRecord[]; at: number; title: string }) {
  return (
    <>
      <button type="button" class="plain" disabled={at === 0} aria-label={t("move_up", { what: title })} onClick={() => move(list, at, -1)}>
        <Icon name="up" size={16} />
      </button>
      <button type="button" class="plain" disabled={at === list.length - 1} aria-label={t("move_down", { what: title })} onClick={() => move(list, at, 1)}>
        <Icon name="down" size={16} />
      </button>
    </>
  );
}

function Item({ one, list, at }: { one: PlanRecord; list: PlanRecord[]; at: number }) {
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const statement = textOf(one, "statement", language.value);
  const title = titleOf(one);
  const done = () => {
    setEditing(false);
    pencil.current?.focus();
  };
  return (
    <li class="item">
      <div class="item-main">
        <h4>
          <a href={recordLink(one.id)}>{title}</a>{" "}
          {one.standing && !one.standing.in_the_plan && <Chip tone="warn">{t("not_yet_agreed")}</Chip>}
        </h4>
        {editing ? (
          <InPlace one={one} done={done} />
        ) : (
          statement && statement.text !== title && <p lang={statement.lang}>{statement.text}</p>
        )}
        <Standing one={one} compact />
      </div>
      {one.writable && (
        <div class="movers">
          <button
            type="button"
            class="plain"
            ref={pencil}
            aria-expanded={editing}
            aria-label={t("edit_it", { what: title })}
            onClick={() => (editing ? done() : setEditing(true))}
          >
            <Icon name="edit" size={16} />
          </button>
          {list.length > 1 && <Movers list={list} at={at} title={title} />}
        </div>
      )}
    </li>
  );
}

export function Items({ list, empty }: { list: PlanRecord[]; empty: string }) {
  if (list.length === 0) return <p class="note">{empty}</p>;
  return (
    <ul class="items">
      {list.map((one, i) => (
        <Item key={one.id} one={one} list={list} at={i} />
      ))}
    </ul>
  );
}
