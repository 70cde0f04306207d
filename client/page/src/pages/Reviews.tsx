// How things stand against the outcomes: reviews, and what nobody has reviewed yet.
import { formatNumber, formatWindow, titleOf, valueLabel } from "../base/format";
import { newLink, recordLink } from "../base/route";
import { recordsOf } from "../base/store";
import type { PlanRecord } from "../base/types";
import { t } from "../base/words";
import { AddLink, Bar, Chip, Empty, Loading, PageTitle, Section, TownMark } from "../parts/bits";
import { ListItem } from "../parts/ListItem";
import { kTones, RatingChip } from "../parts/Rating";

function Review({ one }: { one: PlanRecord }) {
  const note = (
    <>
      <TownMark id={one.owner} /> {one.fields.period ? formatWindow(one.fields.period) : ""}
    </>
  );
  return (
    <ListItem one={one} note={note} text="narrative">
      <p class="chips">
        {one.fields.rating && <RatingChip rating={one.fields.rating} />}
        {one.fields.decision && <Chip>{t("decision_is", { decision: valueLabel(one.fields.decision) })}</Chip>}
        {one.agreement?.agreed && <Chip tone="good">{t("agreed")}</Chip>}
      </p>
    </ListItem>
  );
}

function Outcome({ one, latest }: { one: PlanRecord; latest?: PlanRecord }) {
  const parts = { achieved: formatNumber(Number(one.fields.achieved ?? 0)), target: formatNumber(Number(one.fields.target ?? 0)) };
  const words = t("achieved_of", parts);
  return (
    <li class="progress-row">
      <a href={recordLink(one.id)}>{titleOf(one)}</a>
      <Bar value={Number(one.fields.achieved ?? 0)} of={Number(one.fields.target ?? 0)} label={words} tone={kTones[latest?.fields.rating]} />
      <span>{words}</span>
      <a class="button" href={newLink("review", { about: one.id })}>
        {t("review_it")}
        <span class="hidden"> ({titleOf(one)})</span>
      </a>
    </li>
  );
}

export function ReviewsPage() {
  const list = recordsOf("review");
  const outcomes = recordsOf("outcome") ?? [];
  if (!list) return <Loading />;
  const sorted = [...list].sort((a, b) => b.created.localeCompare(a.created));
  return (
    <>
      <PageTitle title={t("page.reviews")} lead={t("reviews_lead")}>
        <AddLink kind="review" label={t("add.review")} />
      </PageTitle>
      {outcomes.length > 0 && (
        <Section title={t("outcomes_so_far")}>
          <ul class="rows">
            {outcomes.map((one) => (
              <Outcome key={one.id} one={one} latest={sorted.find((review) => review.fields.about === one.id)} />
            ))}
          </ul>
        </Section>
      )}
      <Section title={t("page.reviews")}>
        {list.length === 0 ? <Empty text={t("empty.review")} /> : (
          <ul class="rows">{sorted.map((one) => <Review key={one.id} one={one} />)}</ul>
        )}
      </Section>
    </>
  );
}
