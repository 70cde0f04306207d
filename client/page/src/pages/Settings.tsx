// The town, its people and devices, and how the page looks and speaks to this person.
import { useEffect, useState } from "preact/hooks";
import { get } from "../base/api";
import { kindLabel, titleOf } from "../base/format";
import { recordLink } from "../base/route";
import { shortcuts, type Theme, theme } from "../base/settings";
import { at, choose, kindOf, moment, recordsOf, seat, seats, sync, write } from "../base/store";
import type { PlanRecord } from "../base/types";
import { kLanguages, language, languageName, setLanguage, t } from "../base/words";
import { AddLink, Empty, Loading, PageTitle, Section, TownMark } from "../parts/bits";
import { syncWords } from "../parts/SyncState";
import { Invites } from "./settings/Invites";
import { Members } from "./settings/Members";
import { useMembership } from "./settings/membership";

function Looks() {
  return (
    <div class="card form">
      <div class="row">
        <label for="language">{t("language")}</label>
        <div class="value">
          <select id="language" value={language.value} onChange={(event) => setLanguage(event.currentTarget.value)}>
            {kLanguages.map((tag) => (
              <option value={tag} lang={tag}>
                {languageName(tag, tag)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div class="row">
        <label for="theme">{t("appearance")}</label>
        <div class="value">
          <select id="theme" value={theme.value} onChange={(event) => (theme.value = event.currentTarget.value as Theme)}>
            {(["system", "light", "dark"] as const).map((one) => (
              <option value={one}>{t(`theme.${one}`)}</option>
            ))}
          </select>
        </div>
      </div>
      <div class="row">
        <label for="shortcuts">{t("use_shortcuts")}</label>
        <div class="value">
          <input
            id="shortcuts"
            type="checkbox"
            checked={shortcuts.value}
            onChange={(event) => (shortcuts.value = event.currentTarget.checked)}
          />
        </div>
      </div>
    </div>
  );
}

// What was deleted, of every kind: it can be brought back.
function Deleted() {
  const [list, setList] = useState<PlanRecord[] | null>(null);
  const now = moment.value;
  const kinds = seat.value!.schema.map((kind) => kind.name).join(",");
  useEffect(() => {
    void get<PlanRecord[]>(at("/records"), { kinds, deleted: 1 }).then(setList, () => {});
  }, [now, kinds]);
  if (!list) return <Loading />;
  const shown = list.filter((one) => one.kind !== "position");
  if (shown.length === 0) return <Empty text={t("nothing_deleted")} />;
  return (
    <ul class="dates card list">
      {shown.map((one) => (
        <li key={one.id}>
          <a href={recordLink(one.id)}>{titleOf(one)}</a>
          <span class="note">{kindOf(one.kind) && kindLabel(one.kind)}</span>
          <button type="button" onClick={() => void write(`/records/${one.id}/restore`, {}, "did.restore")}>
            {t("restore")}
          </button>
        </li>
      ))}
    </ul>
  );
}

function InCommon() {
  const list = recordsOf("compatibility");
  if (!list) return <Loading />;
  if (list.length === 0) return <Empty text={t("empty.compatibility")} />;
  return (
    <ul class="dates card list">
      {list.map((one) => (
        <li key={one.id}>
          <a href={recordLink(one.id)}>{titleOf(one)}</a>
          <TownMark id={one.owner} />
          <span class="note">{one.fields.score !== undefined && t("score_of", { score: one.fields.score })}</span>
        </li>
      ))}
    </ul>
  );
}

export function SettingsPage() {
  const membership = useMembership();
  const records = recordsOf("town") ?? [];
  const towns = seat.value!.towns.flatMap((town) => records.find((one) => one.id === town.id) ?? []);
  const partnership = recordsOf("partnership")?.[0];
  return (
    <>
      <PageTitle title={t("page.settings")} />
      <Section title={t("for_you")}>
        <Looks />
      </Section>
      <Section title={t("partnership")}>
        {partnership && (
          <p>
            <a href={recordLink(partnership.id)}>{titleOf(partnership)}</a>
          </p>
        )}
        <ul class="cards">
          {towns.map((one) => (
            <li class="card" key={one.id}>
              <TownMark id={one.id} />
              <p>
                <a href={recordLink(one.id)}>{t("town_profile")}</a>
                <span class="hidden"> {titleOf(one)}</span>
              </p>
              <p class="note">{[one.fields.country, one.fields.website].filter(Boolean).join(" · ")}</p>
            </li>
          ))}
        </ul>
        {seats.value.length > 1 && (
          <ul class="plain">
            {seats.value.map((one) => (
              <li>
                <button type="button" aria-pressed={one.id === seat.value!.id} onClick={() => void choose(one.id)}>
                  {one.name} ({one.town})
                </button>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t("in_common")} actions={<AddLink quiet kind="compatibility" label={t("add.compatibility")} />}>
        <InCommon />
      </Section>
      <Section title={t("members")} note={t("members_note")}>
        <Members membership={membership} />
      </Section>
      <Section title={t("invitations")}>
        <Invites membership={membership} />
      </Section>
      <Section title={t("sync")}>
        <p>{sync.value && syncWords(sync.value)}</p>
        <p class="note">{t("server_is", { server: seat.value!.server })}</p>
      </Section>
      <Section title={t("deleted_things")}>
        <Deleted />
      </Section>
    </>
  );
}
