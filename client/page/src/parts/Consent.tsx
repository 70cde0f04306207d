// Where the towns stand on a record: agreements to its exact terms, and positions on its words.
import { useEffect, useState } from "preact/hooks";
import { get } from "../base/api";
import { formatTime, titleOf, valueLabel } from "../base/format";
import { at, moment, record as find, shortTownName, town, write } from "../base/store";
import type { Consent as TownConsent, FieldChange, PlanRecord, Position, Stance } from "../base/types";
import { language, t } from "../base/words";
import { Chip, StanceChip, TownMark } from "./bits";
import { useFieldId } from "./fields";
import { downloadProof } from "./proof";
import { Changes } from "./Story";

function consentWords(one: TownConsent): string {
  const time = one.time ? formatTime(one.time) : "";
  return t(`consent.${one.state}`, { time });
}

// What has become of the words that a town agreed to.
function Since({ one, towns }: { one: PlanRecord; towns: string }) {
  const [list, setList] = useState<{ town: string; changes: FieldChange[] }[]>([]);
  const now = moment.value;
  useEffect(() => {
    let over = false;
    void get<typeof list>(at(`/records/${one.id}/since-agreed`)).then((answer) => over || setList(answer), () => {});
    return () => {
      over = true;
    };
  }, [one.id, towns, now]);
  return (
    <>
      {list.map((since) => (
        <div>
          <p class="note">
            {t("changed_since_agreed", { town: shortTownName(since.town) })}
          </p>
          <Changes changes={[{ record: one.id, kind: one.kind, title: null, fields: since.changes }]} />
        </div>
      ))}
    </>
  );
}

export function Agreement({ one }: { one: PlanRecord }) {
  const agreement = one.agreement;
  if (!agreement) return null;
  const own = agreement.towns.find((other) => other.town === town.value?.id);
  const path = `/records/${one.id}`;
  const lapsed = agreement.towns.filter((other) => other.state === "lapsed").map((other) => other.town).join();
  return (
    <section class="card" aria-label={t("agreement")}>
      <h2>{t("agreement")}</h2>
      <p>
        {one.signed ? (
          <Chip tone="good">{t("signed_by_all")}</Chip>
        ) : agreement.agreed ? (
          <Chip tone="good">{t("agreed_by_all")}</Chip>
        ) : (
          <Chip tone="warn">{t("not_agreed_yet")}</Chip>
        )}
      </p>
      <ul class="plain">
        {agreement.towns.map((other) => (
          <li>
            <TownMark id={other.town} /> <span class="note">{consentWords(other)}</span>
          </li>
        ))}
      </ul>
      {lapsed && <Since one={one} towns={lapsed} />}
      {agreement.conflict && <p class="hint">{t("agree_after_conflict")}</p>}
      {own && !one.deleted && (
        <div class="actions">
          {own.state !== "agrees" && !agreement.conflict && (
            <button type="button" class="primary" onClick={() => void write(`${path}/agree`, {}, "did.agree")}>
              {t("agree")}
            </button>
          )}
          {(own.state === "agrees" || own.state === "lapsed") && (
            <button type="button" onClick={() => void write(`${path}/withdraw`, {}, "did.withdraw")}>
              {t("withdraw")}
            </button>
          )}
          {agreement.agreed && (
            <button type="button" onClick={() => void downloadProof(one.id)}>{t("download_proof")}</button>
          )}
        </div>
      )}
      <p class="hint">{t("agree_means")}</p>
    </section>
  );
}

function Reason({ id, position }: { id: string; position: Position }) {
  const found = find(id);
  const texts = found?.fields.reason as Record<string, string> | undefined;
  if (!texts) return null;
  const tag = texts[language.value] ? language.value : Object.keys(texts)[0]!;
  return (
    <blockquote lang={tag} cite={position.name}>
      {texts[tag]}
    </blockquote>
  );
}

// The position that most often follows, in one step; every other is on the record's own page.
export function QuickPosition({ one }: { one: PlanRecord }) {
  const own = one.standing?.positions.find((other) => other.town === town.value?.id);
  if (!own || (own.stance && own.current)) return null;
  const stance = own.stance ?? "supports";
  const label = own.stance ? t("confirm_position", { stance: valueLabel(stance) }) : t("we_support");
  return (
    <button type="button" class="small" onClick={() => void write(`/records/${one.id}/position`, { stance }, "did.position")}>
      {label}
      <span class="hidden"> ({titleOf(one)})</span>
    </button>
  );
}

export const kStances: Stance[] = ["supports", "reservation", "objects", "undecided"];

export function OwnPosition({ one, position }: { one: PlanRecord; position: Position }) {
  const id = useFieldId("position");
  const [reason, setReason] = useState("");
  const state = (stance: Stance) =>
    void write(`/records/${one.id}/position`, reason ? { stance, reason, language: language.value } : { stance }, "did.position").then(
      (saved) => saved && setReason(""),
    );
  return (
    <div class="own-position">
      {position.stance && !position.current && (
        <p>
          <button type="button" class="primary" onClick={() => state(position.stance!)}>
            {t("confirm_position", { stance: valueLabel(position.stance) })}
          </button>
        </p>
      )}
      <label for={id}>{t("why_optional")}</label>
      <textarea id={id} rows={2} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      <div class="choices" role="group" aria-label={t("our_position")}>
        {kStances.map((stance) => (
          <button
            type="button"
            aria-pressed={position.current && position.stance === stance}
            onClick={() => state(stance)}
          >
            {valueLabel(stance)}
          </button>
        ))}
      </div>
    </div>
  );
}

export function Positions({ one, ids }: { one: PlanRecord; ids: Map<string, string> }) {
  const standing = one.standing;
  if (!standing) return null;
  const own = standing.positions.find((other) => other.town === town.value?.id);
  return (
    <section class="card" aria-label={t("positions")}>
      <h2>{t("positions")}</h2>
      <p>
        <Chip tone={standing.in_the_plan ? "good" : "warn"}>
          {standing.in_the_plan ? t("in_the_plan") : t("not_yet_agreed")}
        </Chip>
      </p>
      <ul class="plain positions">
        {standing.positions.map((other) => (
          <li>
            <TownMark id={other.town} />{t("colon")} <StanceChip stance={other.stance} current={other.current} />
            {ids.get(other.town) && <Reason id={ids.get(other.town)!} position={other} />}
          </li>
        ))}
      </ul>
      {own && !one.deleted && <OwnPosition one={one} position={own} />}
    </section>
  );
}
