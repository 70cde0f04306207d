// What needs the town, by kind of need; what can be answered in one step is answered here.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../base/api";
import { fieldLabel, titleOf } from "../../base/format";
import { recordLink } from "../../base/route";
import { at, needs, record as find, sync } from "../../base/store";
import type { Need, NeedsOfAKind } from "../../base/types";
import { t } from "../../base/words";
import { Empty, Loading } from "../../parts/bits";
import { QuickPosition } from "../../parts/Consent";
import { MoreButton } from "../../parts/few";
import { Icon, kNeedIcons } from "../../parts/icons";

const kOrder = [
  "conflict", "confirm-member", "confirm-position", "agreement-lapsed", "stale-translation", "overdue", "dates-out-of-order",
  "refers-to-deleted", "over-budget", "agreement-awaited", "state-position", "nobody-responsible",
];

// Needs that somebody would call urgent: the others are work still to be done.
const kUrgent = new Set(kOrder.slice(0, 9));
export function urgent(list: NeedsOfAKind[]): number {
  return list.reduce((sum, { need, count }) => sum + (kUrgent.has(need) ? count : 0), 0);
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

// All of a kind, asked for when somebody wants to see them and again whenever what needs the town was.
function useAll(some: NeedsOfAKind, wanted: boolean): Need[] | null {
  const [all, setAll] = useState<Need[] | null>(null);
  useEffect(() => {
    if (!wanted) return setAll(null);
    let over = false;
    void get<Need[]>(at("/attention"), { need: some.need }).then(
      (answer) => over || setAll(answer),
      () => {},
    );
    return () => {
      over = true;
    };
  }, [some, wanted]);
  return all;
}

function OfAKind({ some }: { some: NeedsOfAKind }) {
  const [open, setOpen] = useState(false);
  const all = useAll(some, open);
  const kind = some.need;
  return (
    <li class={kUrgent.has(kind) ? "urgent" : ""}>
      <span class="need-icon">
        <Icon of={kNeedIcons[kind]} />
      </span>
      <div>
        <h3>{t(`needs.${kind.replaceAll("-", "_")}` as never, { count: some.count })}</h3>
        <ul class="more">
          {(all ?? some.first).map((need) => (
            <OneNeed key={`${need.record}-${need.field}-${need.conflict}`} need={need} />
          ))}
        </ul>
        {some.count > some.first.length && <MoreButton count={some.count} open={open} toggle={() => setOpen(!open)} />}
      </div>
    </li>
  );
}

export function NeedsUs() {
  const list = needs.value;
  if (!list) return <Loading />;
  const refused = sync.value?.refused ?? 0;
  if (list.length === 0 && refused === 0) return <Empty text={t("nothing_needs_us")} />;
  const kinds = kOrder.flatMap((kind) => list.filter((some) => some.need === kind));
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
        <OfAKind key={some.need} some={some} />
      ))}
    </ul>
  );
}
