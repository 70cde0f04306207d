// The strategic plan in its three sections, shared aims and each town's own side by side, and where
// every town stands.
import { recordsOf, seat, town } from "../base/store";
import { t } from "../base/words";
import { AddLink, Empty, Loading, PageTitle, Section, townClass, TownMark } from "../parts/bits";
import { Matrix, NotYetAgreed } from "./plan/Agreement";
import { inOrder, Items } from "./plan/Items";

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
