// Everything that was asked and remarked, by what it is about; what is open comes first.
import { kindLabel, titleOf, titleOfId } from "../base/format";
import { recordLink } from "../base/route";
import { record as find, recordsOf } from "../base/store";
import type { PlanRecord } from "../base/types";
import { t } from "../base/words";
import { Chip, Empty, Loading, PageTitle } from "../parts/bits";
import { Comments } from "../parts/Comments";

function Thread({ id, open }: { id: string; open: number }) {
  const one = find(id);
  if (!one) return null;
  const heading = (
    <>
      <a href={recordLink(id)}>{titleOf(one)}</a> <span class="note">{kindLabel(one.kind)}</span>
      {open > 0 && <Chip tone="warn">{t("open_comments", { count: open })}</Chip>}
    </>
  );
  return <Comments about={one} heading={heading} label={titleOfId(id)} />;
}

export function CommentsPage() {
  const list = recordsOf("comment");
  if (!list) return <Loading />;
  const openOf = (id: string) => list.filter((one) => one.fields.about === id && one.fields.resolved !== true).length;
  const latest = (id: string) =>
    list.filter((one: PlanRecord) => one.fields.about === id).reduce((time, one) => (one.created > time ? one.created : time), "");
  const about = [...new Set(list.map((one) => one.fields.about as string))];
  about.sort((a, b) => Number(openOf(b) > 0) - Number(openOf(a) > 0) || latest(b).localeCompare(latest(a)));
  return (
    <>
      <PageTitle title={t("page.comments")} lead={t("comments_lead")} />
      {list.length === 0 ? (
        <Empty text={t("empty.comment")}>
          <a class="button" href="#/plan">{t("page.plan")}</a>
          <a class="button" href="#/timetable">{t("page.timetable")}</a>
        </Empty>
      ) : (
        about.map((id) => <Thread key={id} id={id} open={openOf(id)} />)
      )}
    </>
  );
}
