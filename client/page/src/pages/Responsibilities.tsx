// Who does what in which town; a function that nobody has taken is seen at once.
import { functionLabel, kindLabel, titleOf, titleOfId } from "../base/format";
import { newLink, recordLink } from "../base/route";
import { recordsOf, seat, town } from "../base/store";
import type { PlanRecord } from "../base/types";
import { t } from "../base/words";
import { AddLink, Chip, Empty, Loading, PageTitle, Section, TownMark } from "../parts/bits";
import { Table } from "../parts/Table";

export const kFunctions = [
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
    <Table
      label={t("functions")}
      columns={[
        t("function"),
        ...seat.value!.towns.map((one) => ({ head: <TownMark id={one.id} /> })),
      ]}
    >
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
    </Table>
  );
}

function NobodyYet({ list }: { list: PlanRecord[] }) {
  if (list.length === 0) return null;
  return (
    <div class="card">
      <h3 class="chips">
        {t("nobody_for", { count: list.length })} <Chip tone="warn">{t("nobody")}</Chip>
      </h3>
      <ul class="tiles">
        {list.map((one) => (
          <li key={one.id}>
            <a href={recordLink(one.id)}>{titleOf(one)}</a>
            <a class="button small" href={newLink("responsibility", { activity: one.id })} aria-label={t("name_somebody_for", { what: titleOf(one) })}>
              {t("name_somebody")}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function ByActivity({ list }: { list: PlanRecord[] }) {
  const activities = recordsOf("activity") ?? [];
  const rows = activities.map((one) => ({ one, who: list.filter((other) => other.fields.activity === one.id) }));
  rows.sort((a, b) => titleOf(a.one).localeCompare(titleOf(b.one)));
  if (rows.length === 0) return <Empty text={t("empty.activity")} />;
  const cared = rows.filter(({ who }) => who.length > 0);
  return (
    <>
      <NobodyYet list={rows.filter(({ who }) => who.length === 0).map(({ one }) => one)} />
      {cared.length > 0 && (
        <Table
          label={t("by_activity")}
          columns={[
            kindLabel("activity"),
            ...seat.value!.towns.map((one) => ({ head: <TownMark id={one.id} /> })),
          ]}
        >
          {cared.map(({ one, who }) => (
            <tr key={one.id}>
              <th scope="row">
                <a href={recordLink(one.id)}>{titleOf(one)}</a>
              </th>
              {seat.value!.towns.map((town) => (
                <td>
                  {who.filter((other) => other.owner === town.id).map((other) => (
                    <div>
                      <a href={recordLink(other.id)}>{titleOfId(other.fields.person) || t("nobody_yet")}</a>
                    </div>
                  ))}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      )}
    </>
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
          <h3>
            <a href={recordLink(one.id)}>{titleOf(one)}</a>
          </h3>
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
      <Section title={t("people")} actions={<AddLink quiet kind="person" label={t("add.person")} />}>
        <Directory />
      </Section>
    </>
  );
}
