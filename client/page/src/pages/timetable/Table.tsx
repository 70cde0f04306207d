// The timetable as a table; deadlines and windows can be changed in it.
import { useState } from "preact/hooks";
import { fieldLabel, formatDay, formatWindow, titleOf, titleOfId } from "../../base/format";
import { recordLink } from "../../base/route";
import { conflicts, fieldOf, write } from "../../base/store";
import { t } from "../../base/words";
import { Chip, TownMark } from "../../parts/bits";
import { FieldInput, useFieldId } from "../../parts/fields";
import { Table } from "../../parts/Table";
import type { Entry } from "./entries";

// The words of a date, with a button that makes them a field.
function Changeable({ entry, field }: { entry: Entry; field: "window" | "deadline" }) {
  const [open, setOpen] = useState(false);
  const id = useFieldId(field);
  const value = entry.one.fields[field];
  const words = !value ? "" : field === "window" ? formatWindow(value) : formatDay(value);
  const disputed = conflicts.value?.some((one) => one.record === entry.one.id && one.field === field);
  if (!entry.one.writable || disputed) return <>{words}</>;
  const label = t(field === "window" ? "change_window" : "change_deadline", { what: entry.title });
  if (!open) {
    return (
      <button type="button" class="in-place" onClick={() => setOpen(true)}>
        {words || <span class="note">{t("set_one")}</span>}
        <span class="hidden"> ({label})</span>
      </button>
    );
  }
  const save = (next: unknown) => void write(`/records/${entry.one.id}`, { fields: { [field]: next } }, "did.set");
  const leave = (event: FocusEvent) => {
    const box = event.currentTarget as HTMLElement;
    if (event.relatedTarget && !box.contains(event.relatedTarget as Node)) setOpen(false);
  };
  return (
    <div onFocusOut={leave} ref={focusFirst}>
      <FieldInput id={id} kind="activity" field={fieldOf("activity", field)!} value={value} save={save} label={label} />
    </div>
  );
}

function focusFirst(box: HTMLElement | null): void {
  if (box && !box.contains(document.activeElement)) box.querySelector("input")?.focus();
}

export function Remarks({ entry }: { entry: Entry }) {
  return (
    <span class="chips">
      {entry.late && <Chip tone="bad">{t("late")}</Chip>}
      {entry.nobody && <Chip tone="warn">{t("nobody")}</Chip>}
      {entry.clashes.length > 0 && (
        <Chip tone="warn">{t("clashes_with", { what: entry.clashes.map(titleOf).join(", ") })}</Chip>
      )}
      {entry.tooEarly.length > 0 && (
        <Chip tone="warn">{t("before_end_of", { what: entry.tooEarly.map(titleOf).join(", ") })}</Chip>
      )}
      {entry.one.conflicts.length > 0 && <Chip tone="bad">{t("open_conflict")}</Chip>}
      {entry.one.agreement?.agreed && <Chip tone="good">{t("agreed")}</Chip>}
    </span>
  );
}

export function ActivityTable({ entries }: { entries: Entry[] }) {
  return (
    <Table
      label={t("page.timetable")}
      columns={[t("activity"), t("when"), t("deadline"), fieldLabel("activity", "depends_on"), t("town"), t("remarks")]}
    >
      {entries.map((entry) => (
        <tr key={entry.one.id}>
          <th scope="row">
            <a href={recordLink(entry.one.id)}>{entry.title}</a>
          </th>
          <td>
            <Changeable entry={entry} field="window" />
          </td>
          <td>
            <Changeable entry={entry} field="deadline" />
          </td>
          <td>{entry.after.map(titleOfId).join(", ")}</td>
          <td>
            <TownMark id={entry.town} />
          </td>
          <td>
            <Remarks entry={entry} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
