// A partnership without network or disk: a ledger in memory, and people with a replica each who
// write offline and sync when told. For tests of the plan and for the scenarios; the people are the
// cast of tests/unit/ledger.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/crypto/ed25519.h"
#include "common/ledger/entry_source.h"
#include "common/plan/compose.h"
#include "common/plan/plan.h"

namespace twinning::testing {

class MemoryEntries final : public ledger::EntrySource {
 public:
  absl::Status Read(Sequence after, Sequence up_to,
                    const std::function<absl::Status(const v1::Entry&)>& see) const override;
  std::vector<v1::Entry> entries;
};

// Personal values, beside the change that commits to them.
using Personal = std::vector<v1::PersonalValue>;

// One person's replica: confirmed state, outbox, and what both come to.
class Person {
 public:
  Person(std::string name, TownId town, const MemoryEntries& past);

  const std::string& name() const { return name_; }
  const SigningKey& key() const { return key_; }
  ReplicaId replica() const { return ReplicaOfKey(key_.public_key()); }
  const TownId& town() const { return town_; }
  const plan::Plan& confirmed() const { return *confirmed_; }
  const plan::Plan& view() const { return *view_; }
  const std::vector<plan::Change>& outbox() const { return outbox_; }
  // Every change that this person has authored, refused ones too; number 1 first.
  const std::vector<plan::Change>& authored() const { return authored_; }

  // What this person's clock says when they write; it decides nothing.
  void SetClock(int64_t time_ms) { time_ms_ = time_ms; }

  // Authors one change on what this person sees, `edits` as they come. An answer: it was not taken.
  std::optional<plan::Refusal> Write(std::vector<v1::Edit> edits, Personal personal = {});
  // The same without asking the own plan first, as a modified client would.
  void Force(std::vector<v1::Edit> edits, Personal personal = {});

 private:
  friend class World;
  plan::Change Author(std::vector<v1::Edit> edits);
  void Keep(plan::Change change, Personal personal);
  void Rebuild();

  std::string name_;
  TownId town_;
  SigningKey key_;
  std::unique_ptr<plan::Plan> confirmed_;
  std::unique_ptr<plan::Plan> view_;
  std::vector<plan::Change> outbox_;
  std::vector<plan::Change> authored_;
  std::map<Number, Personal> personal_;
  std::vector<std::pair<plan::Change, plan::Refusal>> drawer_;
  int64_t time_ms_;
  Hash previous_;
};

class World {
 public:
  // Names and their towns ("ana" at "Exampleton"); everybody is enrolled and has synced.
  explicit World(std::vector<std::pair<std::string, std::string>> people);

  // One more, who has synced; the town is admitted when it is not there yet. Its first person is its
  // coordinator and confirms the others; what that one has not sent is sent then.
  void Join(const std::string& name, const std::string& town);
  // The same by the operator alone: nobody of the town confirms it.
  void Enrol(const std::string& name, const std::string& town);
  // An entry that says something of membership, as the server sequences it.
  void Say(const v1::Membership& statement);

  Person& operator[](std::string_view name);
  TownId Town(std::string_view name) const;
  // Pushes the outbox, then takes in what the ledger has.
  void Sync(std::string_view name);
  void Fetch(std::string_view name);  // takes in what the ledger has, and keeps the outbox
  void SyncAll();                     // until nobody has anything new
  const plan::Plan& server() const { return *server_; }
  const MemoryEntries& ledger() const { return past_; }
  // What was refused of a person's, with the reason.
  const std::vector<std::pair<plan::Change, plan::Refusal>>& Refused(std::string_view name);
  void Append(v1::Entry entry);

 private:
  void ConfirmMembers(const TownId& town);
  void Push(Person& person);
  void Pull(Person& person);

  MemoryEntries past_;
  std::unique_ptr<plan::Plan> server_;
  std::map<std::string, std::unique_ptr<Person>, std::less<>> people_;
};

// Edits as tests write them.
v1::Edit Create(const RecordId& record, std::string_view kind);
v1::Edit Write(const RecordId& record, std::string_view kind, std::string_view field,
               const merge::Value& value);
v1::Edit Add(const RecordId& record, std::string_view kind, std::string_view field,
             const merge::Value& value);
v1::Edit Remove(const RecordId& record, std::string_view kind, std::string_view field,
                const merge::Value& value);
v1::Edit Increment(const RecordId& record, std::string_view kind, std::string_view field,
                   int64_t by);
v1::Edit Splice(const RecordId& record, std::string_view kind, std::string_view field,
                std::string_view language, std::vector<text::Splice> splices);
v1::Edit Delete(const RecordId& record);
v1::Edit Restore(const RecordId& record);
v1::Edit Withdraw(const RecordId& record);
v1::Edit Reopen(const RecordId& record, const Hash& conflict);
v1::Edit Agree(const Person& person, const RecordId& record);
// What a town says of a member of its own, and of anybody.
v1::Edit Appoint(const Person& by, const plan::Member& member, v1::Role role);
v1::Edit Mandate(const Person& by, const TownId& of, v1::MandateStatement said);
merge::Value Date(std::string_view day);
RecordId RecordNamed(std::string_view name);  // an id made from a name

}  // namespace twinning::testing
