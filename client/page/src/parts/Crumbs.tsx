// The way back from a record to the page that lists its kind.
import { type Key, t } from "../base/words";
import { Icon } from "./icons";

const kPageOf: Record<string, string> = {
  objective: "plan", method: "plan", outcome: "plan", position: "plan", activity: "timetable", charter: "charter",
  ratification: "charter", responsibility: "responsibilities", person: "responsibilities", resource: "resources",
  fund: "money", budget_line: "money", meeting: "meetings", series: "meetings", review: "reviews",
  consultation: "consultation", notice: "consultation", comment: "comments", town: "settings", partnership: "settings",
  compatibility: "settings",
};

export function pageOfKind(kind: string | undefined): string | undefined {
  return kind ? kPageOf[kind] : undefined;
}

export function Crumbs({ kind }: { kind: string }) {
  const page = pageOfKind(kind);
  if (!page) return null;
  return (
    <p class="crumbs">
      <a href={`#/${page}`}>
        <Icon name="back" size={16} />
        {t(`page.${page}` as Key)}
      </a>
    </p>
  );
}
