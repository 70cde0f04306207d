// Small pieces that every page uses.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatValue, titleOf, titleOfId, valueLabel } from "../base/format";
import { newLink, recordLink } from "../base/route";
import { record, seat, townName } from "../base/store";
import type { Piece, PlanRecord, Stance } from "../base/types";
import { t } from "../base/words";

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
      {children}
    </div>
  );
}

export function AddLink({ kind, fields, label }: { kind: string; fields?: Record<string, string>; label: string }) {
  return (
    <a class="button" href={newLink(kind, fields)}>
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

export function TownMark({ id, name }: { id: string | null | undefined; name?: boolean }) {
  const at = townIndex(id);
  const label = id ? townName(id) : t("shared");
  return (
    <span class={`town town-${at < 0 ? "shared" : at % 5}`}>
      <span class="dot" aria-hidden="true" />
      {name === false ? <span class="hidden">{label}</span> : label}
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

export function textOf(one: PlanRecord, field: string, language: string): { text: string; lang: string } | null {
  const texts = one.fields[field] as Record<string, string> | undefined;
  if (!texts) return null;
  const lang = texts[language] ? language : Object.keys(texts)[0];
  return lang ? { text: texts[lang]!, lang } : null;
}

export function Bar({ value, of, label }: { value: number; of: number; label: string }) {
  const share = of > 0 ? Math.max(0, Math.min(1, value / of)) : 0;
  return (
    <span class="bar" role="img" aria-label={label}>
      <span style={{ width: `${Math.round(share * 100)}%` }} />
    </span>
  );
}

export { formatValue };
