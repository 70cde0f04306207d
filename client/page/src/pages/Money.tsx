// Funding and budget. Sums are told for each currency apart and never across them.
import { formatDay, formatMoney, fieldLabel, kindLabel, titleOf, titleOfId, valueLabel } from "../base/format";
import { recordLink } from "../base/route";
import { recordsOf } from "../base/store";
import type { PlanRecord } from "../base/types";
import { t } from "../base/words";
import { AddLink, Chip, Empty, Loading, PageTitle, Section, TownMark } from "../parts/bits";
import { Table } from "../parts/Table";

type Money = { amount: string; currency: string };

// In hundredths, so that sums are exact.
function sums(list: PlanRecord[], field: string): Map<string, number> {
  const totals = new Map<string, number>();
  for (const one of list) {
    const money = one.fields[field] as Money | undefined;
    if (money) totals.set(money.currency, (totals.get(money.currency) ?? 0) + Math.round(Number(money.amount) * 100));
  }
  return totals;
}

function words(minor: number, currency: string): string {
  return formatMoney({ amount: (minor / 100).toFixed(2), currency });
}

function money(value: Money | undefined): string {
  return value ? formatMoney(value) : "";
}

function Totals({ list, fields, kind }: { list: PlanRecord[]; fields: string[]; kind: string }) {
  const byField = fields.map((field) => sums(list, field));
  const currencies = [...new Set(byField.flatMap((totals) => [...totals.keys()]))].sort();
  if (currencies.length === 0) return null;
  return (
    <dl class="totals">
      {currencies.map((currency) => (
        <div>
          <dt>{currency}</dt>
          {fields.map((field, i) => (
            <dd>
              {fieldLabel(kind, field)}{t("colon")} <strong>{words(byField[i]!.get(currency) ?? 0, currency)}</strong>
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

const kTone = { awarded: "good", rejected: "bad", submitted: "warn", drafting: "plain", idea: "plain", closed: "plain" } as const;

function Funds({ list }: { list: PlanRecord[] }) {
  return (
    <>
      <Totals list={list} fields={["requested", "awarded"]} kind="fund" />
      <Table
        label={t("funding")}
        columns={[
          fieldLabel("fund", "programme"),
          fieldLabel("fund", "lead"),
          fieldLabel("fund", "apply_by"),
          { head: fieldLabel("fund", "requested"), look: "number" },
          { head: fieldLabel("fund", "awarded"), look: "number" },
          fieldLabel("fund", "status"),
        ]}
      >
        {list.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <a href={recordLink(one.id)}>{titleOf(one)}</a>
              <div class="note">{one.fields.source}</div>
            </th>
            <td>
              <TownMark id={one.owner} />
            </td>
            <td>{one.fields.apply_by ? formatDay(one.fields.apply_by) : ""}</td>
            <td class="number">{money(one.fields.requested)}</td>
            <td class="number">{money(one.fields.awarded)}</td>
            <td>{one.fields.status && <Chip tone={kTone[one.fields.status as keyof typeof kTone]}>{valueLabel(one.fields.status)}</Chip>}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}

function isOver(one: PlanRecord): boolean {
  const planned = one.fields.planned as Money | undefined;
  const actual = one.fields.actual as Money | undefined;
  return !!planned && !!actual && planned.currency === actual.currency && Number(actual.amount) > Number(planned.amount);
}

function Budget({ list }: { list: PlanRecord[] }) {
  return (
    <>
      <Totals list={list} fields={["planned", "actual"]} kind="budget_line" />
      <Table
        label={t("budget")}
        columns={[
          fieldLabel("budget_line", "heading"),
          kindLabel("activity"),
          fieldLabel("budget_line", "town"),
          { head: fieldLabel("budget_line", "planned"), look: "number" },
          { head: fieldLabel("budget_line", "actual"), look: "number" },
        ]}
      >
        {list.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <a href={recordLink(one.id)}>{titleOf(one)}</a>
            </th>
            <td>{titleOfId(one.fields.activity)}</td>
            <td>
              <TownMark id={one.owner} />
            </td>
            <td class="number">{money(one.fields.planned)}</td>
            <td class="number">
              {money(one.fields.actual)} {isOver(one) && <Chip tone="bad">{t("over_budget")}</Chip>}
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}

export function MoneyPage() {
  const funds = recordsOf("fund");
  const lines = recordsOf("budget_line");
  if (!funds || !lines) return <Loading />;
  return (
    <>
      <PageTitle title={t("page.money")} lead={t("money_lead")}>
        <AddLink kind="fund" label={t("add.fund")} />
        <AddLink kind="budget_line" label={t("add.budget_line")} />
      </PageTitle>
      <Section title={t("funding")}>{funds.length > 0 ? <Funds list={funds} /> : <Empty text={t("empty.fund")} />}</Section>
      <Section title={t("budget")}>{lines.length > 0 ? <Budget list={lines} /> : <Empty text={t("empty.budget_line")} />}</Section>
    </>
  );
}
