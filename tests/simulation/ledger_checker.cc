#include "tests/simulation/ledger_checker.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "common/base/status.h"
#include "common/ledger/chain.h"
#include "common/ledger/readmission.h"
#include "common/plan/plan.h"
#include "common/text/utf8.h"

namespace twinning::simulation {
namespace {

class Entries : public ledger::EntrySource {
 public:
  explicit Entries(const std::vector<v1::Entry>& entries) : entries_(entries) {}

  absl::Status Read(Sequence after, Sequence up_to,
                    const std::function<absl::Status(const v1::Entry&)>& see) const override {
    for (Sequence at = after; at < std::min<Sequence>(up_to, entries_.size()); ++at) {
      TWINNING_RETURN_IF_ERROR(see(entries_[at]));
    }
    return absl::OkStatus();
  }

 private:
  const std::vector<v1::Entry>& entries_;
};

// What an author had seen, by the definition: the entries up to one, then those that were lost
// after it and that the one they named led back to; and what they had made themselves.
struct Past {
  Sequence entries = 0;
  std::set<std::pair<merge::ReplicaIndex, Number>> lost;
  std::set<Sequence> lost_statements;  // where they came back
  merge::ReplicaIndex author = 0;
  Number number = 0;

  bool Holds(const merge::Stamp& write) const {
    if (write.sequence <= entries) return true;
    // Whoever had seen a statement that came back had seen what it says, whoever says it again.
    if (write.replica == merge::kNoReplica) {
      return !lost_statements.empty() && write.sequence <= *lost_statements.rbegin();
    }
    return lost.contains({write.replica, write.number}) ||
           (write.replica == author && write.number <= number);
  }
};

// One edit that was taken, with what its author had seen.
struct Written {
  merge::Stamp stamp;
  Past context;
  merge::Value value;  // of a set: the element
  bool removes = false;
};

using FieldOf = std::pair<RecordId, uint32_t>;
using TextOf = std::pair<RecordId, merge::TextKey>;

// What went into a text, and how many characters splices took out.
struct Typed {
  std::u32string inserted;
  size_t removed = 0;
};

class LedgerChecker {
 public:
  explicit LedgerChecker(const std::vector<v1::Entry>& entries)
      : entries_(entries),
        source_(entries),
        chain_([this](Sequence sequence) { return HashAt(sequence); },
               [](const ReplicaId&, Number) { return std::nullopt; }),
        plan_(source_) {}

  std::vector<std::string> Run(const Hash& digest) {
    for (const v1::Entry& entry : entries_) {
      if (!Take(entry)) return wrong_;
    }
    if (!chain_.between_frames()) wrong_.push_back("the ledger ends within a frame");
    if (plan_.Digest() != digest) {
      wrong_.push_back("read again from its first entry the ledger makes another plan");
    }
    for (const auto& [field, writes] : writes_) CheckRegister(field, writes);
    for (const auto& [field, edits] : sets_) CheckSet(field, edits);
    for (const auto& [field, sum] : sums_) CheckCounter(field, sum);
    for (const auto& [text, typed] : typed_) CheckText(text, typed);
    return wrong_;
  }

 private:
  std::optional<Hash> HashAt(Sequence sequence) const {
    if (sequence == 0 || sequence > hashes_.size()) return std::nullopt;
    return hashes_[sequence - 1];
  }

  bool Take(const v1::Entry& entry) {
    absl::StatusOr<Hash> hash = chain_.Follow(entry);
    if (!hash.ok()) {
      wrong_.push_back("the ledger does not verify: " + MessageOf(hash.status()));
      return false;
    }
    hashes_.push_back(*hash);
    NoteLost(entry, entry.sequence());
    absl::StatusOr<plan::Applied> applied = plan_.Apply(entry, *hash);
    if (!applied.ok() || applied->ignored) {
      wrong_.push_back(
          fmt::format("entry {} should have been refused: {}", entry.sequence(),
                      applied.ok() ? applied->ignored->detail : MessageOf(applied.status())));
      return false;
    }
    v1::Entry kept;
    const v1::Entry& effect = ledger::EffectOf(entry, kept);
    if (effect.kind() == v1::CHANGE && !applied->lapsed) Remember(effect);
    RememberName(effect, entry.sequence());
    return true;
  }

  void Remember(const v1::Entry& entry) {
    plan::Change change = plan::ReadChange(*ledger::ParseChange(entry.body()));
    merge::ReplicaIndex author = *plan_.IndexOf(change.authored.replica);
    merge::Stamp stamp{entry.sequence(), author, change.authored.number};
    Past past = PastOf(change.authored.base);
    past.author = author;
    past.number = change.authored.number;
    for (const v1::Edit& edit : change.edits.edits()) {
      Remember(*RecordId::Of(edit.record()), stamp, past, edit);
    }
  }

