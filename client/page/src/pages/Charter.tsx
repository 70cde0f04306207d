// The charter in every language side by side; agreement and signatures, and a certificate to print.
import { useState } from "preact/hooks";
import { formatDay, formatTime, titleOf, titleOfId } from "../base/format";
import { newLink, recordLink } from "../base/route";
import { conflicts, fieldOf, recordsOf, seat, town } from "../base/store";
import type { PlanRecord } from "../base/types";
import { t } from "../base/words";
import { AddLink, Chip, Empty, Loading, PageTitle, TownMark } from "../parts/bits";
import { Comments } from "../parts/Comments";
import { ConflictCard } from "../parts/ConflictCard";
import { Agreement } from "../parts/Consent";
import { downloadProof } from "../parts/proof";
import { languagesOf, MoreLanguages, SideBySide } from "../parts/SideBySide";

function Ratifications({ one }: { one: PlanRecord }) {
  const list = (recordsOf("ratification") ?? []).filter((other) => other.fields.charter === one.id);
  const ours = list.some((other) => other.owner === town.value?.id);
  return (
    <section class="card" aria-label={t("ratifications")}>
      <h2>{t("ratifications")}</h2>
      {list.length === 0 && <p class="note">{t("empty.ratification")}</p>}
      <ul class="plain">
        {list.map((other) => (
          <li>
            <TownMark id={other.owner} />: <a href={recordLink(other.id)}>{titleOf(other)}</a>
            <span class="note">
              {" "}
              {[other.fields.body, other.fields.date && formatDay(other.fields.date), other.fields.place, other.fields.signatory]
                .filter(Boolean)
                .join(", ")}
            </span>
          </li>
        ))}
      </ul>
      {!ours && (
        <a class="button" href={newLink("ratification", { charter: one.id })}>{t("add.ratification")}</a>
      )}
    </section>
  );
}

// The charter as it hangs in a town hall: only this is printed of the page.
function Certificate({ one, languages }: { one: PlanRecord; languages: string[] }) {
  const agreed = one.agreement?.towns.filter((other) => other.state === "agrees") ?? [];
  const resolutions = (recordsOf("ratification") ?? []).filter((other) => other.fields.charter === one.id);
  const state = one.signed ? "certificate_signed" : one.agreement?.agreed ? "certificate_agreed" : "certificate_draft";
  return (
    <section class="certificate" aria-label={t("certificate")}>
      <p class="certificate-kind">{t("certificate")}</p>
      <h3 class="certificate-title">{titleOf(one)}</h3>
      <p>{seat.value!.towns.map((other) => other.name).join(" · ")}</p>
      <div class="certificate-words">
        {languages.map((tag) => (
          <div lang={tag}>
            {kTexts.map((name) => {
              const text = (one.fields[name] as Record<string, string> | undefined)?.[tag];
              return text ? <p class="wording">{text}</p> : null;
            })}
          </div>
        ))}
      </div>
      <p>{t(state)}</p>
      <ul class="plain signatures">
        {agreed.map((other) => {
          const resolution = resolutions.find((found) => found.owner === other.town);
          const parts = [resolution?.fields.signatory, resolution?.fields.body, resolution && titleOf(resolution), resolution?.fields.place];
          return (
            <li>
              <strong>{other.name}</strong>
              {parts.filter(Boolean).map((part) => <span>{part}</span>)}
              <span>{other.time ? formatTime(other.time) : ""}</span>
            </li>
          );
        })}
      </ul>
      {one.agreement?.words && <p class="note">{t("these_words", { words: one.agreement.words })}</p>}
      <div class="actions no-print">
        <button type="button" onClick={() => print()}>{t("print")}</button>
        {one.agreement?.agreed && (
          <button type="button" onClick={() => void downloadProof(one.id)}>{t("download_proof")}</button>
        )}
      </div>
    </section>
  );
}

const kTexts = ["recitals", "commitments"];

function OneCharter({ one }: { one: PlanRecord }) {
  const [added, setAdded] = useState<string[]>([]);
  const amends = one.fields.amends as string | undefined;
  const texts = kTexts.flatMap((name) => fieldOf("charter", name) ?? []);
  const languages = [...new Set([...languagesOf(one, texts), ...added])];
  return (
    <article class="charter" aria-label={titleOf(one)}>
      <div class="section-head">
        <h2>
          <a href={recordLink(one.id)}>{titleOf(one)}</a>
        </h2>
        {one.signed && <Chip tone="good">{t("signed")}</Chip>}
        {amends && <span class="note">{t("amends", { what: titleOfId(amends) })}</span>}
        {!one.signed && (
          <div class="actions">
            <MoreLanguages shown={languages} add={(tag) => setAdded([...added, tag])} />
          </div>
        )}
      </div>
      {conflicts.value?.filter((other) => other.record === one.id).map((conflict) => <ConflictCard key={conflict.id} conflict={conflict} here />)}
      {texts.map((field) => (
        <SideBySide key={field.name} one={one} field={field} languages={languages} />
      ))}
      {one.signed && (
        <p>
          {t("charter_frozen")} <a href={newLink("charter", { amends: one.id })}>{t("propose_amendment")}</a>
        </p>
      )}
      <div class="charter-deeds">
        <Agreement one={one} />
        <Ratifications one={one} />
        <Comments about={one} />
      </div>
      <Certificate one={one} languages={languages} />
    </article>
  );
}

export function CharterPage() {
  const list = recordsOf("charter");
  if (!list) return <Loading />;
  return (
    <>
      <PageTitle title={t("page.charter")} lead={t("charter_lead")}>
        <AddLink kind="charter" label={t("add.charter")} />
      </PageTitle>
      {list.length === 0 ? (
        <Empty text={t("empty.charter")}>
          <AddLink kind="charter" label={t("add.charter")} />
        </Empty>
      ) : (
        list.map((one) => <OneCharter key={one.id} one={one} />)
      )}
    </>
  );
}
