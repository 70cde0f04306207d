#include "common/plan/divergence.h"

#include <algorithm>

#include "common/base/status.h"
#include "common/plan/applier.h"
#include "common/text/difference.h"
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

merge::TextKey KeyOf(const Logged& settlement) {
  return {settlement.edit.settle().field(), settlement.edit.settle().language()};
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

// A deletion that the author had not seen goes to the branch of its town, as if it came later.
void CloseAll(merge::Record& shared, const merge::Context& context) {
  std::erase_if(shared.existence.deletions,
                [&](const auto& deletion) { return !context.Holds(deletion.stamp); });
  shared.existence.conflict.reset();
  for (auto& [field, reg] : shared.registers) reg.conflict.reset();
  for (auto& [key, text] : shared.texts) text.conflicts.clear();
}

}  // namespace

absl::StatusOr<RecordId> Divergence::Admit(const RecordId& named, const merge::Author& author,
                                           const TownId& town) {
  RecordId id = plan_.Routed(named, town);
  if (id == named) return id;
  const merge::Record& shared = *plan_.Find(named);
  bool saw_no_more =
      author.context.base <= shared.diverged_base && author.context.beyond == nullptr;
  if (author.context.Holds(*shared.diverged) || saw_no_more) return id;
  TWINNING_ASSIGN_OR_RETURN(std::vector<Logged> log, Log(shared));
  auto settlement = std::find_if(log.begin(), log.end(), [&](const Logged& item) {
    return item.author.stamp == *shared.diverged && item.edit.has_settle();
  });
  if (settlement == log.end()) return DataLoss("the past does not hold where a record diverged");
  Seen seen;
  seen.Add(author.context);
  TWINNING_RETURN_IF_ERROR(Build(shared, town, std::move(seen), log, *settlement));
  return id;
}

// Every edit of the record and its branches so far, in the order in which they merge.
absl::StatusOr<std::vector<Logged>> Divergence::Log(const merge::Record& shared) const {
  std::set<RecordId> records{shared.id};
  for (const Town& town : plan_.towns()) records.insert(BranchId(shared.id, town.id));
  bool new_here = shared.created.sequence == merge::kPending;
  return HistoryOf(plan_, records, new_here ? plan_.head_.sequence : shared.created.sequence - 1);
}

void Divergence::Seen::Add(const merge::Context& context) {
  base = std::max(base, context.base);
  if (context.beyond != nullptr) beyond.push_back(context.beyond);
}

bool Divergence::Seen::Holds(const merge::Stamp& write) const {
  auto holds = [&](const auto& one) { return one->Holds(write); };
  return write.sequence <= base || std::any_of(beyond.begin(), beyond.end(), holds);
}

bool Divergence::Belongs(const Logged& item, const Branch& branch) const {
  if (!MakesBranch(item.edit)) return false;
  if (item.record == BranchId(branch.shared.id, branch.town)) return true;
  if (item.record != branch.shared.id) return false;
  return item.town == branch.town || branch.seen.Holds(item.author.stamp) ||
         branch.settlement.author.context.Holds(item.author.stamp);
}

merge::Record Divergence::Empty(const Branch& branch) const {
  merge::Record record;
  record.id = BranchId(branch.shared.id, branch.town);
  record.kind = branch.shared.kind;
  record.created = branch.settlement.author.stamp;
  record.created_ms = branch.settlement.author.time_ms;
  record.branch_of = branch.shared.id;
  record.branch_town = branch.town;
  return record;
}