  // A founding and an admission name the record that they begin.
  void RememberName(const v1::Entry& entry, Sequence sequence) {
    v1::Founding founding;
    v1::Membership admission;
    const merge::Stamp stamp{sequence, merge::kNoReplica, 0};
    if (entry.kind() == v1::FOUNDING && founding.ParseFromString(entry.body())) {
      RememberName(*RecordId::Of(founding.ledger()), founding.name(), stamp);
    } else if (entry.kind() == v1::MEMBERSHIP && admission.ParseFromString(entry.body()) &&
               admission.action() == v1::Membership::ADMIT_TOWN) {
      RememberName(*RecordId::Of(admission.town()), admission.town_name(), stamp);
    }
  }

  void RememberName(const RecordId& record, const std::string& name, const merge::Stamp& stamp) {
    uint32_t field = plan_.KindOf(*plan_.Find(record))->title_field;
    std::vector<Written>& writes = writes_[{record, field}];
    if (!writes.empty()) return;  // admitted already
    writes.push_back({stamp, Past(), merge::StringValue(name), false});
  }

  struct Lost {
    v1::Readmission readmission;
    Sequence back = 0;  // where it stands now
  };

  // What a readmission brought back, and what lies inside that, by the hashes they had.
  void NoteLost(const v1::Entry& entry, Sequence back) {
    v1::Readmission readmission;
    if (entry.kind() != v1::READMISSION || !readmission.ParseFromString(entry.body())) return;
    NoteLost(readmission.entry(), back);
    lost_.emplace(readmission.hash(), Lost{readmission, back});
  }

  Past PastOf(const ledger::Head& base) const {
    Past past;
    Hash hash = base.hash;
    past.entries = base.sequence;
    while (past.entries > 0 && HashAt(past.entries) != hash) {
      const Lost& lost = lost_.at(std::string(hash.bytes()));
      Mark(lost.readmission.entry(), lost.back, past);
      hash = *Hash::Of(lost.readmission.previous());
      --past.entries;
    }
    return past;
  }

  void Mark(const v1::Entry& lost, Sequence back, Past& past) const {
    v1::Readmission inside;
    if (lost.kind() == v1::READMISSION && inside.ParseFromString(lost.body())) {
      return Mark(inside.entry(), back, past);
    }
    if (lost.kind() == v1::MEMBERSHIP) past.lost_statements.insert(back);
    if (lost.kind() != v1::CHANGE) return;
    absl::StatusOr<ledger::ParsedChange> change = ledger::ParseChange(lost.body());
    if (change.ok()) past.lost.insert({*plan_.IndexOf(change->replica), change->number});
  }

  void Remember(const RecordId& record, const merge::Stamp& stamp, const Past& past,
                const v1::Edit& edit) {
    Written written{stamp, past, {}, false};
    switch (edit.operation_case()) {
      case v1::Edit::kWrite:
        written.value = edit.write().value();
        writes_[{record, edit.write().field()}].push_back(written);
        break;
      case v1::Edit::kAdd:
        written.value = edit.add().value();
        sets_[{record, edit.add().field()}].push_back(written);
        break;
      case v1::Edit::kRemove:
        written.value = edit.remove().value();
        written.removes = true;
        sets_[{record, edit.remove().field()}].push_back(written);
        break;
      case v1::Edit::kIncrement:
        sums_[{record, edit.increment().field()}] += edit.increment().by();
        break;
      case v1::Edit::kSplice:
        Remember(typed_[{record, {edit.splice().field(), edit.splice().language()}}],
                 edit.splice());
        break;
      case v1::Edit::kSettle:
        settled_.insert({record, edit.settle().field()});
        if (edit.settle().diverge()) diverged_.insert(record);
        break;
      case v1::Edit::kReopen:
        diverged_.insert(record);
        break;
      default:
        break;
    }
  }

  static void Remember(Typed& typed, const v1::SpliceText& edit) {
    for (const v1::Splice& splice : edit.splices()) {
      typed.inserted += text::ToCodePoints(splice.inserted());
      typed.removed += splice.removed();
    }
  }

  // Null: left out.
  const merge::Record* Find(const FieldOf& field) const {
    const merge::Record* record = plan_.Find(field.first);
    if (record == nullptr || diverged_.contains(field.first) || settled_.contains(field)) {
      return nullptr;
    }
    return record->branch_of.empty() ? record : nullptr;
  }

