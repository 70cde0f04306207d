// One moment of the plan's life, chosen on a slider, by single changes or by a day.
import { localDay } from "../../base/days";
import { formatTime } from "../../base/format";
import { t } from "../../base/words";
import { DateInput } from "../../parts/DateInput";
import { Icon } from "../../parts/icons";
import { endOf, type Moment, stepFrom } from "./moments";

interface Props {
  id: string;
  label: string;
  moments: Moment[];
  value: Moment | null; // null: now, what is not sent yet included
  choose: (moment: Moment | null) => void;
  mayBeNow?: boolean;
  least?: number; // the earliest entry that may be chosen
}

// The last of the moments that is not after `value`.
function indexOf(moments: Moment[], value: Moment): number {
  const after = moments.findIndex((one) => one.sequence > value.sequence);
  return after < 0 ? moments.length - 1 : Math.max(0, after - 1);
}

export function MomentSlider({ id, label, moments, value, choose, mayBeNow, least = 1 }: Props) {
  const last = moments.at(-1)!;
  const shown = value ?? last;
  const words = value ? formatTime(value.time) : t("now");
  const index = value ? indexOf(moments, value) : moments.length;
  const take = (moment: Moment | null) => {
    if (moment) choose(moment.sequence >= least ? moment : (moments.find((one) => one.sequence >= least) ?? last));
  };
  const slide = (to: number) => (to >= moments.length ? choose(null) : take(moments[to]!));
  const step = (by: number) => void stepFrom(shown, by).then(take);
  return (
    <div class="moment" role="group" aria-label={label}>
      <label for={id}>{label}</label>
      <div class="moment-line">
        <button type="button" class="plain" aria-label={t("one_change_earlier")} disabled={shown.sequence <= least} onClick={() => step(-1)}>
          <Icon name="back" />
        </button>
        <input
          id={id}
          type="range"
          min={0}
          max={moments.length - (mayBeNow ? 0 : 1)}
          value={index}
          aria-valuetext={words}
          onInput={(event) => slide(Number(event.currentTarget.value))}
        />
        <button type="button" class="plain" aria-label={t("one_change_later")} disabled={shown.sequence >= last.sequence} onClick={() => step(1)}>
          <Icon name="next" />
        </button>
      </div>
      <div class="moment-words">
        <output for={id}>{words}</output>
        <DateInput
          id={`${id}-day`}
          label={`${label}${t("colon")} ${t("day")}`}
          value={localDay(shown.time)}
          save={(day) => void (day && endOf(day).then(take))}
        />
      </div>
    </div>
  );
}