absl::Status Divergence::Build(const merge::Record& shared, const TownId& town, Seen seen,
                               const std::vector<Logged>& log, const Logged& settlement) {
  for (const Logged& item : log) {
    if (item.town == town && item.record == shared.id &&
        !item.author.context.Holds(settlement.author.stamp)) {
      seen.Add(item.author.context);
    }
  }
  const Branch branch{shared, town, std::move(seen), settlement};
  const merge::Kind& kind = *plan_.KindOf(shared);
  TWINNING_ASSIGN_OR_RETURN(const std::vector<text::Splice> own_words, OwnWords(branch, log));
  merge::Record record = Empty(branch);
  bool picked = false;
  for (const Logged& item : log) {
    bool begins = item.author.stamp == settlement.author.stamp && item.edit.has_settle() &&
                  item.edit.settle().diverge();
    if (begins) TWINNING_RETURN_IF_ERROR(Pick(record, branch, own_words));
    picked = picked || begins;
    if (!Belongs(item, branch)) continue;
    TWINNING_RETURN_IF_ERROR(ApplyTo(plan_, record, kind, item.author, item.town, item.edit));
  }
  if (!picked) TWINNING_RETURN_IF_ERROR(Pick(record, branch, own_words));
  touched_.insert(record.id);
  plan_.records_.Put(std::move(record));
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

// How the text that the settlement's author saw becomes what the town itself wrote in it.
absl::StatusOr<std::vector<text::Splice>> Divergence::OwnWords(
    const Branch& branch, const std::vector<Logged>& log) const {
  merge::Record as_seen = Empty(branch);
  const merge::Kind& kind = *plan_.KindOf(branch.shared);
  for (const Logged& item : log) {
    if (!branch.settlement.author.context.Holds(item.author.stamp) || !Belongs(item, branch)) {
      continue;
    }
    TWINNING_RETURN_IF_ERROR(ApplyTo(plan_, as_seen, kind, item.author, item.town, item.edit));
  }
  std::vector<text::Splice> splices;
  auto text = as_seen.texts.find(KeyOf(branch.settlement));
  if (text == as_seen.texts.end()) return splices;
  std::vector<merge::PassageConflict> conflicts = text->second.conflicts;
  // The last one first, so that none moves another.
  std::sort(conflicts.begin(), conflicts.end(),
            [](const auto& a, const auto& b) { return a.begin > b.begin; });
  const std::string whole = text->second.document.text();
  for (const merge::PassageConflict& open : conflicts) {
    std::vector<merge::Candidate> own = OwnOf(open.candidates, branch.town);
    if (own.empty()) continue;
    std::string_view now = text::SubstringOfCodePoints(whole, open.begin, open.end - open.begin);
    for (text::Splice splice : text::Difference(now, own.back().value)) {
      splice.position += open.begin;
      splices.push_back(std::move(splice));
    }
  }
  return splices;
}

// In what made it diverge, each town goes on with what it wrote itself; and the branch is its own.
// Where a town's own people differ, that stays a conflict of its branch.
absl::Status Divergence::Pick(merge::Record& record, const Branch& branch,
                              const std::vector<text::Splice>& own_words) const {
  const merge::Author& author = branch.settlement.author;
  auto reg = record.registers.find(branch.settlement.edit.settle().field());
  if (reg != record.registers.end() && reg->second.candidates.size() > 1) {
    merge::Candidate shown = reg->second.candidates.back();
    std::vector<merge::Candidate> own = OwnOf(reg->second.candidates, branch.town);
    if (own.empty()) own = {shown};
    bool agreed = std::all_of(own.begin(), own.end(), [&](const merge::Candidate& candidate) {
      return merge::SayTheSame(candidate.value, own.front().value);
    });
    if (agreed) reg->second.conflict.reset();
    reg->second.candidates = std::move(own);
  }
  auto text = record.texts.find(KeyOf(branch.settlement));
  if (text != record.texts.end()) {
    for (merge::PassageConflict& open : text->second.conflicts) {
      open.candidates = OwnOf(open.candidates, branch.town);
    }
    std::erase_if(text->second.conflicts,
                  [](const auto& open) { return open.candidates.size() < 2; });
    TWINNING_RETURN_IF_ERROR(merge::SpliceText(record, text->first, author, own_words));
  }
  record.settled.clear();
  const merge::Field* owner = plan_.KindOf(record)->OwnerField();
  if (owner == nullptr) return absl::OkStatus();
  merge::Author seeing_all = SeeingAll(author);
  record.registers[owner->number] = {};
  merge::WriteRegister(record, owner->number, false, seeing_all,
                       merge::ReferenceValue(branch.town));
  merge::TouchRecord(record, author, record.id);
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
  CloseAll(shared, author.context);
  RecordId id = shared.id;
  for (const Town& town : plan_.towns()) {
    TWINNING_RETURN_IF_ERROR(Build(*plan_.Find(id), town.id, Seen(), log, settlement));
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
  const merge::Kind& kind = *plan_.KindOf(shared);
  std::set<uint32_t> quiet;
  for (const merge::Field& field : kind.fields) {
    if (field.rule == v1::QUIET_REGISTER) quiet.insert(field.number);
  }
  return merge::Rejoin(shared, author, branches, kind.OwnerField()->number, quiet);
}

}  // namespace twinning::plan
