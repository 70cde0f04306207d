#include "common/plan/divergence.h"

#include <algorithm>

#include "common/base/status.h"
#include "common/plan/applier.h"
#include "common/text/utf8.h"

namespace twinning::plan {
namespace {

// The same author, having seen all there is.
merge::Author SeeingAll(merge::Author author) {
  author.context.base = author.stamp.sequence;
  return author;
}

// What of a record's past makes a branch: not consents, which were given to another record's words.
bool MakesBranch(const v1::Edit& edit) {
  return !edit.has_create() && !edit.has_agree() && !edit.has_withdraw() &&
         !(edit.has_settle() && edit.settle().diverge());
}

bool SameSubject(const merge::SettledConflict& settled, const v1::Settle& settle) {
  return settled.field == settle.field() && settled.language == settle.language();
}

// The open conflict that diverging settles, taken out of the record.
std::optional<merge::SettledConflict> TakeOpen(merge::Record& shared, const v1::Settle& settle) {
  merge::SettledConflict taken;
  taken.field = settle.field();
  taken.language = settle.language();
  auto reg = shared.registers.find(settle.field());
  if (reg != shared.registers.end() && reg->second.conflict) {
    taken.id = reg->second.conflict->id;
    taken.candidates = reg->second.candidates;
    return taken;
  }
  auto text = shared.texts.find({settle.field(), settle.language()});
  if (text == shared.texts.end() || text->second.conflicts.empty()) return std::nullopt;
  taken.kind = merge::ConflictKind::kPassage;
  taken.id = text->second.conflicts.front().conflict.id;
  taken.candidates = text->second.conflicts.front().candidates;
  return taken;
}

void CloseAll(merge::Record& shared) {
  for (auto& [field, reg] : shared.registers) reg.conflict.reset();
  for (auto& [key, text] : shared.texts) text.conflicts.clear();
}

}  // namespace

absl::StatusOr<RecordId> Divergence::Admit(const RecordId& named, const merge::Author& author,
                                           const TownId& town) {
  RecordId id = plan_.Routed(named, town);
  if (id == named) return id;
  const merge::Record& shared = *plan_.Find(named);
  if (author.context.Holds(*shared.diverged) || author.context.base <= shared.diverged_base) {
    return id;
  }
  TWINNING_ASSIGN_OR_RETURN(std::vector<Logged> log, Log(shared));
  auto settlement = std::find_if(log.begin(), log.end(), [&](const Logged& item) {
    return item.author.stamp == *shared.diverged && item.edit.has_settle();
  });
  if (settlement == log.end()) return DataLoss("the past does not hold where a record diverged");
  TWINNING_RETURN_IF_ERROR(Build(shared, town, author.context.base, log, *settlement));
  return id;
}

// Every edit of the record and its branches so far, in the order in which they merge.
absl::StatusOr<std::vector<Logged>> Divergence::Log(const merge::Record& shared) const {
  std::set<RecordId> records{shared.id};
  for (const Town& town : plan_.towns_) records.insert(BranchId(shared.id, town.id));
  bool new_here = shared.created.sequence == merge::kPending;
  return HistoryOf(plan_, records, new_here ? plan_.head_.sequence : shared.created.sequence - 1);
}

absl::Status Divergence::Build(const merge::Record& shared, const TownId& town, Sequence seen,
                               const std::vector<Logged>& log, const Logged& settlement) {
  merge::Record branch;
  branch.id = BranchId(shared.id, town);
  branch.kind = shared.kind;
  branch.created = settlement.author.stamp;
  branch.created_ms = settlement.author.time_ms;
  branch.branch_of = shared.id;
  branch.branch_town = town;
  const merge::Kind& kind = *plan_.KindOf(shared);
  for (const Logged& item : log) {
    if (item.town == town && item.record == shared.id &&
        !item.author.context.Holds(settlement.author.stamp)) {
      seen = std::max(seen, item.author.context.base);
    }
  }
  bool picked = false;
  for (const Logged& item : log) {
    bool begins = item.author.stamp == settlement.author.stamp && item.edit.has_settle() &&
                  item.edit.settle().diverge();
    if (begins) TWINNING_RETURN_IF_ERROR(Pick(branch, town, settlement));
    picked = picked || begins;
    bool belongs = item.record == branch.id;
    if (item.record == shared.id) {
      belongs = item.town == town || item.author.stamp.sequence <= seen ||
                settlement.author.context.Holds(item.author.stamp);
    }
    if (!belongs || !MakesBranch(item.edit)) continue;
    TWINNING_RETURN_IF_ERROR(ApplyTo(plan_, branch, kind, item.author, item.town, item.edit));
  }
  if (!picked) TWINNING_RETURN_IF_ERROR(Pick(branch, town, settlement));
  touched_.insert(branch.id);
  plan_.records_.Put(std::move(branch));
  return absl::OkStatus();
}

// What the town itself wrote of a conflict.
std::vector<merge::Candidate> Divergence::OwnOf(const std::vector<merge::Candidate>& candidates,
                                                const TownId& town) const {
  std::vector<merge::Candidate> own;
  for (const merge::Candidate& candidate : candidates) {
    if (TownOf(plan_, candidate.stamp) == town) own.push_back(candidate);
  }
  return own;
}

// In what made it diverge, each town goes on with what it wrote itself; and the branch is its own.
// Where a town's own people differ, that stays a conflict of its branch.
absl::Status Divergence::Pick(merge::Record& branch, const TownId& town,
                              const Logged& settlement) const {
  const v1::Settle& settle = settlement.edit.settle();
  merge::Author author = SeeingAll(settlement.author);
  auto reg = branch.registers.find(settle.field());
  if (reg != branch.registers.end() && reg->second.candidates.size() > 1) {
    merge::Candidate shown = reg->second.candidates.back();
    std::vector<merge::Candidate> own = OwnOf(reg->second.candidates, town);
    if (own.empty()) own = {shown};
    bool agreed = std::all_of(own.begin(), own.end(), [&](const merge::Candidate& candidate) {
      return merge::SayTheSame(candidate.value, own.front().value);
    });
    if (agreed) reg->second.conflict.reset();
    reg->second.candidates = std::move(own);
  }
  TWINNING_RETURN_IF_ERROR(PickPassages(branch, {settle.field(), settle.language()}, author, town));
  branch.settled.clear();
  const merge::Field* owner = plan_.KindOf(branch)->OwnerField();
  if (owner == nullptr) return absl::OkStatus();
  branch.registers[owner->number] = {};
  merge::WriteRegister(branch, owner->number, false, author, merge::ReferenceValue(town));
  merge::TouchRecord(branch, author, branch.id);
  return absl::OkStatus();
}

absl::Status Divergence::PickPassages(merge::Record& branch, const merge::TextKey& key,
                                      const merge::Author& author, const TownId& town) const {
  auto text = branch.texts.find(key);
  if (text == branch.texts.end()) return absl::OkStatus();
  std::vector<merge::PassageConflict>& conflicts = text->second.conflicts;
  for (size_t at = 0; at < conflicts.size();) {
    merge::PassageConflict open = conflicts[at];
    conflicts.erase(conflicts.begin() + static_cast<std::ptrdiff_t>(at));
    open.candidates = OwnOf(open.candidates, town);
    if (open.candidates.empty()) continue;
    const std::string& words = open.candidates.back().value;
    TWINNING_RETURN_IF_ERROR(
        merge::SpliceText(branch, key, author, {{open.begin, open.end - open.begin, words}}));
    open.end = open.begin + text::CodePoints(words);
    if (open.candidates.size() == 1) continue;
    conflicts.insert(conflicts.begin() + static_cast<std::ptrdiff_t>(at), std::move(open));
    ++at;
  }
  return absl::OkStatus();
}

absl::Status Divergence::Begin(merge::Record& shared, const merge::Author& author,
                               const v1::Settle& settle) {
  if (!shared.branch_of.empty()) return absl::OkStatus();  // it diverged already
  Logged settlement{author, TownOf(plan_, author.stamp), shared.id, {}};
  *settlement.edit.mutable_settle() = settle;
  TWINNING_ASSIGN_OR_RETURN(std::vector<Logged> log, Log(shared));
  std::optional<merge::SettledConflict> settled = TakeOpen(shared, settle);
  if (!settled) {
    // Somebody settled it otherwise at the same time: that settlement goes on in their own branch.
    auto other = std::find_if(shared.settled.rbegin(), shared.settled.rend(), [&](const auto& s) {
      return SameSubject(s, settle) && !author.context.Holds(s.by);
    });
    if (other == shared.settled.rend()) return absl::OkStatus();
    settled = *other;
    shared.settled.erase(std::next(other).base());
  }
  settled->by = author.stamp;
  settled->time_ms = author.time_ms;
  settled->outcome.clear();
  settled->by_name = true;
  settled->diverged = true;
  shared.settled.push_back(*settled);
  shared.diverged = author.stamp;
  shared.diverged_base = author.context.base;
  CloseAll(shared);
  RecordId id = shared.id;
  for (const Town& town : plan_.towns_) {
    TWINNING_RETURN_IF_ERROR(Build(*plan_.Find(id), town.id, 0, log, settlement));
  }
  return absl::OkStatus();
}

absl::Status Divergence::End(merge::Record& shared, const merge::Author& author,
                             const Hash& conflict) {
  auto settled = std::find_if(shared.settled.begin(), shared.settled.end(), [&](const auto& s) {
    return s.id == conflict && s.diverged && !s.reopened && author.context.Holds(s.by);
  });
  if (settled == shared.settled.end()) return absl::OkStatus();
  TWINNING_ASSIGN_OR_RETURN(std::vector<Logged> log, Log(shared));
  settled->reopened = true;
  shared.diverged.reset();
  shared.counters.clear();
  for (const Logged& item : log) {
    if (item.edit.has_increment()) {
      merge::Increment(shared, item.edit.increment().field(), item.edit.increment().by());
    }
  }
  std::vector<const merge::Record*> branches = plan_.BranchesOf(shared.id);
  for (const merge::Record* branch : branches) touched_.insert(branch->id);
  return merge::Rejoin(shared, author, branches, plan_.KindOf(shared)->OwnerField()->number);
}

}  // namespace twinning::plan
