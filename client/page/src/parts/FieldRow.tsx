// One field of a record with its label, written in place.
import { Component } from "preact";
import { useState } from "preact/hooks";
import { fieldLabel, formatValue } from "../base/format";
import { conflicts, want, write } from "../base/store";
import type { Field, PlanRecord, Value } from "../base/types";
import { t } from "../base/words";
import { FieldInput, useFieldId } from "./fields";

interface Props {
  one: PlanRecord;
  field: Field;
}

function Row({ one, field }: Props) {
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

// A record that changes elsewhere, while somebody writes a text of it, leaves its other rows as they are.
function isSame(before: Props, after: Props): boolean {
  const [a, b] = [before.one, after.one];
  if (before.field !== after.field || a.id !== b.id || a.writable !== b.writable || a.signed !== b.signed) return false;
  return JSON.stringify(a.fields[before.field.name]) === JSON.stringify(b.fields[after.field.name]);
}

export class FieldRow extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return !isSame(this.props, next);
  }
  override render({ one, field }: Props) {
    return <Row one={one} field={field} />;
  }
}
