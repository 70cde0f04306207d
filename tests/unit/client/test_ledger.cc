#include "tests/unit/client/test_ledger.h"

#include <gtest/gtest.h>

#include "common/base/status.h"
#include "common/ledger/frame.h"
#include "common/ledger/readmission.h"

namespace twinning::client {
TestLedger::TestLedger()
    : plan_(std::make_unique<plan::Plan>(past_)),
      chain_(
          [this](Sequence at) -> std::optional<Hash> {
            Hash hash;
            LedgerId ledger = *LedgerId::Of("partnership-0001");
            for (Sequence i = 0; i < at; ++i) {
              hash = ledger::EntryHash(ledger, hash, past_.entries[i]);
            }
            return hash;
          },
          [](const ReplicaId&, Number) { return std::nullopt; }) {
  v1::Founding founding;
  founding.set_ledger("partnership-0001");
  founding.set_name("Link with France");
  founding.set_semantics(plan::kSemantics);
  founding.set_schema(merge::Schema::BuiltInDescriptorSet());
  Append(v1::FOUNDING, founding.SerializeAsString());
}

SigningKey TestLedger::KeyOf(const std::string& person) {
  return *SigningKey::OfSeed(Sha256(person).bytes());
}

Identity TestLedger::Enrol(const std::string& person, const std::string& town) {
  Identity identity;
  identity.ledger = plan_->ledger();
  identity.replica = ReplicaOfKey(KeyOf(person).public_key());
  identity.town = testing::RecordNamed(town);
  identity.town_name = town;
  identity.partnership_name = "Link with France";
  identity.member = person;
  identity.server = "127.0.0.1:1";
  v1::Membership statement;
  statement.set_action(v1::Membership::ADMIT_TOWN);
  statement.set_town(std::string(identity.town.bytes()));
  statement.set_town_name(town);
  if (plan_->FindTown(identity.town) == nullptr) {
    Append(v1::MEMBERSHIP, statement.SerializeAsString());
  }
  statement.set_action(v1::Membership::ENROL);
  statement.set_replica(std::string(identity.replica.bytes()));
  statement.set_member(person);
  statement.set_key(KeyOf(person).public_key());
  statement.set_role(v1::REPRESENTATIVE);
  Append(v1::MEMBERSHIP, statement.SerializeAsString());
  return identity;
}

void TestLedger::Revoke(const std::string& person) {
  v1::Membership statement;
  statement.set_action(v1::Membership::REVOKE);
  statement.set_replica(std::string(ReplicaOfKey(KeyOf(person).public_key()).bytes()));
  Append(v1::MEMBERSHIP, statement.SerializeAsString());
}

void TestLedger::Append(v1::EntryKind kind, std::string body, std::string signature) {
  v1::Entry entry;
  entry.set_sequence(head() + 1);
  entry.set_kind(kind);
  entry.set_time_ms(kTime);
  entry.set_body(std::move(body));
  entry.set_signature(std::move(signature));
  absl::StatusOr<Hash> hash = chain_.Follow(entry);
  ASSERT_TRUE(hash.ok()) << MessageOf(hash.status());
  past_.entries.push_back(entry);
  absl::StatusOr<plan::Applied> applied = plan_->Apply(entry, *hash);
  ASSERT_TRUE(applied.ok()) << MessageOf(applied.status());
}

void TestLedger::AppendChange(const plan::Change& change, const SigningKey& key,
                              std::string_view refuse) {
  std::string signature = ledger::SignFrame(key, ledger::FrameEnd::Of(change.authored));
  std::optional<plan::Refusal> refusal = plan_->Judge(change);
  if (!refuse.empty()) refusal = plan::Refusal{v1::NO_RIGHT, std::string(refuse)};
  if (!refusal) return Append(v1::CHANGE, change.authored.bytes, std::move(signature));
  v1::Refusal statement;
  statement.set_replica(std::string(change.authored.replica.bytes()));
  statement.set_first(change.authored.number);
  statement.set_last(change.authored.number);
  statement.set_hash(std::string(change.authored.hash.bytes()));
  statement.set_reason(refusal->reason);
  statement.set_detail(refusal->detail);
  for (const RecordId& id : plan::RecordsOf(change.edits)) {
    statement.add_records(std::string(id.bytes()));
  }
  Append(v1::REFUSAL, statement.SerializeAsString(), std::move(signature));
}

void TestLedger::Push(const Replica& replica) {
  const ledger::Tail* tail = chain_.Find(replica.identity().replica);
  auto changes = replica.ReadOutbox(tail->number, ledger::kFrameRoom);
  ASSERT_TRUE(changes.ok()) << MessageOf(changes.status());
  for (const v1::AuthoredChange& change : *changes) {
    AppendChange(plan::ReadChange(*ledger::ParseChange(change.change())), replica.key(), "");
  }
}

void TestLedger::RefuseNext(const Replica& replica, std::string detail) {
  const ledger::Tail* tail = chain_.Find(replica.identity().replica);
  auto changes = replica.ReadOutbox(tail->number, 1);
  ASSERT_TRUE(changes.ok() && !changes->empty());
  AppendChange(plan::ReadChange(*ledger::ParseChange(changes->front().change())), replica.key(),
               detail);
}

plan::Change TestLedger::Author(const std::string& person, std::vector<v1::Edit> edits) const {
  v1::Edits message;
  for (v1::Edit& edit : edits) *message.add_edits() = std::move(edit);
  SigningKey key = KeyOf(person);
  ledger::ParsedChange change;
  change.ledger = plan_->ledger();
  change.replica = ReplicaOfKey(key.public_key());
  const ledger::Tail* tail = chain_.Find(change.replica);
  change.number = tail->number + 1;
  change.previous = tail->hash;
  change.base = plan_->head();
  change.change_set = *ChangeSetId::Of("change-set-00001");
  change.time_ms = kTime;
  change.encoding = v1::EDITS;
  change.payload = message.SerializeAsString();
  return plan::ReadChange(*ledger::ParseChange(ledger::EncodeChange(change)));
}

void TestLedger::Write(const std::string& person, std::vector<v1::Edit> edits) {
  AppendChange(Author(person, std::move(edits)), KeyOf(person), "");
}

void TestLedger::Believe(const std::string& person, std::vector<v1::Edit> edits) {
  const plan::Change change = Author(person, std::move(edits));
  Append(v1::CHANGE, change.authored.bytes,
         ledger::SignFrame(KeyOf(person), ledger::FrameEnd::Of(change.authored)));
}

void TestLedger::Readmit(const TestLedger& lost, Sequence after) {
  Hash previous;
  for (const v1::Entry& entry : lost.entries()) {
    Hash hash = ledger::EntryHash(plan_->ledger(), previous, entry);
    if (entry.sequence() > after) {
      Append(v1::READMISSION,
             ledger::EncodeReadmission(entry, previous, hash, 0, chain_.ReturningOf(entry)));
    }
    previous = hash;
  }
}

v1::Entries TestLedger::EntriesAfter(Sequence after) const {
  v1::Entries entries;
  for (Sequence at = after; at < past_.entries.size(); ++at) {
    *entries.add_entries() = past_.entries[at];
  }
  return entries;
}

}  // namespace twinning::client
