// Who does what in which town; a function that nobody has taken is seen at once.
import { functionLabel, kindLabel, titleOf, titleOfId } from "../base/format";
import { newLink, recordLink } from "../base/route";
import { recordsOf, seat, town } from "../base/store";
import type { PlanRecord } from "../base/types";
import { t } from "../base/words";
import { AddLink, Chip, Empty, Loading, PageTitle, Scroll, Section, TownMark } from "../parts/bits";

const kFunctions = [
  "coordination", "strategy", "public relations", "finance", "funding", "travel", "membership", "youth",
  "accommodation",
];

function People({ list, townId, name }: { list: PlanRecord[]; townId: string; name: string }) {
  const here = list.filter((one) => one.owner === townId && !one.fields.activity && one.fields.function === name);
  const ours = townId === town.value?.id;
  if (here.length === 0) {
    return (
      <>
        <Chip tone="warn">{t("nobody_yet")}</Chip>{" "}
        {ours && (
          <a href={newLink("responsibility", { function: name })} aria-label={t("name_somebody_for", { what: functionLabel(name) })}>
            {t("name_somebody")}
          </a>
        )}
      </>
    );
  }
  return (
    <ul class="plain">
      {here.map((one) => (
        <li>
          <a href={recordLink(one.id)}>{one.fields.person ? titleOfId(one.fields.person) : t("nobody_yet")}</a>
          {one.fields.deputy && <span class="note"> {t("deputy_is", { who: titleOfId(one.fields.deputy) })}</span>}
        </li>
      ))}
    </ul>
  );
}

function ByFunction({ list }: { list: PlanRecord[] }) {
  const others = list.filter((one) => !one.fields.activity && one.fields.function).map((one) => String(one.fields.function));
  const names = [...new Set([...kFunctions, ...others])];
  return (
    <Scroll label={t("functions")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("function")}</th>
            {seat.value!.towns.map((one) => (
              <th scope="col">
                <TownMark id={one.id} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <th scope="row">{functionLabel(name)}</th>
              {seat.value!.towns.map((one) => (
                <td>
                  <People list={list} townId={one.id} name={name} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function ByActivity({ list }: { list: PlanRecord[] }) {
  const activities = recordsOf("activity") ?? [];
  const rows = activities.map((one) => ({ one, who: list.filter((other) => other.fields.activity === one.id) }));
  rows.sort((a, b) => a.who.length - b.who.length || titleOf(a.one).localeCompare(titleOf(b.one)));
  if (rows.length === 0) return <Empty text={t("empty.activity")} />;
  return (
    <Scroll label={t("by_activity")}>
<table>
      <thead>
        <tr>
          <th scope="col">{kindLabel("activity")}</th>
          <th scope="col">{t("responsible")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ one, who }) => (
          <tr key={one.id}>
            <th scope="row">
              <a href={recordLink(one.id)}>{titleOf(one)}</a>
            </th>
            <td>
              {who.map((other) => (
                <div>
                  <TownMark id={other.owner} />: <a href={recordLink(other.id)}>{titleOfId(other.fields.person) || t("nobody_yet")}</a>
                </div>
              ))}
              {who.length === 0 && (
                <>
                  <Chip tone="warn">{t("nobody")}</Chip>{" "}
                  <a href={newLink("responsibility", { activity: one.id })} aria-label={t("name_somebody_for", { what: titleOf(one) })}>
                    {t("name_somebody")}
                  </a>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
</Scroll>
  );
}

function Directory() {
  const people = recordsOf("person");
  if (!people) return <Loading />;
  if (people.length === 0) {
    return (
      <Empty text={t("empty.person")}>
        <AddLink kind="person" label={t("add.person")} />
      </Empty>
    );
  }
  return (
    <ul class="cards">
      {people.map((one) => (
        <li class="card" key={one.id}>
          <a href={recordLink(one.id)}>{titleOf(one)}</a>
          <p class="note">{[one.fields.role, one.fields.organisation].filter(Boolean).join(", ")}</p>
          <TownMark id={one.owner} />
        </li>
      ))}
    </ul>
  );
}

export function ResponsibilitiesPage() {
  const list = recordsOf("responsibility");
  return (
    <>
      <PageTitle title={t("page.responsibilities")} lead={t("responsibilities_lead")}>
        <AddLink kind="responsibility" label={t("add.responsibility")} />
      </PageTitle>
      {list ? (
        <>
          <Section title={t("functions")}>
            <ByFunction list={list} />
          </Section>
          <Section title={t("by_activity")}>
            <ByActivity list={list} />
          </Section>
        </>
      ) : (
        <Loading />
      )}
      <Section title={t("people")} actions={<AddLink kind="person" label={t("add.person")} />}>
        <Directory />
      </Section>
    </>
  );
}
