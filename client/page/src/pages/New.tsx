// A new record: what its kind needs, and the rest if one likes; one change.
import { useState } from "preact/hooks";
import { fieldLabel, kindLabel, titleOfId } from "../base/format";
import { go, place } from "../base/route";
import { fieldOf, kindOf, lastFailure, town, write } from "../base/store";
import type { Field, Kind } from "../base/types";
import { language, languageName, t } from "../base/words";
import { PageTitle } from "../parts/bits";
import { FieldInput, useFieldId } from "../parts/fields";
import { townLanguages } from "../parts/TextField";
import { askedOf, isShown } from "../parts/schema";

function TextArea({ id, value, save, lang }: { id: string; value: string; save: (value: string) => void; lang: string }) {
  return (
    <>
      <textarea id={id} rows={4} lang={lang} value={value} onInput={(event) => save(event.currentTarget.value)} />
      <span class="note">{languageName(lang)}</span>
    </>
  );
}

function NewField({ kind, field, value, save, missing, lang }: {
  kind: Kind;
  field: Field;
  value: any;
  save: (value: any) => void;
  missing: boolean;
  lang: string;
}) {
  const id = useFieldId(field.name);
  const hint = `${id}-hint`;
  return (
    <div class="row">
      <label for={id}>
        {fieldLabel(kind.name, field.name)}
        {field.required && <span class="note"> {t("needed")}</span>}
      </label>
      <div class="value">
        {field.rule === "text" ? (
          <TextArea id={id} lang={lang} value={value?.[lang] ?? ""} save={(text) => save(text ? { [lang]: text } : null)} />
        ) : (
          <FieldInput id={id} kind={kind.name} field={field} value={value} save={save} live describedBy={missing ? hint : undefined} />
        )}
        {missing && (
          <p id={hint} class="error">
            {t("fill_in", { what: fieldLabel(kind.name, field.name) })}
          </p>
        )}
      </div>
    </div>
  );
}

export function NewPage({ name }: { name: string }) {
  const kind = kindOf(name);
  const given = Object.fromEntries(place.value.query);
  const [fields, setFields] = useState<Record<string, any>>(() => startOf(kind, given));
  const [tried, setTried] = useState(false);
  if (!kind) return <p>{t("no_such_record")}</p>;
  const asked = askedOf(kind);
  const isMissing = (field: Field) => field.required && isShown(field) && isNone(fields[field.name]) && !ownedByUs(kind, field);
  const create = async () => {
    setTried(true);
    const missing = kind.fields.find(isMissing);
    if (missing) return document.querySelector<HTMLElement>(`[id$="-${missing.name}"]`)?.focus();
    const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => !isNone(value)));
    const saved = await write("/records", { kind: name, fields: filled }, "did.create");
    if (saved?.id) go(`/record/${saved.id}`);
  };
  const lang = townLanguages()[0] ?? language.value;
  return (
    <>
      <PageTitle title={t("new_record", { kind: kindLabel(name) })} lead={given.about ? titleOfId(given.about) : undefined} />
      <form
        class="card form"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        {asked.map((field) => (
          <NewField
            key={field.name}
            kind={kind}
            field={field}
            lang={lang}
            value={fields[field.name]}
            missing={tried && isMissing(field)}
            save={(value) => {
              lastFailure.value = null;
              setFields((now) => ({ ...now, [field.name]: value }));
            }}
          />
        ))}
        <p class="hint">{t("more_later")}</p>
        <div class="actions">
          <button type="submit" class="primary">
            {t("create")}
          </button>
          <button type="button" onClick={() => history.back()}>
            {t("cancel")}
          </button>
        </div>
      </form>
    </>
  );
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

// The owner of what only its own town writes follows by itself.
function ownedByUs(kind: Kind, field: Field): boolean {
  return field.owner && kind.writers === "own_town";
}

function startOf(kind: Kind | undefined, given: Record<string, string>): Record<string, any> {
  const fields: Record<string, any> = {};
  for (const [name, value] of Object.entries(given)) {
    const field = kind ? fieldOf(kind.name, name) : undefined;
    if (field?.message === "Window") fields[name] = { from: value, to: value };
    else if (field) fields[name] = field.rule === "set" ? [value] : field.type === "reference" && value === "own" ? town.value?.id : value;
  }
  if (kind) {
    const owner = kind.fields.find((field) => ownedByUs(kind, field));
    if (owner) fields[owner.name] = town.value?.id;
  }
  return fields;
}