  static bool Replaced(const std::vector<Written>& writes, size_t at) {
    return std::any_of(writes.begin() + static_cast<std::ptrdiff_t>(at) + 1, writes.end(),
                       [&](const Written& later) { return later.context.Holds(writes[at].stamp); });
  }

  void CheckRegister(const FieldOf& field, const std::vector<Written>& writes) {
    const merge::Record* record = Find(field);
    if (record == nullptr) return;
    const merge::Field* declared = plan_.KindOf(*record)->FieldByNumber(field.second);
    std::multiset<std::pair<merge::Stamp, merge::Value>> expected;
    for (size_t i = 0; i < writes.size(); ++i) {
      if (!Replaced(writes, i)) expected.insert({writes[i].stamp, writes[i].value});
    }
    bool quiet = declared->rule == v1::QUIET_REGISTER;
    if (quiet) expected = {{writes.back().stamp, writes.back().value}};
    std::multiset<std::pair<merge::Stamp, merge::Value>> there;
    auto found = record->registers.find(field.second);
    if (found != record->registers.end()) {
      for (const merge::Candidate& candidate : found->second.candidates) {
        there.insert({candidate.stamp, candidate.value});
      }
    }
    if (there != expected) {
      wrong_.push_back(fmt::format("field {} of record {} has {} candidates and should have {}",
                                   declared->name, field.first.hex().substr(0, 8), there.size(),
                                   expected.size()));
    }
  }

  void CheckSet(const FieldOf& field, const std::vector<Written>& edits) {
    const merge::Record* record = Find(field);
    if (record == nullptr) return;
    std::set<merge::Value> expected;
    for (size_t i = 0; i < edits.size(); ++i) {
      bool removed = std::any_of(edits.begin() + static_cast<std::ptrdiff_t>(i), edits.end(),
                                 [&](const Written& later) {
                                   return later.removes && later.value == edits[i].value &&
                                          later.context.Holds(edits[i].stamp);
                                 });
      if (!edits[i].removes && !removed) expected.insert(edits[i].value);
    }
    std::set<merge::Value> there;
    auto found = record->sets.find(field.second);
    if (found != record->sets.end()) {
      for (const auto& [value, adds] : found->second.adds) there.insert(value);
    }
    if (there != expected) {
      wrong_.push_back(fmt::format("set {} of record {} has {} elements and should have {}",
                                   field.second, field.first.hex().substr(0, 8), there.size(),
                                   expected.size()));
    }
  }

  void CheckCounter(const FieldOf& field, int64_t sum) {
    const merge::Record* record = Find(field);
    if (record == nullptr) return;
    auto found = record->counters.find(field.second);
    int64_t there = found == record->counters.end() ? 0 : found->second;
    if (there == sum) return;
    wrong_.push_back(fmt::format("counter {} of record {} is {} and should be {}", field.second,
                                 field.first.hex().substr(0, 8), there, sum));
  }

  // Two may remove the same character; nobody removes one that nobody typed.
  void CheckText(const TextOf& at, const Typed& typed) {
    const merge::Record* record = Find({at.first, at.second.field});
    if (record == nullptr) return;
    auto found = record->texts.find(at.second);
    std::u32string there;
    if (found != record->texts.end()) there = text::ToCodePoints(found->second.document.text());
    std::u32string inserted = typed.inserted;
    std::sort(there.begin(), there.end());
    std::sort(inserted.begin(), inserted.end());
    bool of_it = std::includes(inserted.begin(), inserted.end(), there.begin(), there.end());
    if (of_it && there.size() + typed.removed >= inserted.size()) return;
    wrong_.push_back(fmt::format(
        "text {} of record {}: {} characters were typed, {} removed, {} are there", at.second.field,
        at.first.hex().substr(0, 8), inserted.size(), typed.removed, there.size()));
  }

  const std::vector<v1::Entry>& entries_;
  Entries source_;
  std::map<std::string, Lost> lost_;  // by the hash that the entry had
  std::vector<Hash> hashes_;
  ledger::Chain chain_;
  plan::Plan plan_;
  std::map<FieldOf, std::vector<Written>> writes_;
  std::map<FieldOf, std::vector<Written>> sets_;
  std::map<FieldOf, int64_t> sums_;
  std::map<TextOf, Typed> typed_;
  std::set<FieldOf> settled_;
  std::set<RecordId> diverged_;
  std::vector<std::string> wrong_;
};

}  // namespace

std::vector<std::string> CheckLedger(const std::vector<v1::Entry>& entries, const Hash& digest) {
  return LedgerChecker(entries).Run(digest);
}

}  // namespace twinning::simulation
