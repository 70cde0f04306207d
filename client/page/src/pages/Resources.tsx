// What there is and what is needed, by kind of resource and activity, with the gap between the two.
import { formatNumber, kindLabel, titleOf, titleOfId, valueLabel } from "../base/format";
import { recordLink } from "../base/route";
import { recordsOf } from "../base/store";
import type { PlanRecord } from "../base/types";
import { t } from "../base/words";
import { AddLink, Bar, Chip, Empty, Loading, PageTitle, Section, TownMark } from "../parts/bits";
import { Table } from "../parts/Table";

interface Group {
  form: string;
  activity: string;
  available: number;
  required: number;
  list: PlanRecord[];
}

function groupsOf(list: PlanRecord[]): Group[] {
  const groups = new Map<string, Group>();
  for (const one of list) {
    const form = (one.fields.form as string | undefined) ?? "";
    const activity = (one.fields.activity as string | undefined) ?? "";
    const key = `${form} ${activity}`;
    const group = groups.get(key) ?? { form, activity, available: 0, required: 0, list: [] };
    const quantity = Number(one.fields.quantity ?? 0);
    if (one.fields.availability === "required") group.required += quantity;
    else group.available += quantity;
    group.list.push(one);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.required - b.available - (a.required - a.available));
}

function Row({ group }: { group: Group }) {
  const gap = group.required - group.available;
  const words = t("available_of", { available: formatNumber(group.available), required: formatNumber(group.required) });
  return (
    <tr>
      <th scope="row" class="named-by-value">
        {group.form ? valueLabel(group.form) : t("not_said")}
        {group.activity && <div class="note">{titleOfId(group.activity)}</div>}
      </th>
      <td>{formatNumber(group.available)}</td>
      <td>{formatNumber(group.required)}</td>
      <td>
        {gap > 0 ? <Chip tone="bad">{t("missing", { count: gap })}</Chip> : <Chip tone="good">{t("enough")}</Chip>}
      </td>
      <td class="wide">
        <Bar value={group.available} of={Math.max(group.required, group.available)} label={words} />
      </td>
    </tr>
  );
}

function All({ list }: { list: PlanRecord[] }) {
  return (
    <Table
      label={t("everything")}
      columns={[
        kindLabel("resource"),
        t("quantity"),
        t("available_or_required"),
        t("town"),
      ]}
    >
      {list.map((one) => (
        <tr key={one.id}>
          <th scope="row">
            <a href={recordLink(one.id)}>{titleOf(one)}</a>
          </th>
          <td>{[one.fields.quantity !== undefined ? formatNumber(one.fields.quantity) : "", one.fields.unit].filter(Boolean).join(" ")}</td>
          <td>{one.fields.availability ? valueLabel(one.fields.availability) : ""}</td>
          <td>
            <TownMark id={one.owner} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

export function ResourcesPage() {
  const list = recordsOf("resource");
  if (!list) return <Loading />;
  return (
    <>
      <PageTitle title={t("page.resources")} lead={t("resources_lead")}>
        <AddLink kind="resource" fields={{ availability: "required" }} label={t("add.needed")} />
        <AddLink kind="resource" fields={{ availability: "available", town: "own" }} label={t("add.offer")} />
      </PageTitle>
      {list.length === 0 ? (
        <Empty text={t("empty.resource")} />
      ) : (
        <>
          <Section title={t("gaps")}>
            <Table
              label={t("gaps")}
              columns={[
                t("what_for"),
                valueLabel("available"),
                valueLabel("required"),
                t("gap"),
                { head: t("so_far"), look: "wide" },
              ]}
            >
              {groupsOf(list).map((group) => (
                <Row group={group} />
              ))}
            </Table>
          </Section>
          <Section title={t("everything")}>
            <All list={list} />
          </Section>
        </>
      )}
    </>
  );
}
