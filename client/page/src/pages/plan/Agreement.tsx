// What every town supports, and what is still open.
import { kindPlural, titleOf } from "../../base/format";
import { recordLink } from "../../base/route";
import { recordsOf, seat } from "../../base/store";
import { t } from "../../base/words";
import { Chip, Empty, Section, StanceChip, Standing, TownMark } from "../../parts/bits";
import { QuickPosition } from "../../parts/Consent";
import { Table } from "../../parts/Table";
import { inOrder } from "./Items";

export function NotYetAgreed() {
  const all = [...(recordsOf("objective") ?? []), ...(recordsOf("method") ?? []), ...(recordsOf("outcome") ?? [])];
  const open = all.filter((one) => one.standing && !one.standing.in_the_plan);
  if (open.length === 0) {
    return (
      <Section title={t("not_yet_agreed")}>
        <Empty text={t("all_agreed")} />
      </Section>
    );
  }
  return (
    <Section title={t("not_yet_agreed")} note={t("not_yet_agreed_note")}>
      <ul class="rows open-items">
        {open.map((one) => (
          <li key={one.id}>
            <a href={recordLink(one.id)}>{titleOf(one)}</a>
            <Standing one={one} />
            <QuickPosition one={one} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function Matrix() {
  const objectives = inOrder(recordsOf("objective") ?? []);
  if (objectives.length === 0) return null;
  return (
    <Section title={t("matrix")} note={t("matrix_note")}>
      <Table
        label={t("matrix")}
        columns={[
          kindPlural("objective"),
          ...seat.value!.towns.map((one) => ({ head: <TownMark id={one.id} /> })),
          t("result"),
        ]}
      >
        {objectives.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <a href={recordLink(one.id)}>{titleOf(one)}</a>
            </th>
            {seat.value!.towns.map((other) => {
              const position = one.standing?.positions.find((found) => found.town === other.id);
              return <td>{position && <StanceChip stance={position.stance} current={position.current} />}</td>;
            })}
            <td>
              <Chip tone={one.standing?.in_the_plan ? "good" : "warn"}>
                {one.standing?.in_the_plan ? t("in_the_plan") : t("not_yet_agreed")}
              </Chip>
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
