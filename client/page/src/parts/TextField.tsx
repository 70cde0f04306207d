// A text field of a record: a tab for each language it is written in, one editor, and whether what was
// typed is safe.
import { useState } from "preact/hooks";
import type { Failure } from "../base/api";
import { fieldLabel } from "../base/format";
import { record as find, town, write } from "../base/store";
import type { Field, PlanRecord } from "../base/types";
import { kLanguages, language, languageName, named, t } from "../base/words";
import { TextEditor } from "../editor/TextEditor";
import type { RoomState } from "../editor/room";
import { useFieldId } from "./fields";

export function townLanguages(): string[] {
  return (find(town.value?.id)?.fields.languages as string[] | undefined) ?? [];
}

export function reasonWords(failure: Failure | undefined): string {
  if (!failure) return "";
  return named(`reason.${(failure.reason ?? "").toLowerCase()}`, named(`failure.${failure.code}`, t("failure.internal")));
}

export function StateLine({ state, failure }: { state: RoomState | null; failure?: Failure }) {
  if (!state) return null;
  const text = state === "refused" ? t("text_refused", { why: reasonWords(failure) }) : t(`text_${state}`);
  return <span class={`text-state ${state}`}>{text}</span>;
}

// `heading` false: inside something that has headings of its own.
export function TextField({ one, field, heading = true }: { one: PlanRecord; field: Field; heading?: boolean }) {
  const Name = heading ? "h2" : "span";
  const id = useFieldId(field.name);
  const texts = (one.fields[field.name] ?? {}) as Record<string, string>;
  const [added, setAdded] = useState<string[]>([]);
  const written = [...new Set([...Object.keys(texts), ...added])].sort();
  const first = townLanguages().find((tag) => written.includes(tag)) ?? (written.includes(language.value) ? language.value : written[0]);
  const start = first ?? townLanguages()[0] ?? language.value;
  const [chosen, setChosen] = useState<string | null>(null);
  const [state, setState] = useState<RoomState | null>(null);
  const [failure, setFailure] = useState<Failure | undefined>();
  const shown = chosen ?? start;
  const tabs = written.includes(shown) ? written : [...written, shown].sort();
  const more = [...new Set([...townLanguages(), ...kLanguages])].filter((tag) => !tabs.includes(tag));
  const readOnly = !one.writable || one.signed;
  const stale = one.stale.filter((pair) => pair.field === field.name);
  const show = (tag: string) => {
    setState(null);
    setChosen(tag);
  };
  return (
    <div class="text-field">
      <div class="text-head">
        <Name id={id}>{fieldLabel(one.kind, field.name)}</Name>
        <div class="tabs" role="group" aria-label={t("languages_of", { what: fieldLabel(one.kind, field.name) })}>
          {tabs.map((tag) => (
            <button type="button" aria-pressed={tag === shown} onClick={() => show(tag)}>
              {languageName(tag)}
              {stale.some((pair) => pair.language === tag) && <span class="mark"> {t("stale_mark")}</span>}
            </button>
          ))}
          {!readOnly && more.length > 0 && (
            <select
              aria-label={t("write_in_language", { what: fieldLabel(one.kind, field.name) })}
              value=""
              onChange={(event) => {
                const tag = event.currentTarget.value;
                if (!tag) return;
                setAdded([...added, tag]);
                show(tag);
              }}
            >
              <option value="">{t("another_language")}</option>
              {more.map((tag) => (
                <option value={tag}>{languageName(tag)}</option>
              ))}
            </select>
          )}
        </div>
        <StateLine state={state} failure={failure} />
      </div>
      <TextEditor
        key={shown}
        record={one.id}
        field={field.name}
        language={shown}
        label={id}
        readOnly={readOnly}
        onState={(next, why) => {
          setState(next);
          setFailure(why);
        }}
      />
      {stale.length > 0 && one.writable && (
        <p class="hint">
          {t("stale_text")}{" "}
          <button type="button" onClick={() => void write(`/records/${one.id}/confirm`, { field: field.name }, "did.confirm")}>
            {t("confirm_same")}
          </button>
        </p>
      )}
    </div>
  );
}
