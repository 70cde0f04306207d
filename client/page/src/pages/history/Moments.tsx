// The plan as it was at any moment, any record of it whole; and what is different between two moments.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../base/api";
import { kindPlural, titleOf, titleOfId } from "../../base/format";
import { at, seat } from "../../base/store";
import { nameOf } from "../../base/story";
import type { PlanRecord, RecordChange } from "../../base/types";
import { language, t } from "../../base/words";
import { Loading, Section } from "../../parts/bits";
import { useFew } from "../../parts/few";
import { Changes } from "../../parts/Story";
import { AsItWas } from "./AsItWas";
import { MomentSlider } from "./MomentSlider";
import { type Moment, useMoments } from "./moments";

const kSettleMs = 200; // a slider that moves asks once it rests
const kShown = 30;

// An answer to a question that changes; null while it is under way.
function useAnswer<T>(path: string, query: Record<string, string | number | undefined>): T | null {
  const [answer, setAnswer] = useState<T | null>(null);
  const key = path + JSON.stringify(query);
  useEffect(() => {
    let over = false;
    setAnswer(null);
    const wait = setTimeout(() => void get<T>(at(path), query).then((value) => over || setAnswer(value), () => {}), kSettleMs);
    return () => {
      over = true;
      clearTimeout(wait);
    };
  }, [key]);
  return answer;
}

const kNotListed = new Set(["position", "comment"]);

function RecordsThen({ sequence, chosen, choose }: { sequence: number; chosen: string; choose: (id: string) => void }) {
  const [kind, setKind] = useState("activity");
  const list = useAnswer<PlanRecord[]>("/at", { sequence, kind });
  const kinds = seat.value!.schema.filter((one) => !kNotListed.has(one.name)).map((one) => one.name);
  const sorted = [...(list ?? [])].sort((a, b) => titleOf(a).localeCompare(titleOf(b), language.value));
  return (
    <div>
      <h3>{t("records_then")}</h3>
      <select aria-label={t("kind_of_record")} value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
        {kinds.map((one) => (
          <option value={one}>{kindPlural(one)}</option>
        ))}
      </select>
      {!list ? (
        <Loading />
      ) : sorted.length === 0 ? (
        <p class="note">{t("none_yet")}</p>
      ) : (
        <ul class="plain dense">
          {sorted.map((one) => (
            <li key={one.id}>
              <button type="button" class="link" aria-pressed={one.id === chosen} onClick={() => choose(one.id === chosen ? "" : one.id)}>
                {titleOf(one)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Different({ from, to, record }: { from: number; to?: number; record?: string }) {
  const changes = useAnswer<RecordChange[]>("/compare", { from, to, record });
  const { shown, toggle } = useFew(changes ?? [], kShown);
  return (
    <div>
      <h3>{t("changed_since")}</h3>
      {!changes ? (
        <Loading />
      ) : changes.length === 0 ? (
        <p class="note">{t("nothing_changed")}</p>
      ) : (
        <ul class="stories">
          {shown.map((one) => (
            <li class="story" key={one.record}>
              <p>{nameOf(one.kind, one.title, one.record)}</p>
              <Changes changes={[one]} />
            </li>
          ))}
        </ul>
      )}
      {toggle}
    </div>
  );
}

// `record`: of one record only.
export function Moments({ record }: { record: string | null }) {
  const { moments, reading } = useMoments();
  const [then, setThen] = useState<Moment | null>(null);
  const [until, setUntil] = useState<Moment | null>(null);
  const [chosen, setChosen] = useState(record ?? "");
  const title = record ? t("moments_of", { what: titleOfId(record) }) : t("any_moment");
  if (!moments) {
    return (
      <Section title={title}>
        <p role="status">
          <progress max={100} value={reading} aria-label={t("reading_history", { percent: reading })} /> {t("reading_history", { percent: reading })}
        </p>
      </Section>
    );
  }
  if (moments.length === 0) return null;
  const from = then ?? moments.at(-1)!;
  const to = until && until.sequence >= from.sequence ? until : null;
  return (
    <Section title={title} note={t("any_moment_note")}>
      <div class="card moments">
        <MomentSlider id="moment" label={t("moment_from")} moments={moments} value={from} choose={setThen} />
        <MomentSlider id="until" label={t("moment_to")} moments={moments} value={to} choose={setUntil} mayBeNow least={from.sequence} />
      </div>
      <div class="columns">
        {record ? null : <RecordsThen sequence={from.sequence} chosen={chosen} choose={setChosen} />}
        {chosen && <AsItWas id={chosen} sequence={from.sequence} time={from.time} />}
        <Different from={from.sequence} to={to?.sequence} record={record ?? undefined} />
      </div>
    </Section>
  );
}
