// A conflict in plain words: what, who, when, both versions, and the ways to settle it.
import { useState } from "preact/hooks";
import { fieldLabel, formatTime, formatValue, kindLabel, titleOf } from "../base/format";
import { recordLink } from "../base/route";
import { fieldOf, kindOf, record as find, write } from "../base/store";
import type { Candidate, Conflict, PlanRecord } from "../base/types";
import { languageInside, t } from "../base/words";
import { Chip, townClass, TownMark } from "./bits";
import { FieldInput, useFieldId } from "./fields";
import { Icon, kNeedIcons } from "./icons";
import { seat } from "../base/store";

function townId(name: string): string | undefined {
  return seat.value?.towns.find((one) => one.name === name)?.id;
}

export function Value({ conflict, one, value }: { conflict: Conflict; one: PlanRecord; value: unknown }) {
  if (conflict.kind === "passage") {
    return value ? <span lang={conflict.language ?? undefined}>{String(value)}</span> : <em>{t("taken_out")}</em>;
  }
  if (conflict.kind === "deletion") return <span>{value === "deleted" ? t("deleted_it") : t("edited_it")}</span>;
  const field = conflict.field ? fieldOf(one.kind, conflict.field) : undefined;
  if (!field) return null;
  const words = formatValue(field, value as never);
  return words ? <span>{words}</span> : <em>{t("nothing_there")}</em>;
}

export function subjectOf(conflict: Conflict, one: PlanRecord): string {
  const parts = {
    kind: kindLabel(one.kind),
    title: titleOf(one),
    field: conflict.field ? fieldLabel(one.kind, conflict.field) : "",
    language: conflict.language ? languageInside(conflict.language) : "",
  };
  return t(`conflict.${conflict.kind}`, parts);
}

function Version({ conflict, one, candidate, number }: {
  conflict: Conflict;
  one: PlanRecord;
  candidate: Candidate;
  number: number;
}) {
  const keep = () => void write(`/conflicts/${conflict.id}/settle`, { keep: number }, "did.settle");
  return (
    <li class={`version ${townClass(townId(candidate.town))}`}>
      <div class="who">
        <TownMark id={townId(candidate.town)} /> <span class="note">{candidate.author}, {formatTime(candidate.time)}</span>
        {candidate.shown && <Chip>{t("shown_now")}</Chip>}
      </div>
      <p class="value">
        <Value conflict={conflict} one={one} value={candidate.value} />
      </p>
      {!conflict.settled && (
        <button type="button" onClick={keep}>
          {conflict.kind === "deletion"
            ? candidate.value === "deleted"
              ? t("delete_it")
              : t("keep_it")
            : t("keep_this")}
        </button>
      )}
    </li>
  );
}

function Another({ conflict, one }: { conflict: Conflict; one: PlanRecord }) {
  const id = useFieldId("another");
  const [value, setValue] = useState<unknown>(conflict.kind === "passage" ? (conflict.candidates[0]?.value ?? "") : null);
  const field = conflict.field ? fieldOf(one.kind, conflict.field) : undefined;
  if (!field) return null;
  const settle = () => void write(`/conflicts/${conflict.id}/settle`, { value }, "did.settle");
  return (
    <div class="another">
      <label for={id}>{conflict.kind === "passage" ? t("write_passage") : t("write_another")}</label>
      {conflict.kind === "passage" ? (
        <textarea
          id={id}
          rows={4}
          lang={conflict.language ?? undefined}
          value={String(value ?? "")}
          onInput={(event) => setValue(event.currentTarget.value)}
        />
      ) : (
        <FieldInput id={id} kind={one.kind} field={{ ...field, rule: "register" }} value={value} save={setValue} live />
      )}
      <button type="button" class="primary" disabled={value === null || value === ""} onClick={settle}>
        {t("settle_so")}
      </button>
    </div>
  );
}

function Ending({ conflict, one }: { conflict: Conflict; one: PlanRecord }) {
  const settled = conflict.settled!;
  const parts = { who: settled.by ?? "", town: settled.town, time: formatTime(settled.time) };
  const key = settled.reopened ? "ended.reopened" : settled.diverged ? "ended.diverged" : settled.by ? "ended.by" : "ended.itself";
  return (
    <>
      <p>
        {t(key, parts)}
        {!settled.diverged && !settled.reopened && (
          <>
            {`${t("colon")} `}
            <strong>
              <Value conflict={conflict} one={one} value={settled.outcome} />
            </strong>
          </>
        )}
      </p>
      {!settled.reopened && (
        <div class="actions">
          <button type="button" onClick={() => void write(`/conflicts/${conflict.id}/reopen`, {}, "did.reopen")}>
            {t("reopen")}
          </button>
        </div>
      )}
    </>
  );
}

// `here`: it stands on its record's own page.
export function ConflictCard({ conflict, here }: { conflict: Conflict; here?: boolean }) {
  const [writing, setWriting] = useState(false);
  const one = find(conflict.record);
  if (!one) return null;
  const kind = kindOf(one.kind);
  const mayDiverge = kind?.writers === "owner_or_any" && !one.owner && conflict.kind !== "deletion";
  const subject = subjectOf(conflict, one);
  return (
    <article class="card conflict" aria-label={subject}>
      <h2>
        <Icon of={kNeedIcons.conflict} size={19} />
        {subject}
      </h2>
      {!here && (
        <p>
          <a href={recordLink(one.id)}>{t("open_it", { what: titleOf(one) })}</a>
        </p>
      )}
      <ul class="versions">
        {conflict.candidates.map((candidate, i) => (
          <Version conflict={conflict} one={one} candidate={candidate} number={i + 1} />
        ))}
      </ul>
      {conflict.settled ? (
        <Ending conflict={conflict} one={one} />
      ) : (
        <>
          <div class="actions">
            {conflict.kind !== "deletion" && (
              <button type="button" aria-expanded={writing} onClick={() => setWriting(!writing)}>
                {t("write_another")}
              </button>
            )}
            {mayDiverge && (
              <button
                type="button"
                onClick={() => void write(`/conflicts/${conflict.id}/settle`, { diverge: true }, "did.diverge")}
              >
                {t("let_diverge")}
              </button>
            )}
          </div>
          {writing && <Another conflict={conflict} one={one} />}
          {mayDiverge && <p class="hint">{t("diverge_means")}</p>}
        </>
      )}
    </article>
  );
}
