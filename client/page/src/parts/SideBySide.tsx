// One text in every language of the partnership beside each other, each open to be written; a text that
// was not confirmed to say the same as another is marked.
import { useState } from "preact/hooks";
import type { Failure } from "../base/api";
import { fieldLabel } from "../base/format";
import { recordsOf, write } from "../base/store";
import type { Field, PlanRecord } from "../base/types";
import { kLanguages, languageName, t } from "../base/words";
import { TextEditor } from "../editor/TextEditor";
import type { RoomState } from "../editor/room";
import { Chip } from "./bits";
import { useFieldId } from "./fields";
import { StateLine } from "./TextField";

// What the record is written in, and what its towns speak.
export function languagesOf(one: PlanRecord, fields: Field[]): string[] {
  const towns = (one.fields.towns as string[] | undefined) ?? [];
  const spoken = (recordsOf("town") ?? [])
    .filter((town) => towns.length === 0 || towns.includes(town.id))
    .flatMap((town) => (town.fields.languages as string[] | undefined) ?? []);
  const written = fields.flatMap((field) => Object.keys((one.fields[field.name] as object | undefined) ?? {}));
  return [...new Set([...spoken, ...written])].sort();
}

function Column({ one, field, tag }: { one: PlanRecord; field: Field; tag: string }) {
  const id = useFieldId(`${field.name}-${tag}`);
  const [state, setState] = useState<RoomState | null>(null);
  const [failure, setFailure] = useState<Failure | undefined>();
  const stale = one.stale.some((pair) => pair.field === field.name && pair.language === tag);
  const readOnly = !one.writable || one.signed;
  const text = (one.fields[field.name] as Record<string, string> | undefined)?.[tag];
  return (
    <section class="reading" aria-labelledby={id}>
      <div class="text-head">
        <h4 id={id}>
          <span class="hidden">{fieldLabel(one.kind, field.name)}{t("colon")} </span>
          <span lang={tag}>{languageName(tag, tag)}</span>
        </h4>
        {stale && <Chip tone="warn">{t("not_confirmed_same")}</Chip>}
        <StateLine state={state} failure={failure} />
      </div>
      {readOnly ? (
        <p class="wording" lang={tag}>{text ?? ""}</p>
      ) : (
        <TextEditor
          record={one.id}
          field={field.name}
          language={tag}
          label={id}
          onState={(next, why) => {
            setState(next);
            setFailure(why);
          }}
        />
      )}
    </section>
  );
}

export function SideBySide({ one, field, languages }: { one: PlanRecord; field: Field; languages: string[] }) {
  const texts = (one.fields[field.name] ?? {}) as Record<string, string>;
  if (one.signed && Object.keys(texts).length === 0) return null;
  const stale = one.stale.some((pair) => pair.field === field.name);
  return (
    <section class="side-text" aria-label={fieldLabel(one.kind, field.name)}>
      <h3>{fieldLabel(one.kind, field.name)}</h3>
      <div class="languages">
        {languages.map((tag) => (
          <Column key={tag} one={one} field={field} tag={tag} />
        ))}
      </div>
      {stale && one.writable && !one.signed && (
        <p class="hint chips">
          {t("stale_text")}
          <button type="button" onClick={() => void write(`/records/${one.id}/confirm`, { field: field.name }, "did.confirm")}>
            {t("confirm_same")}
          </button>
        </p>
      )}
    </section>
  );
}

// Another language for all the texts at once.
export function MoreLanguages({ shown, add }: { shown: string[]; add: (tag: string) => void }) {
  const more = kLanguages.filter((tag) => !shown.includes(tag));
  if (more.length === 0) return null;
  return (
    <select
      aria-label={t("another_language")}
      value=""
      onChange={(event) => event.currentTarget.value && add(event.currentTarget.value)}
    >
      <option value="">{t("another_language")}</option>
      {more.map((tag) => (
        <option value={tag}>{languageName(tag)}</option>
      ))}
    </select>
  );
}
