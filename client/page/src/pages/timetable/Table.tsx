// The timetable as a table; deadlines and windows can be changed in it.
import { useState } from "preact/hooks";
import { formatDay, formatWindow, titleOf } from "../../base/format";
import { recordLink } from "../../base/route";
import { write } from "../../base/store";
import { t } from "../../base/words";
import { Chip, Scroll, TownMark } from "../../parts/bits";
import { DateInput, useFieldId } from "../../parts/fields";
import type { Entry } from "./entries";

function Deadline({ entry }: { entry: Entry }) {
  const [open, setOpen] = useState(false);
  const id = useFieldId("deadline");
  const words = entry.deadline ? formatDay(entry.deadline) : "";
  if (!entry.one.writable) return <>{words}</>;
  if (!open) {
    return (
      <>
        {words}{" "}
        <button type="button" class="link" onClick={() => setOpen(true)}>
          {entry.deadline ? t("change") : t("set_one")}
          <span class="hidden"> ({t("change_deadline", { what: entry.title })})</span>
        </button>
      </>
    );
  }
  const save = (deadline: string | null) => {
    setOpen(false);
    void write(`/records/${entry.one.id}`, { fields: { deadline } }, "did.set");
  };
  return <DateInput id={id} label={t("change_deadline", { what: entry.title })} value={entry.deadline} save={save} />;
}

export function Remarks({ entry }: { entry: Entry }) {
  return (
    <span class="chips">
      {entry.late && <Chip tone="bad">{t("late")}</Chip>}
      {entry.nobody && <Chip tone="warn">{t("nobody")}</Chip>}
      {entry.clashes.length > 0 && (
        <Chip tone="warn">{t("clashes_with", { what: entry.clashes.map(titleOf).join(", ") })}</Chip>
      )}
      {entry.one.conflicts.length > 0 && <Chip tone="bad">{t("open_conflict")}</Chip>}
      {entry.one.agreement?.agreed && <Chip tone="good">{t("agreed")}</Chip>}
    </span>
  );
}

export function ActivityTable({ entries }: { entries: Entry[] }) {
  return (
    <Scroll label={t("page.timetable")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("activity")}</th>
            <th scope="col">{t("when")}</th>
            <th scope="col">{t("deadline")}</th>
            <th scope="col">{t("town")}</th>
            <th scope="col">{t("remarks")}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.one.id}>
              <th scope="row">
                <a href={recordLink(entry.one.id)}>{entry.title}</a>
              </th>
              <td>{entry.from ? formatWindow({ from: entry.from, to: entry.to ?? undefined }) : ""}</td>
              <td>
                <Deadline entry={entry} />
              </td>
              <td>
                <TownMark id={entry.one.owner ?? entry.one.fields.lead} />
              </td>
              <td>
                <Remarks entry={entry} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
