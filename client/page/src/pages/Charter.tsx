// The charter in every language side by side; agreement and signatures, and a certificate to print.
import { formatDay, formatTime, kindLabel, titleOf, titleOfId } from "../base/format";
import { newLink, recordLink } from "../base/route";
import { fieldOf, recordsOf, seat, town } from "../base/store";
import type { PlanRecord } from "../base/types";
import { languageName, t } from "../base/words";
import { AddLink, Chip, Empty, Loading, PageTitle, TownMark } from "../parts/bits";
import { Comments } from "../parts/Comments";
import { Agreement } from "../parts/Consent";
import { TextField } from "../parts/TextField";
import { ConflictCard } from "../parts/ConflictCard";
import { conflicts } from "../base/store";

function languagesOf(one: PlanRecord): string[] {
  const tags = new Set<string>();
  for (const name of ["recitals", "commitments"]) {
    for (const tag of Object.keys((one.fields[name] as object | undefined) ?? {})) tags.add(tag);
  }
  return [...tags].sort();
}

// Whether the two readings of a field have been confirmed to say the same.
function isStale(one: PlanRecord, name: string, tag: string): boolean {
  return one.stale.some((pair) => pair.field === name && pair.language === tag);
}

function SideBySide({ one }: { one: PlanRecord }) {
  const tags = languagesOf(one);
  if (tags.length === 0) return null;
  return (
    <div class="languages" style={{ "--count": tags.length }}>
      {tags.map((tag) => (
        <section lang={tag} aria-label={languageName(tag)} class="reading">
          <h3>{languageName(tag, tag)}</h3>
          {["recitals", "commitments"].map((name) => {
            const text = (one.fields[name] as Record<string, string> | undefined)?.[tag];
            if (!text) return null;
            return (
              <div>
                <p class="wording">{text}</p>
                {isStale(one, name, tag) && <Chip tone="warn">{t("not_confirmed_same")}</Chip>}
              </div>
            );
          })}
        </section>
      ))}
    </div>
  );
}

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

// For paper: only this is printed of the page.
function Certificate({ one }: { one: PlanRecord }) {
  const agreed = one.agreement?.towns.filter((other) => other.state === "agrees") ?? [];
  return (
    <section class="certificate" aria-label={t("certificate")}>
      <h2>{t("certificate")}</h2>
      <p class="certificate-title">{titleOf(one)}</p>
      <p>{seat.value!.partnership}</p>
      <p>{one.signed ? t("certificate_signed") : one.agreement?.agreed ? t("certificate_agreed") : t("certificate_draft")}</p>
      <ul class="plain">
        {agreed.map((other) => (
          <li>
            {other.name}: {other.time ? formatTime(other.time) : ""}
          </li>
        ))}
      </ul>
      <button type="button" class="no-print" onClick={() => print()}>
        {t("print")}
      </button>
    </section>
  );
}

function OneCharter({ one }: { one: PlanRecord }) {
  const amends = one.fields.amends as string | undefined;
  const texts = ["recitals", "commitments"].map((name) => fieldOf("charter", name)!).filter(Boolean);
  return (
    <article class="charter" aria-label={titleOf(one)}>
      <h2>
        <a href={recordLink(one.id)}>{titleOf(one)}</a> {one.signed && <Chip tone="good">{t("signed")}</Chip>}
      </h2>
      {amends && <p class="note">{t("amends", { what: titleOfId(amends) })}</p>}
      {conflicts.value?.filter((other) => other.record === one.id).map((conflict) => <ConflictCard key={conflict.id} conflict={conflict} />)}
      <SideBySide one={one} />
      <div class="record">
        <div class="record-main">
          {!one.signed &&
            texts.map((field) => (
              <section class="card" key={field.name}>
                <TextField one={one} field={field} />
              </section>
            ))}
          {one.signed && (
            <p>
              {t("charter_frozen")} <a href={newLink("charter", { amends: one.id })}>{t("propose_amendment")}</a>
            </p>
          )}
          <Certificate one={one} />
        </div>
        <div class="record-side">
          <Agreement one={one} />
          <Ratifications one={one} />
          <Comments about={one} />
        </div>
      </div>
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
      <span class="hidden">{kindLabel("charter")}</span>
    </>
  );
}
