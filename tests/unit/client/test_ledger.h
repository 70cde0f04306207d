// A server's ledger in memory, for tests of a replica: it founds a partnership, enrols people, and
// sequences the frames that they push. Entries are signed and chained as a server's are.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "client/replica/replica.h"
#include "common/ledger/chain.h"
#include "tests/support/world.h"

namespace twinning::client {

inline constexpr int64_t kTime = 1932473100000;  // when things happen in it, and around it

class TestLedger {
 public:
  // Founds "Link with France".
  TestLedger();

  // Enrols a person; the town is admitted with its first one. The key is made from the name.
  Identity Enrol(const std::string& person, const std::string& town);
  static SigningKey KeyOf(const std::string& person);

  // Sequences what is in the replica's outbox after what is here already; what the plan refuses
  // becomes a refusal.
  void Push(const Replica& replica);
  // Refuses the next change of the replica whatever it says.
  void RefuseNext(const Replica& replica, std::string detail);
  // The entries after `after`, as a server sends them.
  v1::Entries EntriesAfter(Sequence after) const;
  void Revoke(const std::string& person);
  // Puts an entry of someone else's in: the change that `person` makes of `edits`, seeing all.
  void Write(const std::string& person, std::vector<v1::Edit> edits);
  // The same without asking the plan, as a dishonest server takes it.
  void Believe(const std::string& person, std::vector<v1::Edit> edits);

  // Takes back what another ledger has after `after`, one in which this one would be had it not
  // been put back.
  void Readmit(const TestLedger& lost, Sequence after);

  const plan::Plan& plan() const { return *plan_; }
  Sequence head() const { return plan_->head().sequence; }
  const std::vector<v1::Entry>& entries() const { return past_.entries; }

 private:
  void Append(v1::EntryKind kind, std::string body, std::string signature = "");
  plan::Change Author(const std::string& person, std::vector<v1::Edit> edits) const;
  void AppendChange(const plan::Change& change, const SigningKey& key, std::string_view refuse);

  testing::MemoryEntries past_;
  std::unique_ptr<plan::Plan> plan_;
  ledger::Chain chain_;
};

}  // namespace twinning::client
