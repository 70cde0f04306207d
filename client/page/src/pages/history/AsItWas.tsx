// One record as it was at a moment, to read.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../base/api";
import { fieldLabel, formatTime, formatValue, kindLabel, titleOf } from "../../base/format";
import { recordLink } from "../../base/route";
import { at, kindOf } from "../../base/store";
import type { Field, PlanRecord } from "../../base/types";
import { languageName, t } from "../../base/words";
import { Chip, Loading } from "../../parts/bits";
import { isShown } from "../../parts/schema";

function Texts({ field, one }: { field: Field; one: PlanRecord }) {
  const texts = Object.entries(one.fields[field.name] as Record<string, string>);
  return (
    <>
      {texts.map(([tag, text]) => (
        <div class="row" key={tag}>
          <span class="label">
            {fieldLabel(one.kind, field.name)} <span class="note">{languageName(tag)}</span>
          </span>
          <p class="value wording-then" lang={tag}>
            {text}
          </p>
        </div>
      ))}
    </>
  );
}

function FieldThen({ field, one }: { field: Field; one: PlanRecord }) {
  const value = one.fields[field.name];
  if (value === undefined || value === null) return null;
  if (field.rule === "text") return <Texts field={field} one={one} />;
  return (
    <div class="row">
      <span class="label">{fieldLabel(one.kind, field.name)}</span>
      <span class="value">{formatValue(field, value)}</span>
    </div>
  );
}

export function AsItWas({ id, sequence, time }: { id: string; sequence: number; time: string }) {
  const [one, setOne] = useState<PlanRecord | null | undefined>(undefined);
  useEffect(() => {
    let over = false;
    setOne(undefined);
    void get<PlanRecord | null>(at(`/records/${id}/at`), { sequence }).then((answer) => over || setOne(answer), () => {});
    return () => {
      over = true;
    };
  }, [id, sequence]);
  const fields = one ? (kindOf(one.kind)?.fields.filter(isShown) ?? []) : [];
  return (
    <section class="card" aria-label={t("as_it_was")} aria-live="polite">
      <h3>{t("as_it_was")}</h3>
      <p class="note">{formatTime(time)}</p>
      {one === undefined ? (
        <Loading />
      ) : one === null ? (
        <p>{t("not_there_yet")}</p>
      ) : (
        <>
          <p class="chips">
            <a href={recordLink(one.id)}>{titleOf(one)}</a>
            <span class="note">{kindLabel(one.kind)}</span>
            {one.deleted && <Chip tone="bad">{t("deleted")}</Chip>}
          </p>
          {fields.map((field) => (
            <FieldThen key={field.name} field={field} one={one} />
          ))}
        </>
      )}
    </section>
  );
}
