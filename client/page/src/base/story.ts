// What somebody did, as a sentence in the page's language.
import { fieldLabel, functionLabel, kindLabel, titleOf, valueLabel } from "./format";
import { kindOf, record } from "./store";
import type { Deed, LogItem } from "./types";
import { has, named, t } from "./words";

// "activity “Teacher seminar”". What is named by something else is named by it as it is called now.
export function nameOf(kind: string | null, title: string | null, id?: string): string {
  const one = kind && kNamedByOthers.has(kind) && id ? record(id) : undefined;
  if (kind && one) return t("named_record", { kind: kindLabel(kind), title: titleOf(one) });
  if (kind && kNamedByOthers.has(kind)) return kindLabel(kind);
  if (!kind) return t("something_gone");
  const called = kind === "responsibility" && title ? functionLabel(title) : title;
  return called && !called.startsWith("(no title)")
    ? t("named_record", { kind: kindLabel(kind), title: called })
    : kindLabel(kind);
}

const kNamedByOthers = new Set(["comment", "review", "position", "responsibility"]);

function sentence(deed: Deed): string {
  const what = nameOf(deed.kind, deed.title, deed.record);
  const key = `deed.${deed.deed}`;
  if (!has(key)) return t("deed.write", { what });
  const field = deed.field && deed.kind ? fieldLabel(deed.kind, deed.field) : t("the_record_itself");
  return t(key, { what, field });
}

// What writes a record and nothing else: said once for each record.
const kWriting = new Set(["write", "splice", "add", "remove", "increment"]);

function deedsIn(item: { deeds: Deed[] }): Deed[] {
  const deeds: Deed[] = [];
  const made = new Set(item.deeds.filter((one) => one.deed === "create").map((one) => one.record));
  const written = new Set<string>();
  for (const deed of item.deeds) {
    if (deed.kind === "position" && kWriting.has(deed.deed)) {
      if (!written.has(deed.record)) deeds.push({ ...deed, deed: "position" });
      written.add(deed.record);
      continue;
    }
    if (deed.kind === "position" && deed.deed === "create") continue;
    if (!kWriting.has(deed.deed)) deeds.push(deed);
    else if (!made.has(deed.record) && !written.has(deed.record)) {
      written.add(deed.record);
      deeds.push({ ...deed, deed: "write" });
    }
  }
  return deeds;
}

const kMostSentences = 6;

export function deedSentences(deeds: Deed[]): string[] {
  return shortened(deedsIn({ deeds }).map(sentence));
}

export function sentencesOf(item: LogItem): string[] {
  if (item.refused) return [t("log_refused", { why: named(`reason.${item.refused.code}`, "") })];
  if (item.member) {
    const role = valueLabel(item.member.role);
    const parts = { town: item.member.town, name: item.member.name, role };
    return [t(item.member.action === "admit_town" ? "log_town" : item.member.action === "revoke" ? "log_revoked" : "log_member", parts)];
  }
  if (item.entry && item.entry !== "change") return [named(`log_${item.entry}`, t("log_other"))];
  return deedSentences(item.deeds);
}

function shortened(sentences: string[]): string[] {
  if (sentences.length <= kMostSentences) return sentences;
  return [...sentences.slice(0, kMostSentences), t("and_more", { count: sentences.length - kMostSentences })];
}

// Fields that are for machines or said otherwise.
export function isTold(kind: string | null, field: string | null): boolean {
  if (!field) return false;
  const found = kind ? kindOf(kind)?.fields.find((one) => one.name === field) : undefined;
  if (kind === "comment" && field !== "body" && field !== "resolved") return false;
  return found?.rule !== "quiet_register" && found?.type !== "bytes";
}
