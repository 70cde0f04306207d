// Where the partnership stands, what needs us, and what the other towns did meanwhile.
import { useEffect, useState } from "preact/hooks";
import { get, post } from "../base/api";
import { fieldLabel, formatDay, formatNumber, kindLabel, titleOf, valueLabel } from "../base/format";
import { newLink, recordLink } from "../base/route";
import { at, moment, needs, record as find, recordsOf, seat, sync } from "../base/store";
import type { LogItem, Need, PlanRecord } from "../base/types";
import { t } from "../base/words";
import { Bar, Chip, Empty, Loading, PageTitle, Scroll, Section } from "../parts/bits";
import { Group, grouped } from "../parts/Story";

const kSteps = ["find_a_partner", "formalise", "augment", "follow_up"] as const;

function share(list: unknown[], good: unknown[]): number {
  return list.length === 0 ? 0 : good.length / list.length;
}

// How far each of the four steps has come, by what the plan holds.
function completion(): Record<(typeof kSteps)[number], number> {
  const of = (kind: string) => recordsOf(kind) ?? [];
  const towns = of("town");
  const planned = [...of("objective"), ...of("method"), ...of("outcome")];
  const activities = of("activity");
  const responsible = new Set(of("responsibility").map((one) => one.fields.activity));
  const outcomes = of("outcome");
  return {
    find_a_partner: (share(towns, towns.filter((one) => one.fields.profile)) + (towns.length > 1 ? 1 : 0)) / 2,
    formalise:
      (share(planned, planned.filter((one) => one.standing?.in_the_plan)) +
        (of("charter").some((one) => one.signed || one.agreement?.agreed) ? 1 : 0)) / 2,
    augment: share(activities, activities.filter((one) => responsible.has(one.id) || one.fields.status === "done")),
    follow_up: share(outcomes, outcomes.filter((one) => of("review").some((review) => review.fields.about === one.id))),
  };
}

function Steps() {
  const partnership = recordsOf("partnership")?.[0];
  const done = completion();
  return (
    <ol class="steps">
      {kSteps.map((step, i) => {
        const percent = Math.round(done[step] * 100);
        return (
          <li aria-current={partnership?.fields.step === step ? "step" : undefined}>
            <span class="number" aria-hidden="true">{i + 1}</span>
            <span class="step-name">{valueLabel(step)}</span>
            <Bar value={percent} of={100} label={t("percent_done", { percent })} />
            <span class="note">{t("percent", { percent })}</span>
          </li>
        );
      })}
    </ol>
  );
}

function Outcomes() {
  const outcomes = recordsOf("outcome");
  if (!outcomes) return <Loading />;
  if (outcomes.length === 0) {
    return (
      <Empty text={t("empty.outcome")}>
        <a class="button" href={newLink("outcome")}>{t("add.outcome")}</a>
      </Empty>
    );
  }
  return (
    <Scroll label={t("outcomes_so_far")}>
<table>
      <thead>
        <tr>
          <th scope="col">{kindLabel("outcome")}</th>
          <th scope="col">{t("progress")}</th>
          <th scope="col" class="wide">{t("so_far")}</th>
          <th scope="col">{fieldLabel("outcome", "due")}</th>
        </tr>
      </thead>
      <tbody>
        {outcomes.map((one) => (
          <OutcomeRow one={one} />
        ))}
      </tbody>
    </table>
</Scroll>
  );
}

function OutcomeRow({ one }: { one: PlanRecord }) {
  const achieved = Number(one.fields.achieved ?? 0);
  const target = Number(one.fields.target ?? 0);
  const words = t("achieved_of", { achieved: formatNumber(achieved), target: formatNumber(target) });
  const rating = recordsOf("review")?.filter((review) => review.fields.about === one.id).at(-1)?.fields.rating;
  return (
    <tr>
      <td>
        <a href={recordLink(one.id)}>{titleOf(one)}</a>
        {rating && <RatingChip rating={rating} />}
      </td>
      <td>{words}</td>
      <td class="wide">
        <Bar value={achieved} of={target} label={words} />
      </td>
      <td>{one.fields.due ? formatDay(one.fields.due) : ""}</td>
    </tr>
  );
}

export function RatingChip({ rating }: { rating: string }) {
  const tone = { on_track: "good", achieved: "good", at_risk: "warn", off_track: "bad" }[rating] as "good" | "warn" | "bad";
  return <Chip tone={tone}>{valueLabel(rating)}</Chip>;
}

const kMostOfAKind = 3;
const kOrder = [
  "conflict", "confirm-position", "agreement-lapsed", "stale-translation", "overdue", "dates-out-of-order",
  "refers-to-deleted", "over-budget", "agreement-awaited", "state-position", "nobody-responsible",
];

// Needs that somebody would call urgent: the others are work still to be done.
const kUrgent = new Set(kOrder.slice(0, 8));
export function urgent(list: Need[]): number {
  return list.filter((need) => kUrgent.has(need.need)).length;
}

