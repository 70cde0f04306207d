// One field of a record with its label, written in place.
import { useState } from "preact/hooks";
import { fieldLabel, formatValue } from "../base/format";
import { conflicts, write } from "../base/store";
import type { Field, PlanRecord } from "../base/types";
import { t } from "../base/words";
import { FieldInput, useFieldId } from "./fields";

export function FieldRow({ one, field }: { one: PlanRecord; field: Field }) {
  const id = useFieldId(field.name);
  const [saving, setSaving] = useState<{ on: PlanRecord; value: unknown } | null>(null);
  // What was given shows at once; it counts until the record is heard of again.
  const value = saving?.on === one ? saving.value : one.fields[field.name];
  const disputed = conflicts.value?.some((other) => other.record === one.id && other.field === field.name) ?? false;
  const readOnly = !one.writable || disputed || (one.signed && field.terms);
  const save = async (next: unknown) => {
    if (field.rule !== "set" && field.rule !== "counter") setSaving({ on: one, value: next });
    if (!(await write(`/records/${one.id}`, { fields: { [field.name]: next } }, "did.set"))) setSaving(null);
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
