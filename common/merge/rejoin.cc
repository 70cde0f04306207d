// Several branches of a record become one again: what they differ in are its candidates.
#include <set>

#include "common/merge/conflict.h"
#include "common/merge/record.h"
#include "common/text/difference.h"

namespace twinning::merge {
namespace {

std::vector<Candidate> ShownIn(const std::vector<const Record*>& branches, uint32_t field) {
  std::vector<Candidate> shown;
  for (const Record* branch : branches) {
    auto found = branch->registers.find(field);
    if (found == branch->registers.end() || found->second.candidates.empty()) continue;
    const Candidate& candidate = found->second.candidates.back();
    if (std::find(shown.begin(), shown.end(), candidate) == shown.end()) shown.push_back(candidate);
  }
  std::sort(shown.begin(), shown.end(),
            [](const Candidate& a, const Candidate& b) { return a.stamp < b.stamp; });
  return shown;
}

void RejoinRegister(Record& record, uint32_t field, bool quiet, const Author& author,
                    std::vector<Candidate> shown) {
  if (shown.empty()) return;
  Register& reg = record.registers[field];
  if (!quiet && Differ(ConflictKind::kValues, shown)) {
    reg.conflict = OpenConflict{
        ConflictId(record.id, {field, ""}, ConflictKind::kValues, shown.front().stamp, /*place=*/1),
        author.stamp.sequence};
  } else {
    shown = {shown.back()};
    reg.conflict.reset();
  }
  reg.candidates = std::move(shown);
}

std::vector<Candidate> TextsOf(const std::vector<const Record*>& branches, const TextKey& key) {
  std::vector<Candidate> texts;
  for (const Record* branch : branches) {
    auto found = branch->texts.find(key);
    if (found == branch->texts.end() || found->second.marks.empty()) continue;
    const TextField::Mark& last = found->second.marks.back();
    Candidate text{last.stamp, found->second.document.text(), last.time_ms};
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
  }
  return texts;
}

// The text goes on as the first branch has it, with a conflict over all of it where they differ.
absl::Status RejoinText(Record& record, const TextKey& key, const Author& author,
                        std::vector<Candidate> texts) {
  if (texts.empty()) return absl::OkStatus();
  Author seeing_all = author;
  seeing_all.context.base = author.stamp.sequence;
  std::vector<text::Splice> splices =
      text::Difference(record.texts[key].document.text(), texts.front().value);
  if (!splices.empty()) {
    absl::Status spliced = SpliceText(record, key, seeing_all, splices);
    if (!spliced.ok()) return spliced;
  }
  if (!Differ(ConflictKind::kPassage, texts)) return absl::OkStatus();
  TextField& field = record.texts[key];
  PassageConflict open;
  open.conflict = {ConflictId(record.id, key, ConflictKind::kPassage, texts.front().stamp, -1),
                   author.stamp.sequence};
  open.end = field.document.size();
  open.candidates = std::move(texts);
  field.conflicts.push_back(std::move(open));
  return absl::OkStatus();
}

}  // namespace

absl::Status Rejoin(Record& record, const Author& author,
                    const std::vector<const Record*>& branches, uint32_t owner_field,
                    const std::set<uint32_t>& quiet_fields) {
  std::set<uint32_t> registers;
  std::set<TextKey> texts;
  for (const Record* branch : branches) {
    for (const auto& [field, reg] : branch->registers) registers.insert(field);
    for (const auto& [key, text] : branch->texts) texts.insert(key);
    for (const auto& [field, set] : branch->sets) {
      for (const auto& [value, adds] : set.adds) {
        std::vector<Stamp>& all = record.sets[field].adds[value];
        all.insert(all.end(), adds.begin(), adds.end());
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
      }
    }
  }
  registers.erase(owner_field);
  for (uint32_t field : registers) {
    RejoinRegister(record, field, quiet_fields.contains(field), author, ShownIn(branches, field));
  }
  for (const TextKey& key : texts) {
    absl::Status status = RejoinText(record, key, author, TextsOf(branches, key));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace twinning::merge
