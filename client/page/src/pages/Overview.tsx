// Where the partnership stands, what needs us, and what the other towns did meanwhile.
import { formatDay, formatNumber, formatShortDay, fieldLabel, kindLabel, titleOf } from "../base/format";
import { newLink, recordLink } from "../base/route";
import { recordsOf, seat } from "../base/store";
import type { PlanRecord } from "../base/types";
import { t } from "../base/words";
import { AddLink, Bar, Empty, Loading, PageTitle, Section, TownMark } from "../parts/bits";
import { useFew } from "../parts/few";
import { kTones, RatingChip } from "../parts/Rating";
import { Away } from "./overview/Away";
import { NeedsUs } from "./overview/Needs";
import { Steps } from "./overview/Steps";

// --- Outcomes --------------------------------------------------------------------------------------

const kMostOutcomes = 8;
const kConcern: Record<string, number> = { off_track: 0, at_risk: 1, on_track: 3, achieved: 4, dropped: 5 };

interface Rated {
  one: PlanRecord;
  rating?: string; // of its last review
}

// What is of most concern first, then what is due first.
function rated(outcomes: PlanRecord[], reviews: PlanRecord[]): Rated[] {
  const latest = new Map(reviews.map((review) => [review.fields.about as string, review.fields.rating as string | undefined]));
  const concern = ({ rating }: Rated) => (rating ? (kConcern[rating] ?? 2) : 2);
  const due = ({ one }: Rated) => (one.fields.due as string | undefined) ?? "9999";
  return outcomes
    .map((one) => ({ one, rating: latest.get(one.id) }))
    .sort((a, b) => concern(a) - concern(b) || due(a).localeCompare(due(b)));
}

function Outcomes() {
  const outcomes = recordsOf("outcome");
  const { shown, toggle } = useFew(rated(outcomes ?? [], recordsOf("review") ?? []), kMostOutcomes);
  if (!outcomes) return <Loading />;
  if (outcomes.length === 0) {
    return (
      <Empty text={t("empty.outcome")}>
        <AddLink kind="outcome" label={t("add.outcome")} />
      </Empty>
    );
  }
  return (
    <div class="scroll">
      <table class="outcomes">
        <thead>
          <tr>
            <th scope="col">{kindLabel("outcome")}</th>
            <th scope="col">{t("progress")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ one, rating }) => (
            <OutcomeRow key={one.id} one={one} rating={rating} />
          ))}
        </tbody>
      </table>
      {toggle && <p class="after-table">{toggle}</p>}
    </div>
  );
}

function OutcomeRow({ one, rating }: Rated) {
  const achieved = Number(one.fields.achieved ?? 0);
  const target = Number(one.fields.target ?? 0);
  const words = t("achieved_of", { achieved: formatNumber(achieved), target: formatNumber(target) });
  return (
    <tr>
      <th scope="row">
        <a href={recordLink(one.id)}>{titleOf(one)}</a>
        <div class="note">{one.fields.due ? t("due_on", { day: formatDay(one.fields.due) }) : ""}</div>
      </th>
      <td>
        <div class="chips">
          <span>{words}</span>
          {rating && <RatingChip rating={rating} />}
        </div>
        <Bar value={achieved} of={target} label={words} tone={rating ? kTones[rating] : undefined} />
      </td>
    </tr>
  );
}

// --- Dates -----------------------------------------------------------------------------------------

const kMostDates = 7;

interface Coming {
  one: PlanRecord;
  day: string;
  what: string;
}

function comingDates(activities: PlanRecord[], funds: PlanRecord[], today: string): Coming[] {
  const dates = [
    ...activities.flatMap((one): Coming[] => [
      ...(one.fields.deadline ? [{ one, day: one.fields.deadline as string, what: fieldLabel("activity", "deadline") }] : []),
      ...(one.fields.window?.from ? [{ one, day: one.fields.window.from as string, what: t("begins") }] : []),
    ]),
    ...funds.flatMap((one) => (one.fields.apply_by ? [{ one, day: one.fields.apply_by as string, what: fieldLabel("fund", "apply_by") }] : [])),
  ];
  return dates
    .filter(({ day }) => day >= today)
    .sort((a, b) => a.day.localeCompare(b.day))
    .slice(0, kMostDates);
}

function Dates() {
  const activities = recordsOf("activity");
  if (!activities) return <Loading />;
  const dates = comingDates(activities, recordsOf("fund") ?? [], seat.value!.today);
  if (dates.length === 0) {
    return (
      <Empty text={t("empty.dates")}>
        <a class="button primary" href={newLink("activity")}>{t("add.activity")}</a>
      </Empty>
    );
  }
  return (
    <ul class="dates card list">
      {dates.map(({ one, day, what }) => (
        <li>
          <time class="day" dateTime={day}>
            {formatShortDay(day)}
            <span class="note"> {day.slice(0, 4)}</span>
          </time>
          <span>
            <a href={recordLink(one.id)}>{titleOf(one)}</a>
            <span class="note"> {what}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

export function OverviewPage() {
  return (
    <>
      <PageTitle title={t("page.overview")} />
      <p class="partners">
        {seat.value?.towns.map((one) => (
          <TownMark key={one.id} id={one.id} full />
        ))}
      </p>
      <Steps />
      <div class="overview">
        <div>
          <Section title={t("needs_us")}>
            <NeedsUs />
          </Section>
          <Section title={t("while_away")}>
            <Away />
          </Section>
        </div>
        <div>
          <Section title={t("next_dates")}>
            <Dates />
          </Section>
          <Section title={t("outcomes_so_far")}>
            <Outcomes />
          </Section>
        </div>
      </div>
    </>
  );
}
