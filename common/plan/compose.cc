#include "common/plan/compose.h"

#include <fmt/core.h>

#include <algorithm>

#include "common/base/status.h"
#include "common/plan/standing.h"
#include "common/plan/terms.h"
#include "common/plan/titles.h"
#include "common/text/difference.h"
#include "common/text/utf8.h"

namespace twinning::plan {
namespace {

constexpr Number kTrialNumber = UINT64_MAX;  // after everything of one's own

v1::Edit EditOf(const RecordId& record) {
  v1::Edit edit;
  edit.set_record(std::string(record.bytes()));
  return edit;
}

v1::Edit WriteOf(const RecordId& record, uint32_t field, const merge::Value& value) {
  v1::Edit edit = EditOf(record);
  edit.mutable_write()->set_field(field);
  edit.mutable_write()->set_value(value);
  return edit;
}

v1::Edit SpliceOf(const RecordId& record, const merge::TextKey& key,
                  const std::vector<text::Splice>& splices) {
  v1::Edit edit = EditOf(record);
  edit.mutable_splice()->set_field(key.field);
  edit.mutable_splice()->set_language(key.language);
  AddSplices(splices, *edit.mutable_splice()->mutable_splices());
  return edit;
}

merge::Value StanceValue(v1::StanceKind stance, const Hash& words) {
  return merge::PairValue(
      {{1, merge::IntegerValue(stance)}, {2, merge::BytesValue(words.bytes())}});
}

// The edits as a change that the author could make next, for trying out; never stored.
Change Trial(const Plan& view, const ReplicaId& author, const std::vector<v1::Edit>& edits) {
  Change change;
  change.authored.ledger = view.ledger();
  change.authored.replica = author;
  change.authored.number = kTrialNumber;
  change.authored.base = view.head();
  for (const v1::Edit& edit : edits) *change.edits.add_edits() = edit;
  change.readable = true;
  return change;
}

}  // namespace

void AddSplices(const std::vector<text::Splice>& splices,
                google::protobuf::RepeatedPtrField<v1::Splice>& out) {
  for (const text::Splice& splice : splices) {
    v1::Splice& one = *out.Add();
    one.set_position(static_cast<uint32_t>(splice.position));
    one.set_removed(static_cast<uint32_t>(splice.removed));
    one.set_inserted(splice.inserted);
  }
}

absl::StatusOr<std::vector<v1::Edit>> WithPositions(const Plan& view, const ReplicaId& author,
                                                    std::vector<v1::Edit> edits) {
  const Member* member = view.FindMember(author);
  if (member == nullptr || !member->confirmed()) return edits;  // who has no say carries none over
  Plan after = Plan::Over(view);
  Change trial = Trial(view, author, edits);
  TWINNING_ASSIGN_OR_RETURN(std::optional<Refusal> refusal, after.ApplyPending(trial));
  if (refusal) return edits;  // the caller meets the refusal when it writes
  const merge::Kind* kind = view.schema().KindByName("position");
  const merge::Field* stance = kind != nullptr ? kind->FieldByName("stance") : nullptr;
  if (stance == nullptr) return edits;
  for (const RecordId& named : RecordsOf(trial.edits)) {
    RecordId id = view.Routed(named, member->town);
    const merge::Record* before = view.Find(id);
    const merge::Record* now = after.Find(id);
    if (before == nullptr || now == nullptr) continue;
    const std::optional<TownPosition> position = PositionOf(view, *before, member->town);
    if (!position || !position->current) continue;
    Hash words = WordsDigest(after, *now);
    if (words == WordsDigest(view, *before)) continue;
    edits.push_back(
        WriteOf(position->position, stance->number, StanceValue(position->stance, words)));
  }
  return edits;
}

absl::StatusOr<std::vector<v1::Edit>> StatePosition(const Plan& view, const TownId& town,
                                                    const RecordId& named, v1::StanceKind stance,
                                                    std::string_view reason,
                                                    std::string_view language) {
  RecordId about = view.Routed(named, town);
  const merge::Record* record = view.Find(about);
  if (record == nullptr) return NotFound(fmt::format("there is no record {}", ShortId(about)));
  if (!StandingOf(view, *record).applies) {
    return FailedPrecondition(fmt::format("towns take no position on {}", NameOf(view, *record)));
  }
  const merge::Kind* kind = view.schema().KindByName("position");
  RecordId id = PositionId(about, town);
  std::vector<v1::Edit> edits;
  const merge::Record* position = view.Find(id);
  if (position == nullptr) {
    v1::Edit create = EditOf(id);
    create.mutable_create()->set_kind(kind->number);
    // Two people of one town who say so at once make the same position.
    create.mutable_create()->set_rule(std::string(about.bytes()));
    edits.push_back(std::move(create));
    edits.push_back(WriteOf(id, kind->OwnerField()->number, merge::ReferenceValue(town)));
    edits.push_back(WriteOf(id, kind->FieldByName("about")->number, merge::ReferenceValue(about)));
  }
  edits.push_back(WriteOf(id, kind->FieldByName("stance")->number,
                          StanceValue(stance, WordsDigest(view, *record))));
  merge::TextKey key{kind->FieldByName("reason")->number, std::string(language)};
  std::string before;
  if (position != nullptr) {
    auto found = position->texts.find(key);
    if (found != position->texts.end()) before = found->second.document.text();
  }
  std::vector<text::Splice> splices = text::Difference(before, reason);
  if (!splices.empty()) edits.push_back(SpliceOf(id, key, splices));
  return edits;
}

namespace {

absl::Status SettlePassageBy(const merge::Record& record, const Conflict& conflict,
                             std::string_view wanted, v1::Settle& settle) {
  auto text = record.texts.find({conflict.field, conflict.language});
  if (text == record.texts.end()) return NotFound("the conflict's text is not there");
  for (const merge::PassageConflict& open : text->second.conflicts) {
    if (open.conflict.id != conflict.id) continue;
    std::string whole = text->second.document.text();
    std::string now(text::SubstringOfCodePoints(whole, open.begin, open.end - open.begin));
    std::vector<text::Splice> splices = text::Difference(now, wanted);
    for (text::Splice& splice : splices) splice.position += open.begin;
    AddSplices(splices, *settle.mutable_text()->mutable_splices());
    return absl::OkStatus();
  }
  return NotFound("the conflict is not open");
}

}  // namespace

absl::StatusOr<v1::Edit> Settle(const Plan& view, const Conflict& conflict, const Choice& choice) {
  const merge::Record* record = view.Find(conflict.record);
  std::string short_id = HexOf(conflict.id.bytes()).substr(0, 8);
  if (record == nullptr) return NotFound("the conflict's record is not there");
  if (conflict.settled) {
    return FailedPrecondition(fmt::format("conflict {} is settled already", short_id));
  }
  if (choice.kind == Choice::kKeep && choice.keep >= conflict.candidates.size()) {
    return InvalidArgument(
        fmt::format("conflict {} has {} candidates", short_id, conflict.candidates.size()));
  }
  v1::Edit edit = EditOf(conflict.record);
  v1::Settle& settle = *edit.mutable_settle();
  for (const Candidate& candidate : conflict.candidates) {
    v1::CandidateName& name = *settle.add_candidates();
    name.set_replica(std::string(candidate.replica.bytes()));
    name.set_number(candidate.number);
  }
  bool existence = conflict.kind == merge::ConflictKind::kDeletion;
  if (existence && choice.kind != Choice::kKeep) {
    return InvalidArgument("whether a record is deleted is settled by keeping one side");
  }
  if (existence) {
    settle.set_existence(true);
    settle.set_deleted(conflict.candidates[choice.keep].deletes);
    return edit;
  }
  settle.set_field(conflict.field);
  settle.set_language(conflict.language);
  if (choice.kind == Choice::kDiverge) {
    bool one_town = std::all_of(
        conflict.candidates.begin(), conflict.candidates.end(),
        [&](const Candidate& one) { return one.town == conflict.candidates.front().town; });
    if (one_town) {
      return FailedPrecondition(fmt::format(
          "conflict {} is between people of {}: towns go separate ways, one town settles it",
          short_id, TownName(view, conflict.candidates.front().town)));
    }
    settle.set_diverge(true);
    return edit;
  }
  std::string value =
      choice.kind == Choice::kKeep ? conflict.candidates[choice.keep].value : choice.value;
  if (conflict.kind == merge::ConflictKind::kPassage) {
    TWINNING_RETURN_IF_ERROR(SettlePassageBy(*record, conflict, value, settle));
    settle.mutable_text();
  } else {
    settle.set_value(value);
  }
  return edit;
}

}  // namespace twinning::plan
