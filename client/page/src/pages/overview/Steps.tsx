// The four steps of a partnership, and how far each has come by what the plan holds.
import { valueLabel } from "../../base/format";
import { recordsOf, seat } from "../../base/store";
import { t } from "../../base/words";
import { Bar } from "../../parts/bits";
import { kFunctions } from "../Responsibilities";

const kSteps = ["find_a_partner", "formalise", "augment", "follow_up"] as const;
const kWhere = { find_a_partner: "settings", formalise: "plan", augment: "responsibilities", follow_up: "reviews" };

function share(all: number, done: number): number {
  return all === 0 ? 0 : Math.min(1, done / all);
}

function mean(...shares: number[]): number {
  return shares.reduce((sum, one) => sum + one, 0) / shares.length;
}

function completion(): Record<(typeof kSteps)[number], number> {
  const of = (kind: string) => recordsOf(kind) ?? [];
  const count = (kind: string, done: (one: ReturnType<typeof of>[number]) => boolean) =>
    share(of(kind).length, of(kind).filter(done).length);
  const towns = seat.value!.towns;
  const planned = [...of("objective"), ...of("method"), ...of("outcome")];
  const duties = of("responsibility");
  const cared = new Set(duties.map((one) => one.fields.activity));
  const filled = kFunctions.flatMap((name) =>
    towns.filter((town) => duties.some((one) => one.owner === town.id && one.fields.function === name)),
  );
  const reviewed = new Set(of("review").map((one) => one.fields.about));
  return {
    find_a_partner: mean(
      count("town", (one) => Boolean(one.fields.profile)),
      share(towns.length, new Set(of("compatibility").map((one) => one.owner)).size),
    ),
    formalise: mean(
      share(planned.length, planned.filter((one) => one.standing?.in_the_plan).length),
      of("charter").some((one) => one.signed) ? 1 : of("charter").some((one) => one.agreement?.agreed) ? 0.5 : 0,
    ),
    augment: mean(
      count("activity", (one) => cared.has(one.id) || one.fields.status === "done"),
      share(kFunctions.length * towns.length, filled.length),
    ),
    follow_up: mean(
      count("outcome", (one) => reviewed.has(one.id)),
      count("outcome", (one) => Number(one.fields.target ?? 0) > 0 && Number(one.fields.achieved ?? 0) >= Number(one.fields.target)),
    ),
  };
}

export function Steps() {
  const partnership = recordsOf("partnership")?.[0];
  const done = completion();
  return (
    <ol class="steps" aria-label={t("four_steps")}>
      {kSteps.map((step, i) => {
        const percent = Math.round(done[step] * 100);
        return (
          <li aria-current={partnership?.fields.step === step ? "step" : undefined}>
            <a href={`#/${kWhere[step]}`}>
              <span class="number" aria-hidden="true">{i + 1}</span>
              <span class="step-name">{valueLabel(step)}</span>
              <span class="note">{t("percent", { percent })}</span>
            </a>
            <Bar value={percent} of={100} label={t("percent_done", { percent })} />
          </li>
        );
      })}
    </ol>
  );
}
