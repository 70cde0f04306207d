// Saying a refused change once more.
#include <fmt/core.h>

#include "common/base/status.h"
#include "common/plan/applier.h"
#include "common/plan/compose.h"
#include "common/plan/titles.h"

namespace twinning::plan {
namespace {

// What a splice made at its author's version comes to in the text as it is now.
absl::StatusOr<std::vector<text::Splice>> Moved(const merge::Record& record,
                                                const merge::TextKey& key,
                                                const merge::Author& author,
                                                std::vector<text::Splice> splices) {
  auto found = record.texts.find(key);
  if (found == record.texts.end()) return splices;
  merge::Context before = author.context;
  before.number = author.stamp.number - 1;
  text::Document copy = found->second.document;
  text::Author writer = copy.AddAuthor(author.replica.bytes());
  return copy.Append(writer, merge::VersionSeenBy(found->second, before), splices);
}

// A branch whose divergence was taken back is part of the one record again.
RecordId NowPartOf(const Plan& view, const RecordId& named) {
  const merge::Record* record = view.Find(named);
  if (record == nullptr || record->branch_of.empty()) return named;
  return view.Find(record->branch_of)->diverged ? named : record->branch_of;
}

absl::Status WriteAnew(const Plan& view, const merge::Record& record) {
  return FailedPrecondition(fmt::format(
      "the text of {} that this change edits is not there: write it anew", NameOf(view, record)));
}

}  // namespace

absl::StatusOr<std::vector<v1::Edit>> Again(const Plan& view, const Change& refused) {
  std::optional<merge::ReplicaIndex> index = view.IndexOf(refused.authored.replica);
  if (!index) return NotFound("the change's replica is not a member");
  merge::Author author = view.AuthorOf(refused.authored, merge::kPending);
  std::vector<v1::Edit> edits;
  for (const v1::Edit& edit : refused.edits.edits()) {
    edits.push_back(edit);
    std::optional<RecordId> named = RecordId::Of(edit.record());
    if (!named) continue;
    const RecordId now = NowPartOf(view, *named);
    if (now != *named) {
      if (edit.has_splice()) return WriteAnew(view, *view.Find(now));
      edits.back().set_record(std::string(now.bytes()));
    }
    if (!edit.has_splice()) continue;
    const merge::Record* record = view.Find(view.Routed(*named, view.members()[*index].town));
    if (record == nullptr) continue;
    v1::SpliceText& splice = *edits.back().mutable_splice();
    absl::StatusOr<std::vector<text::Splice>> moved =
        Moved(*record, {splice.field(), splice.language()}, author, SplicesOf(splice.splices()));
    if (!moved.ok()) return WriteAnew(view, *record);
    splice.clear_splices();
    AddSplices(*moved, *splice.mutable_splices());
  }
  return edits;
}

}  // namespace twinning::plan
