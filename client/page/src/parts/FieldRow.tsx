// One field of a record with its label, written in place.
import { useState } from "preact/hooks";
import { fieldLabel, formatValue } from "../base/format";
import { conflicts, want, write } from "../base/store";
import type { Field, PlanRecord, Value } from "../base/types";
import { t } from "../base/words";
import { FieldInput, useFieldId } from "./fields";

export function FieldRow({ one, field }: { one: PlanRecord; field: Field }) {
  const id = useFieldId(field.name);
  const [saving, setSaving] = useState<{ value: Value } | null>(null);
  // What was given shows at once, until the record has been read after it was saved.
  const value = saving ? saving.value : one.fields[field.name];
  const disputed = conflicts.value?.some((other) => other.record === one.id && other.field === field.name) ?? false;
  const readOnly = !one.writable || disputed || (one.signed && field.terms);
  const save = async (next: Value) => {
    const mine = { value: next };
    if (field.rule !== "set" && field.rule !== "counter") setSaving(mine);
    if (await write(`/records/${one.id}`, { fields: { [field.name]: next } }, "did.set")) await want([one.id]);
    setSaving((held) => (held === mine ? null : held));
  };
  const label = fieldLabel(one.kind, field.name);
  if (readOnly && (value === undefined || value === null)) return null;
  return (
    <div class="row">
      {readOnly ? <span class="label">{label}</span> : <label for={id}>{label}</label>}
      <div class="value">
        {readOnly ? (
          <span>{formatValue(field, value)}</span>
        ) : (
          <FieldInput id={id} kind={one.kind} field={field} value={value} save={(next) => void save(next)} />
        )}
        {disputed && <span class="note"> {t("settle_first")}</span>}
      </div>
    </div>
  );
}
