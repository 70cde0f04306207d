// What concurrent edits left for people to settle.
import { useEffect, useState } from "preact/hooks";
import { get } from "../base/api";
import { at, conflicts, moment } from "../base/store";
import type { Conflict } from "../base/types";
import { t } from "../base/words";
import { Empty, Loading, PageTitle } from "../parts/bits";
import { ConflictCard } from "../parts/ConflictCard";

function Settled() {
  const [all, setAll] = useState<Conflict[] | null>(null);
  const now = moment.value;
  useEffect(() => {
    void get<Conflict[]>(at("/conflicts"), { all: 1 }).then(
      (answer) => setAll(answer.filter((one) => one.settled && !one.settled.reopened)),
      () => {},
    );
  }, [now]);
  if (!all) return <Loading />;
  if (all.length === 0) return <Empty text={t("empty.settled")} />;
  return (
    <>
      {all.map((conflict) => (
        <ConflictCard key={conflict.id} conflict={conflict} />
      ))}
    </>
  );
}

export function ConflictsPage() {
  const [past, setPast] = useState(false);
  const list = conflicts.value;
  return (
    <>
      <PageTitle title={t("page.conflicts")} lead={t("conflicts_lead")}>
        <button type="button" aria-expanded={past} onClick={() => setPast(!past)}>
          {past ? t("hide_settled") : t("show_settled")}
        </button>
      </PageTitle>
      {!list ? (
        <Loading />
      ) : list.length === 0 ? (
        <Empty text={t("empty.conflicts")} />
      ) : (
        list.map((conflict) => <ConflictCard key={conflict.id} conflict={conflict} />)
      )}
      {past && (
        <section aria-label={t("settled_ones")}>
          <h2 class="day-head">{t("settled_ones")}</h2>
          <Settled />
        </section>
      )}
    </>
  );
}