function NeedsOfAKind({ list }: { list: Need[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? list : list.slice(0, kMostOfAKind);
  const kind = list[0]!.need;
  return (
    <li>
      <span class="need-name">{t(`needs.${kind.replaceAll("-", "_")}` as never, { count: list.length })}</span>
      <ul class="more">
        {shown.map((need) => {
          const one = find(need.record);
          return (
            <li key={`${need.record}-${need.field}-${need.conflict}`}>
              <a href={kind === "conflict" ? "#/conflicts" : recordLink(need.record)}>{one ? titleOf(one) : "…"}</a>
              {need.field && one && <span class="note"> {fieldLabel(one.kind, need.field)}</span>}
            </li>
          );
        })}
      </ul>
      {list.length > kMostOfAKind && (
        <button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("show_fewer") : t("show_all", { count: list.length })}
        </button>
      )}
    </li>
  );
}

function NeedsUs() {
  const list = needs.value;
  if (!list) return <Loading />;
  const refused = sync.value?.refused ?? 0;
  if (list.length === 0 && refused === 0) return <Empty text={t("nothing_needs_us")} />;
  const kinds = kOrder.map((kind) => list.filter((need) => need.need === kind)).filter((some) => some.length > 0);
  return (
    <ul class="needs">
      {refused > 0 && (
        <li>
          <a class="need-name" href="#/history">{t("refused_changes", { count: refused })}</a>{" "}
          <span class="note">{t("need.refused")}</span>
        </li>
      )}
      {kinds.map((some) => (
        <NeedsOfAKind key={some[0]!.need} list={some} />
      ))}
    </ul>
  );
}

const kMostDates = 7;

function Deadlines() {
  const today = seat.value!.today;
  const activities = recordsOf("activity");
  const funds = recordsOf("fund") ?? [];
  if (!activities) return <Loading />;
  const dates = [
    ...activities.flatMap((one) => [
      ...(one.fields.deadline ? [{ one, day: one.fields.deadline as string, what: fieldLabel("activity", "deadline") }] : []),
      ...(one.fields.window?.from ? [{ one, day: one.fields.window.from as string, what: t("begins") }] : []),
    ]),
    ...funds.flatMap((one) => (one.fields.apply_by ? [{ one, day: one.fields.apply_by as string, what: fieldLabel("fund", "apply_by") }] : [])),
  ]
    .filter(({ day }) => day >= today)
    .sort((a, b) => a.day.localeCompare(b.day))
    .slice(0, kMostDates);
  if (dates.length === 0) {
    return (
      <Empty text={t("empty.dates")}>
        <a class="button" href={newLink("activity")}>{t("add.activity")}</a>
      </Empty>
    );
  }
  return (
    <ul class="dates">
      {dates.map(({ one, day, what }) => (
        <li>
          <span class="day">{formatDay(day)}</span>
          <a href={recordLink(one.id)}>{titleOf(one)}</a>
          <span class="note">{what}</span>
        </li>
      ))}
    </ul>
  );
}

const kMostStories = 6;

function Away() {
  const [items, setItems] = useState<LogItem[] | null>(null);
  const now = moment.value;
  const seen = seat.value!.seen;
  useEffect(() => {
    let over = false;
    void get<{ items: LogItem[] }>(at("/log"), { others: 1, after: seen, limit: 40 }).then(
      (answer) => over || setItems(answer.items),
      () => {},
    );
    return () => {
      over = true;
    };
  }, [now, seen]);
  if (!items) return <Loading />;
  const latest = items[0]?.sequence;
  const acknowledge = async (sequence: number) => {
    await post(at("/seen"), { sequence }).catch(() => {});
    seat.value = { ...seat.value!, seen: sequence };
  };
  if (items.length === 0) return <Empty text={t("nothing_while_away")} />;
  return (
    <>
      <ul class="stories">
        {grouped(items)
          .slice(0, kMostStories)
          .map((group) => {
            const about = group[0]!.deeds.find((deed) => deed.kind && deed.kind !== "position" && deed.kind !== "comment");
            return (
              <Group
                items={group}
                actions={about && <a href={`${recordLink(about.record)}`}>{t("ask")}</a>}
              />
            );
          })}
      </ul>
      {grouped(items).length > kMostStories && (
        <p>
          <a href="#/history">{t("more_in_history")}</a>
        </p>
      )}
      {latest && (
        <button type="button" class="primary" onClick={() => void acknowledge(latest)}>
          {t("all_seen")}
        </button>
      )}
    </>
  );
}

export function OverviewPage() {
  return (
    <>
      <PageTitle title={t("page.overview")} lead={seat.value?.towns.map((one) => one.name).join(" · ")} />
      <Steps />
      <div class="columns">
        <Section title={t("needs_us")}>
          <NeedsUs />
        </Section>
        <Section title={t("next_dates")}>
          <Deadlines />
        </Section>
      </div>
      <Section title={t("outcomes_so_far")}>
        <Outcomes />
      </Section>
      <Section title={t("while_away")}>
        <Away />
      </Section>
    </>
  );
}
