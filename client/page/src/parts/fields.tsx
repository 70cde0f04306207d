// One input for each type that a field may have, driven by the schema. A value is given to `save` when
// the person is done with the field, not at every keystroke.
import { useId, useState } from "preact/hooks";
import { addDays, daysBetween, fieldLabel, formatValue, valueLabel } from "../base/format";
import { recordsOf, seat } from "../base/store";
import type { Field, Value } from "../base/types";
import { kLanguages, languageName, t } from "../base/words";
import { DateInput } from "./DateInput";
import { Icon } from "./icons";
import { targetsOf } from "./targets";

export interface InputProps {
  kind: string;
  field: Field;
  value: Value;
  save: (value: Value) => void;
  id: string;
  describedBy?: string;
  live?: boolean; // tells every change at once: in a form with a button of its own
  label?: string; // where no label stands beside it
}

const kSuggestions: Record<string, string[]> = {
  function: [
    "coordination", "strategy", "public relations", "finance", "funding", "travel", "membership", "youth",
    "accommodation",
  ],
};

function TextInput({ value, save, id, describedBy, field, live, type }: InputProps & { type?: string }) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (value === undefined || value === null ? "" : String(value));
  const list = kSuggestions[field.name] ? `${id}-list` : undefined;
  const done = () => {
    if (typed !== null && typed !== String(value ?? "")) save(typed === "" ? null : typed);
    setTyped(null);
  };
  return (
    <>
      <input
        id={id}
        type={type ?? (field.name === "email" ? "email" : "text")}
        value={shown}
        aria-describedby={describedBy}
        aria-required={field.required}
        autocomplete="off"
        {...(list ? { list } : {})}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          if (live) save(event.currentTarget.value);
        }}
        onBlur={live ? undefined : done}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !live) done();
          if (event.key === "Escape") setTyped(null);
        }}
      />
      {list && (
        <datalist id={list}>
          {kSuggestions[field.name]!.map((one) => (
            <option value={one} />
          ))}
        </datalist>
      )}
    </>
  );
}

function NumberInput(props: InputProps) {
  return <TextInput {...props} type="number" save={(value) => props.save(value === null ? null : Number(value))} />;
}

function WindowInput({ id, kind, field, value, save, live, label }: InputProps) {
  const [held, setHeld] = useState<{ from?: string; to?: string } | null>(null);
  const shown = held ?? value ?? {};
  const change = (part: "from" | "to", day: string | null) => {
    const next = { ...shown, [part]: day ?? undefined };
    // A beginning behind the end takes the end along.
    if (part === "from" && day && (!next.to || next.to < day)) {
      next.to = shown.from && shown.to ? addDays(day, daysBetween(shown.from, shown.to)) : day;
    }
    const whole = next.from || next.to ? next : null;
    if (live) setHeld(next);
    save(whole);
  };
  const name = label ?? fieldLabel(kind, field.name);
  return (
    <span class="pair" role="group" aria-label={name}>
      <DateInput id={id} live={live} value={shown.from} near={shown.to} label={`${name}${t("colon")} ${t("from")}`} save={(day) => change("from", day)} />
      <span aria-hidden="true">–</span>
      <DateInput id={`${id}-to`} live={live} value={shown.to} near={shown.from} label={`${name}${t("colon")} ${t("to")}`} save={(day) => change("to", day)} />
    </span>
  );
}

function MoneyInput({ id, kind, field, value, save, live }: InputProps) {
  const own = recordsOf("town")?.find((one) => one.id === seat.value?.town)?.fields.currency ?? "EUR";
  const [held, setHeld] = useState<{ amount: string; currency: string } | null>(null);
  const shown = held ?? value ?? { amount: "", currency: own };
  const done = () => {
    const amount = shown.amount.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
    const next = amount === "" ? null : { amount, currency: shown.currency };
    if (JSON.stringify(next) !== JSON.stringify(value ?? null)) save(next);
    if (!live) setHeld(null);
  };
  const name = fieldLabel(kind, field.name);
  const currencies = [...new Set([shown.currency, own, "EUR", "GBP", "CHF", "PLN", "SEK", "DKK", "CZK", "HUF"])];
  return (
    <span class="pair" role="group" aria-label={name} onFocusOut={(event) => event.currentTarget.contains(event.relatedTarget as Node | null) || done()}>
      <input
        id={id}
        inputmode="decimal"
        autocomplete="off"
        aria-label={`${name}${t("colon")} ${t("amount")}`}
        value={shown.amount}
        onInput={(event) => setHeld({ ...shown, amount: event.currentTarget.value })}
        onKeyDown={(event) => event.key === "Enter" && done()}
      />
      <select
        aria-label={`${name}${t("colon")} ${t("currency")}`}
        value={shown.currency}
        onChange={(event) => setHeld({ ...shown, currency: event.currentTarget.value })}
      >
        {currencies.map((one) => (
          <option value={one}>{one}</option>
        ))}
      </select>
    </span>
  );
}

function WhenInput({ id, kind, field, value, save, live }: InputProps) {
  const zone = recordsOf("town")?.find((one) => one.id === seat.value?.town)?.fields.time_zone ?? "Europe/London";
  const [held, setHeld] = useState<any>(null);
  const shown = held ?? value ?? { date: "", time: "", zone };
  const change = (part: string, to: string | null) => {
    const next = { ...shown, [part]: to ?? "" };
    setHeld(next);
    if (!next.date) return save(null);
    save({ ...next, time: next.time || "10:00" });
    if (!live) setHeld(null);
  };
  const name = fieldLabel(kind, field.name);
  return (
    <span class="pair" role="group" aria-label={name}>
      <DateInput id={id} live={live} value={shown.date} label={`${name}${t("colon")} ${t("day")}`} save={(day) => change("date", day)} />
      <input
        type="time"
        aria-label={`${name}${t("colon")} ${t("time")}`}
        value={shown.time}
        onChange={(event) => change("time", event.currentTarget.value)}
      />
      <span class="note">{shown.zone}</span>
    </span>
  );
}

