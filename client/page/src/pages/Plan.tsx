// The strategic plan in its three sections, shared aims and each town's own side by side, and where
// every town stands.
import { kindPlural, titleOf } from "../base/format";
import { recordLink } from "../base/route";
import { recordsOf, seat, town, write } from "../base/store";
import type { PlanRecord } from "../base/types";
import { language, t } from "../base/words";
import { AddLink, Chip, Empty, Loading, PageTitle, Scroll, Section, StanceChip, Standing, textOf, townClass, TownMark } from "../parts/bits";
import { QuickPosition } from "../parts/Consent";
import { Icon } from "../parts/icons";
import { between } from "../base/order";

export function inOrder(list: PlanRecord[]): PlanRecord[] {
  const key = (one: PlanRecord) => (one.fields.order as string | undefined) ?? "~";
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : titleOf(a).localeCompare(titleOf(b))));
}

// One place up or down among `list`: its order becomes one between its new neighbours'.
function move(list: PlanRecord[], at: number, by: -1 | 1): void {
  const rest = list.filter((_, i) => i !== at);
  const to = at + by;
  const order = between(rest[to - 1]?.fields.order ?? "", rest[to]?.fields.order ?? "");
  void write(`/records/${list[at]!.id}`, { fields: { order } }, "did.move");
}

function Item({ one, list, at }: { one: PlanRecord; list: PlanRecord[]; at: number }) {
  const statement = textOf(one, "statement", language.value);
  const title = titleOf(one);
  return (
    <li class="item">
      <div class="item-main">
        <h4>
          <a href={recordLink(one.id)}>{title}</a>{" "}
          {one.standing && !one.standing.in_the_plan && <Chip tone="warn">{t("not_yet_agreed")}</Chip>}
        </h4>
        {statement && statement.text !== title && <p lang={statement.lang}>{statement.text}</p>}
        <Standing one={one} compact />
      </div>
      {one.writable && list.length > 1 && (
        <div class="movers">
          <button type="button" class="plain" disabled={at === 0} aria-label={t("move_up", { what: title })} onClick={() => move(list, at, -1)}>
            <Icon name="up" size={16} />
          </button>
          <button type="button" class="plain" disabled={at === list.length - 1} aria-label={t("move_down", { what: title })} onClick={() => move(list, at, 1)}>
            <Icon name="down" size={16} />
          </button>
        </div>
      )}
    </li>
  );
}

function Items({ list, empty }: { list: PlanRecord[]; empty: string }) {
  if (list.length === 0) return <p class="note">{empty}</p>;
  return (
    <ul class="items">
      {list.map((one, i) => (
        <Item key={one.id} one={one} list={list} at={i} />
      ))}
    </ul>
  );
}

function KindSection({ kind }: { kind: "objective" | "method" | "outcome" }) {
  const all = recordsOf(kind);
  if (!all) return <Loading />;
  const sorted = inOrder(all);
  const owners = [null, ...seat.value!.towns.map((one) => one.id)];
  const columns = owners
    .map((owner) => ({ owner, list: sorted.filter((one) => one.owner === owner) }))
    .filter(({ owner, list }) => owner === null || kind === "objective" || list.length > 0);
  return (
    <Section
      title={t(`section.${kind}`)}
      note={t(`section_note.${kind}`)}
      actions={
        <>
          <AddLink quiet kind={kind} label={t(`add.${kind}`)} />
          <AddLink quiet kind={kind} fields={{ owner: "own" }} label={t(`add_own.${kind}`)} />
        </>
      }
    >
      {all.length === 0 ? (
        <Empty text={t(`empty.${kind}`)} />
      ) : (
        <div class="side-by-side">
          {columns.map(({ owner, list }) => (
            <div class={`column ${townClass(owner)}`}>
              <h3>
                <TownMark id={owner} />
              </h3>
              <Items list={list} empty={owner === town.value?.id ? t("none_of_ours") : t("none_yet")} />
            </div>
          ))}
        </div>
      )}
    </Section>
  );
}

function NotYetAgreed() {
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

function Matrix() {
  const objectives = inOrder(recordsOf("objective") ?? []);
  if (objectives.length === 0) return null;
  return (
    <Section title={t("matrix")} note={t("matrix_note")}>
      <Scroll label={t("matrix")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{kindPlural("objective")}</th>
              {seat.value!.towns.map((one) => (
                <th scope="col">
                  <TownMark id={one.id} />
                </th>
              ))}
              <th scope="col">{t("result")}</th>
            </tr>
          </thead>
          <tbody>
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
          </tbody>
        </table>
      </Scroll>
    </Section>
  );
}

export function PlanPage() {
  return (
    <>
      <PageTitle title={t("page.plan")} lead={t("plan_lead")} />
      <KindSection kind="objective" />
      <KindSection kind="method" />
      <KindSection kind="outcome" />
      <NotYetAgreed />
      <Matrix />
    </>
  );
}
