// Small pieces that every page uses.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatValue, titleOf, titleOfId, valueLabel } from "../base/format";
import { newLink, recordLink } from "../base/route";
import { record, seat, shortTownName, townName } from "../base/store";
import type { Piece, PlanRecord, Stance } from "../base/types";
import { language, t } from "../base/words";
import { Icon } from "./icons";

type Children = { children?: ComponentChildren };

// The heading of a page takes the focus when the page is gone to, so that a screen reader says where
// we are and Tab goes on from there.
export function PageTitle({ title, children, lead }: { title: string; lead?: string } & Children) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${seat.value?.partnership ?? "Twinning"}`;
  }, [title]);
  return (
    <header class="page-title">
      <div>
        <h1 ref={heading} tabIndex={-1} id="page-heading">
          {title}
        </h1>
        {lead && <p class="lead">{lead}</p>}
      </div>
      <div class="actions">{children}</div>
    </header>
  );
}

export function Section({ title, note, children, actions, id }: {
  title: string;
  note?: string;
  actions?: ComponentChildren;
  id?: string;
} & Children) {
  return (
    <section class="section" aria-label={title} id={id}>
      <div class="section-head">
        <h2>{title}</h2>
        {note && <span class="note">{note}</span>}
        {actions && <div class="actions">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

export function Empty({ text, children }: { text: string } & Children) {
  return (
    <div class="empty">
      <p>{text}</p>
      {children && <div class="actions">{children}</div>}
    </div>
  );
}

export function AddLink({ kind, fields, label, quiet }: {
  kind: string;
  fields?: Record<string, string>;
  label: string;
  quiet?: boolean;
}) {
  return (
    <a class={quiet ? "button" : "button primary"} href={newLink(kind, fields)}>
      <Icon name="add" />
      {label}
    </a>
  );
}

// What may be wider than the window scrolls by itself, by keyboard too.
export function Scroll({ label, children }: { label: string } & Children) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}

export function Loading() {
  return <p class="loading">{t("loading")}</p>;
}

// Which of the towns' colours: by the order in which they joined.
export function townIndex(id: string | null | undefined): number {
  return seat.value?.towns.findIndex((one) => one.id === id) ?? -1;
}

// A class that brings a town's colours; what is shared has its own.
export function townClass(id: string | null | undefined): string {
  const at = townIndex(id);
  return `town-${at < 0 ? "shared" : at % 5}`;
}

// Colour and shape tell the towns apart; `name` false: the name is only for screen readers.
export function TownMark({ id, name, full }: { id: string | null | undefined; name?: boolean; full?: boolean }) {
  const label = id ? townName(id) : t("shared");
  const shown = id && !full ? shortTownName(id) : label;
  return (
    <span class={`town ${townClass(id)}`} title={shown === label && name !== false ? undefined : label}>
      <span class="dot" aria-hidden="true" />
      {name === false ? <span class="hidden">{label}</span> : shown}
    </span>
  );
}

export function Chip({ tone, children }: { tone?: "good" | "warn" | "bad" | "plain" } & Children) {
  return <span class={`chip ${tone ?? "plain"}`}>{children}</span>;
}

const kStanceTone = { supports: "good", reservation: "warn", objects: "bad", undecided: "plain" } as const;

export function StanceChip({ stance, current }: { stance: Stance | null; current: boolean }) {
  if (!stance) return <Chip>{t("no_position")}</Chip>;
  return (
    <>
      <Chip tone={current ? kStanceTone[stance] : "plain"}>{valueLabel(stance)}</Chip>
      {!current && <span class="note"> {t("earlier_words")}</span>}
    </>
  );
}

// Every town's position on one line; one remark when nobody has said anything yet.
export function Standing({ one, compact }: { one: PlanRecord; compact?: boolean }) {
  const positions = one.standing?.positions ?? [];
  if (positions.length === 0) return null;
  if (positions.every((position) => !position.stance)) return <p class="note standing">{t("no_positions_yet")}</p>;
  return (
    <ul class="standing">
      {positions.map((position) => (
        <li>
          <TownMark id={position.town} name={!compact} /> <StanceChip stance={position.stance} current={position.current} />
        </li>
      ))}
    </ul>
  );
}

export function RecordLink({ id, one }: { id?: string; one?: PlanRecord }) {
  const found = one ?? record(id);
  if (!found) return <span>{titleOfId(id)}</span>;
  return <a href={recordLink(found.id)}>{titleOf(found)}</a>;
}

// Word differences: colour, sign and words for screen readers.
export function Pieces({ pieces, lang }: { pieces: Piece[]; lang?: string }) {
  return (
    <span class="pieces" lang={lang}>
      {pieces.map((piece) => {
        if (piece.is === "same") return <span>{piece.text}</span>;
        const Tag = piece.is === "removed" ? "del" : "ins";
        return (
          <Tag>
            <span class="hidden">{piece.is === "removed" ? t("removed_words") : t("added_words")} </span>
            {piece.text}
          </Tag>
        );
      })}
    </span>
  );
}

export function textOf(one: PlanRecord, field: string, wanted: string): { text: string; lang: string } | null {
  const texts = one.fields[field] as Record<string, string> | undefined;
  if (!texts) return null;
  const lang = texts[wanted] ? wanted : Object.keys(texts)[0];
  return lang ? { text: texts[lang]!, lang } : null;
}

// The beginning of a text, in a language the reader knows if there is one.
export function Excerpt({ one, field }: { one: PlanRecord; field: string }) {
  const found = textOf(one, field, language.value);
  if (!found?.text) return null;
  return (
    <p class="excerpt" lang={found.lang}>
      {found.text.slice(0, 280)}
    </p>
  );
}

export function Bar({ value, of, label, tone }: { value: number; of: number; label: string; tone?: "good" | "warn" | "bad" }) {
  const share = of > 0 ? Math.max(0, Math.min(1, value / of)) : 0;
  return (
    <span class={`bar ${tone ?? ""}`} role="img" aria-label={label}>
      <span style={{ width: `${Math.round(share * 100)}%` }} />
    </span>
  );
}

export { formatValue };