function ColourInput({ id, value, save, describedBy }: InputProps) {
  return (
    <input
      id={id}
      type="color"
      value={/^#[0-9a-f]{6}$/i.test(value ?? "") ? value : "#5a636b"}
      aria-describedby={describedBy}
      onChange={(event) => save(event.currentTarget.value)}
    />
  );
}

function EnumInput({ id, field, value, save, describedBy }: InputProps) {
  return (
    <select
      id={id}
      value={value ?? ""}
      aria-describedby={describedBy}
      onChange={(event) => save(event.currentTarget.value || null)}
    >
      <option value="">{t("not_said")}</option>
      {field.values.map((one) => (
        <option value={one}>{valueLabel(one)}</option>
      ))}
    </select>
  );
}

function BooleanInput({ id, value, save, describedBy }: InputProps) {
  return (
    <input
      id={id}
      type="checkbox"
      checked={value === true}
      aria-describedby={describedBy}
      onChange={(event) => save(event.currentTarget.checked)}
    />
  );
}

function ReferenceInput({ id, field, value, save, describedBy }: InputProps) {
  const targets = targetsOf(field);
  return (
    <select
      id={id}
      value={value ?? ""}
      aria-describedby={describedBy}
      onChange={(event) => save(event.currentTarget.value || null)}
    >
      <option value="">{field.owner ? t("shared") : t("none")}</option>
      {targets.map((one) => (
        <option value={one.id}>{one.title}</option>
      ))}
    </select>
  );
}

function SetInput({ kind, field, value, save, id, live }: InputProps) {
  const [held, setHeld] = useState<Value[] | null>(null);
  const [typed, setTyped] = useState("");
  const elements: Value[] = held ?? value ?? [];
  const targets = field.type === "reference" ? targetsOf(field) : [];
  const change = (next: Value[], add: Value[], remove: Value[]) => {
    if (live) {
      setHeld(next);
      save(next);
    } else {
      save({ add, remove });
    }
  };
  const add = (one: string) => {
    const element = one.trim();
    setTyped("");
    if (element && !elements.includes(element)) change([...elements, element], [element], []);
  };
  const languages = field.name === "languages";
  const choices = languages
    ? [...new Set([...kLanguages, "it", "es", "pl", "nl"])].map((tag) => ({ id: tag, title: languageName(tag) }))
    : targets;
  const shown = (one: Value) => (languages ? languageName(String(one)) : formatValue(field, one));
  return (
    <span class="set">
      {elements.map((one) => (
        <span class="element">
          {shown(one)}
          <button
            type="button"
            class="plain"
            aria-label={t("take_out", { what: shown(one) })}
            onClick={() => change(elements.filter((other) => other !== one), [], [one])}
          >
            <Icon name="close" size={15} />
          </button>
        </span>
      ))}
      {choices.length > 0 || field.type === "reference" ? (
        <select id={id} value="" onChange={(event) => add(event.currentTarget.value)}>
          <option value="">{t("add_element")}</option>
          {choices
            .filter((one) => !elements.includes(one.id))
            .map((one) => (
              <option value={one.id}>{one.title}</option>
            ))}
        </select>
      ) : (
        <input
          id={id}
          value={typed}
          autocomplete="off"
          placeholder={t("add_element")}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => add(typed)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add(typed);
          }}
        />
      )}
      <span class="hidden">{fieldLabel(kind, field.name)}</span>
    </span>
  );
}

function CounterInput({ id, kind, field, value, save, live }: InputProps) {
  const [by, setBy] = useState("1");
  const name = fieldLabel(kind, field.name);
  if (live) return <input id={id} type="number" onInput={(event) => save({ add: Number(event.currentTarget.value) || 0 })} />;
  return (
    <span class="pair" role="group" aria-label={name}>
      <strong class="count">{value ?? 0}</strong>
      <input
        id={id}
        type="number"
        aria-label={t("how_many_more", { what: name })}
        value={by}
        onInput={(event) => setBy(event.currentTarget.value)}
      />
      <button type="button" onClick={() => Number(by) && save({ add: Math.trunc(Number(by)) })}>
        {t("count_in")}
      </button>
    </span>
  );
}

export function FieldInput(props: InputProps) {
  const { field } = props;
  if (field.rule === "set") return <SetInput {...props} />;
  if (field.rule === "counter") return <CounterInput {...props} />;
  if (field.name === "colour") return <ColourInput {...props} />;
  switch (field.type) {
    case "date":
      return <DateInput id={props.id} value={props.value} save={props.save} live={props.live} label={props.label} describedBy={props.describedBy} />;
    case "enum":
      return <EnumInput {...props} />;
    case "boolean":
      return <BooleanInput {...props} />;
    case "integer":
      return <NumberInput {...props} />;
    case "reference":
      return <ReferenceInput {...props} />;
    case "pair":
      if (field.message === "Window") return <WindowInput {...props} />;
      if (field.message === "Money") return <MoneyInput {...props} />;
      return <WhenInput {...props} />;
    default:
      return <TextInput {...props} />;
  }
}

export function useFieldId(name: string): string {
  return `${useId()}-${name}`;
}
