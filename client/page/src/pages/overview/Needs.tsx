// What needs the town, by kind of need; what can be answered in one step is answered here.
import { fieldLabel, titleOf } from "../../base/format";
import { recordLink } from "../../base/route";
import { needs, record as find, sync } from "../../base/store";
import type { Need } from "../../base/types";
import { t } from "../../base/words";
import { Empty, Loading } from "../../parts/bits";
import { QuickPosition } from "../../parts/Consent";
import { useFew } from "../../parts/few";
import { Icon, kNeedIcons } from "../../parts/icons";

const kMostOfAKind = 3;
const kOrder = [
  "conflict", "confirm-member", "confirm-position", "agreement-lapsed", "stale-translation", "overdue", "dates-out-of-order",
  "refers-to-deleted", "over-budget", "agreement-awaited", "state-position", "nobody-responsible",
];

// Needs that somebody would call urgent: the others are work still to be done.
const kUrgent = new Set(kOrder.slice(0, 9));
export function urgent(list: Need[]): number {
  return list.filter((need) => kUrgent.has(need.need)).length;
}

// Where it is settled, when not on the record's own page.
const kElsewhere: Record<string, string> = { conflict: "#/conflicts", "confirm-member": "#/settings" };

function OneNeed({ need }: { need: Need }) {
  const one = find(need.record);
  return (
    <li>
      <span>
        <a href={kElsewhere[need.need] ?? recordLink(need.record)}>{one ? titleOf(one) : "…"}</a>
        {need.field && one && <span class="note"> {fieldLabel(one.kind, need.field)}</span>}
      </span>
      {one && need.need.endsWith("-position") && <QuickPosition one={one} />}
    </li>
  );
}

function NeedsOfAKind({ list }: { list: Need[] }) {
  const { shown, toggle } = useFew(list, kMostOfAKind);
  const kind = list[0]!.need;
  return (
    <li class={kUrgent.has(kind) ? "urgent" : ""}>
      <span class="need-icon">
        <Icon of={kNeedIcons[kind]} />
      </span>
      <div>
        <h3>{t(`needs.${kind.replaceAll("-", "_")}` as never, { count: list.length })}</h3>
        <ul class="more">
          {shown.map((need) => (
            <OneNeed key={`${need.record}-${need.field}-${need.conflict}`} need={need} />
          ))}
        </ul>
        {toggle}
      </div>
    </li>
  );
}

export function NeedsUs() {
  const list = needs.value;
  if (!list) return <Loading />;
  const refused = sync.value?.refused ?? 0;
  if (list.length === 0 && refused === 0) return <Empty text={t("nothing_needs_us")} />;
  const kinds = kOrder.map((kind) => list.filter((need) => need.need === kind)).filter((some) => some.length > 0);
  return (
    <ul class="needs card">
      {refused > 0 && (
        <li class="urgent">
          <span class="need-icon">
            <Icon of={kNeedIcons.refused} />
          </span>
          <div>
            <h3>
              <a href="#/history">{t("refused_changes", { count: refused })}</a>
            </h3>
            <span class="note">{t("need.refused")}</span>
          </div>
        </li>
      )}
      {kinds.map((some) => (
        <NeedsOfAKind key={some[0]!.need} list={some} />
      ))}
    </ul>
  );
}
