// Writes a good ledger, entry after entry, for tests to read and to spoil.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/ledger/chain.h"
#include "tests/unit/ledger/cast.h"

namespace twinning::ledger {

class Scribe {
 public:
  const std::vector<v1::Entry>& entries() const { return entries_; }
  Head head() const { return {entries_.size(), hashes_.empty() ? Hash() : hashes_.back()}; }

  Chain::HashAt HashAt() const {
    return [this](Sequence sequence) -> std::optional<Hash> {
      if (sequence == 0 || sequence > hashes_.size()) return std::nullopt;
      return hashes_[sequence - 1];
    };
  }
  Chain::ChangeHashAt ChangeHashAt() const {
    return [this](const ReplicaId& replica, Number number) -> std::optional<Hash> {
      auto found = changes_.find(replica);
      if (found == changes_.end() || number > found->second.size()) return std::nullopt;
      return found->second[number - 1];
    };
  }

  void Found() {
    v1::Founding founding;
    founding.set_ledger(std::string(cast::Partnership().bytes()));
    founding.set_name("Link with France");
    Add(v1::FOUNDING, founding.SerializeAsString());
  }
  void Enrol(std::string_view person) {
    v1::Membership membership = MembershipOf(person, v1::Membership::ENROL);
    membership.set_key(cast::KeyOf(person).public_key());
    Add(v1::MEMBERSHIP, membership.SerializeAsString());
  }
  void Revoke(std::string_view person) {
    Add(v1::MEMBERSHIP, MembershipOf(person, v1::Membership::REVOKE).SerializeAsString());
  }

  // The person's next change, made on `base`; it counts as written from now on.
  ParsedChange Author(std::string_view person, const Head& base) {
    std::vector<Hash>& own = changes_[cast::ReplicaOf(person)];
    Hash previous = own.empty() ? Hash() : own.back();
    ParsedChange change = cast::ChangeOf(person, own.size() + 1, previous, base);
    own.push_back(change.hash);
    return change;
  }
  std::vector<ParsedChange> AuthorMany(std::string_view person, size_t count, const Head& base) {
    std::vector<ParsedChange> changes;
    for (size_t i = 0; i < count; ++i) changes.push_back(Author(person, base));
    return changes;
  }

  // One frame of changes.
  void AddFrame(std::string_view person, const std::vector<ParsedChange>& changes) {
    for (const ParsedChange& change : changes) {
      Add(v1::CHANGE, change.bytes,
          &change == &changes.back() ? SignFrame(cast::KeyOf(person), FrameEnd::Of(change)) : "");
    }
  }
  void AddChange(const ParsedChange& change, std::string signature = "") {
    Add(v1::CHANGE, change.bytes, std::move(signature));
  }
  // In place of changes up to `last`.
  void AddRefusal(Number first, const ParsedChange& last, std::string signature = "") {
    v1::Refusal refusal;
    refusal.set_replica(std::string(last.replica.bytes()));
    refusal.set_first(first);
    refusal.set_last(last.number);
    refusal.set_hash(std::string(last.hash.bytes()));
    refusal.set_reason(v1::NO_RIGHT);
    Add(v1::REFUSAL, refusal.SerializeAsString(), std::move(signature));
  }
  void Add(v1::EntryKind kind, std::string body, std::string signature = "") {
    v1::Entry entry;
    entry.set_sequence(entries_.size() + 1);
    entry.set_kind(kind);
    entry.set_time_ms(1932473100000);
    entry.set_body(std::move(body));
    entry.set_signature(std::move(signature));
    hashes_.push_back(EntryHash(cast::Partnership(), head().hash, entry));
    entries_.push_back(std::move(entry));
  }

 private:
  static v1::Membership MembershipOf(std::string_view person, v1::Membership::Action action) {
    v1::Membership membership;
    membership.set_action(action);
    membership.set_replica(std::string(cast::ReplicaOf(person).bytes()));
    membership.set_member(std::string(person));
    return membership;
  }

  std::vector<v1::Entry> entries_;
  std::vector<Hash> hashes_;
  std::map<ReplicaId, std::vector<Hash>> changes_;
};

// A frame as its author pushes it.
inline v1::Frame Pushed(std::string_view person, const std::vector<ParsedChange>& changes) {
  v1::Frame frame;
  for (const ParsedChange& change : changes) frame.add_changes()->set_change(change.bytes);
  frame.set_signature(SignFrame(cast::KeyOf(person), FrameEnd::Of(changes.back())));
  return frame;
}

}  // namespace twinning::ledger
