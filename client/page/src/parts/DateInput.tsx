// A date, shown with the name of its month in the page's language and typed as people write dates; the
// arrow keys move it by a day, PageUp and PageDown by a month; a calendar beside it for who rather looks.
import { useEffect, useRef, useState } from "preact/hooks";
import { addMonths, readDay, weeksOf } from "../base/days";
import { addDays, formatDay, formatMediumDay, formatMonth, formatWeekday } from "../base/format";
import { seat } from "../base/store";
import { t } from "../base/words";
import { Icon } from "./icons";

export interface DateInputProps {
  id: string;
  value: string | null | undefined;
  save: (value: string | null) => void;
  label?: string;
  live?: boolean; // tells every change at once: in a form with a button of its own
  describedBy?: string;
  near?: string | null; // where the calendar opens while there is no date
}

const kSteps: Record<string, (day: string) => string> = {
  ArrowUp: (day) => addDays(day, 1),
  ArrowDown: (day) => addDays(day, -1),
  PageUp: (day) => addMonths(day, 1),
  PageDown: (day) => addMonths(day, -1),
};

export function DateInput({ id, value, save, label, live, describedBy, near }: DateInputProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const field = useRef<HTMLSpanElement>(null);
  const start = value || near || seat.value!.today;
  const read = typed === null || typed.trim() === "" ? null : readDay(typed, start);
  const wrong = typed !== null && typed.trim() !== "" && read === null;
  const settle = () => {
    if (typed === null || wrong) return;
    setTyped(null);
    if (read !== (value ?? null)) save(read);
  };
  const pick = (day: string | null) => {
    setOpen(false);
    setTyped(null);
    field.current?.querySelector("input")?.focus();
    if (day !== null && day !== value) save(day);
  };
  const key = (event: KeyboardEvent) => {
    const step = kSteps[event.key];
    if (event.key === "ArrowDown" && event.altKey) setOpen(true);
    else if (step) setTyped(formatDay(step(read ?? start)));
    else if (event.key === "Enter" && !live) settle();
    else if (event.key === "Escape" && typed !== null) setTyped(null);
    else return;
    if (event.key !== "Enter") event.preventDefault();
  };
  return (
    <span class="date" ref={field}>
      <span class="with-button">
        <input
          id={id}
          aria-label={label}
          aria-describedby={wrong ? `${id}-wrong` : describedBy}
          aria-invalid={wrong}
          autocomplete="off"
          placeholder={t("date_example", { day: formatMediumDay(start) })}
          value={typed ?? (value ? formatDay(value) : "")}
          onInput={(event) => {
            const next = event.currentTarget.value;
            setTyped(next);
            const day = readDay(next, start);
            if (live && (day || next.trim() === "")) save(day);
          }}
          onFocus={(event) => event.currentTarget.select()}
          onBlur={settle}
          onKeyDown={key}
        />
        <button type="button" class="plain" tabIndex={-1} aria-label={t("open_calendar")} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name="calendar" />
        </button>
      </span>
      {wrong && (
        <span class="error" id={`${id}-wrong`}>
          {t("no_such_date", { day: formatDay(start) })}
        </span>
      )}
      {open && <Picker day={read ?? value ?? start} pick={pick} />}
    </span>
  );
}

const kMoves: Record<string, (day: string) => string> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
  Home: (day) => `${day.slice(0, 7)}-01`,
  End: (day) => addDays(`${addMonths(day, 1).slice(0, 7)}-01`, -1),
};

// A month to pick a day from (the grid of the ARIA authoring practices' date picker).
function Picker({ day, pick }: { day: string; pick: (day: string | null) => void }) {
  const [at, setAt] = useState(day);
  const [byKey, setByKey] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const weeks = weeksOf(at);
  useEffect(() => {
    if (byKey) box.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [at]);
  const turn = (by: number) => {
    setByKey(false);
    setAt(addMonths(at, by));
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape") return event.stopPropagation(), pick(null);
    const move = kMoves[event.key];
    if (!move || !(event.target as HTMLElement).closest("table")) return;
    event.preventDefault();
    setByKey(true);
    setAt(move(at));
  };
  const leave = (event: FocusEvent) => {
    if (!box.current?.contains(event.relatedTarget as Node | null)) pick(null);
  };
  return (
    <div class="picker" role="dialog" aria-label={t("choose_day")} ref={box} onKeyDown={key} onFocusOut={leave}>
      <div class="picker-head">
        <button type="button" class="plain" aria-label={t("earlier")} onClick={() => turn(-1)}>
          <Icon name="back" />
        </button>
        <strong aria-live="polite">{formatMonth(at)}</strong>
        <button type="button" class="plain" aria-label={t("later")} onClick={() => turn(1)}>
          <Icon name="next" />
        </button>
      </div>
      <table role="grid" aria-label={formatMonth(at)}>
        <thead>
          <tr>
            {weeks[0]!.map((one) => (
              <th scope="col" abbr={formatWeekday(one, "long")}>{formatWeekday(one).slice(0, 2)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr>
              {week.map((one) => (
                <td aria-selected={one === day}>
                  <button
                    type="button"
                    class={`${one.slice(0, 7) === at.slice(0, 7) ? "" : "other"} ${one === seat.value!.today ? "is-today" : ""}`}
                    tabIndex={one === at ? 0 : -1}
                    aria-label={formatDay(one)}
                    aria-pressed={one === day}
                    onClick={() => pick(one)}
                  >
                    {Number(one.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
