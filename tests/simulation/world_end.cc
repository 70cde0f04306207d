// How a simulation ends: all is made well, everything that can happen does, and what it came to is
// judged.
#include <fmt/core.h>

#include "common/base/status.h"
#include "common/plan/conflicts.h"
#include "common/plan/standing.h"
#include "tests/simulation/history_checker.h"
#include "tests/simulation/ledger_checker.h"
#include "tests/simulation/world.h"

namespace twinning::simulation {
namespace {

// Far more than a partnership of this size needs to come to rest.
constexpr size_t kEventsMany = 30'000;

}  // namespace

void World::Heal() {
  if (traced_) result_.trace.push_back("     all is made well");
  network_.Heal();
  server_.Spare();
  for (const std::unique_ptr<Office>& office : offices_) {
    office->computer().Spare();
    office->disk().Spare();
  }
  if (!server_.up()) StartServer();
  if (!server_.up()) return Broken("the server does not come up");
  if (!Drain("after all was made well")) return;
  if (restored_ && !Recover()) return;
  for (const std::unique_ptr<Office>& office : offices_) {
    if (!office->enrolled()) Join(*office);
  }
  if (!Drain("when all had joined")) return;
  for (const std::unique_ptr<Office>& office : offices_) {
    if (!office->up()) Start(*office);
    if (!office->up()) return Broken(office->member() + " does not come up");
  }
  if (!Drain("when all were back")) return;
  Greet();
  if (!Drain("after everybody wrote once more")) return;
  // What is only in memory does not count.
  StopServer(true);
  StartServer();
  Office& office = *random_.Pick(offices_);
  office.Kill(true);
  Start(office);
  Drain("after the server and " + office.member() + " lost their power");
}

// What an operator does after a restore, for whoever waits for it.
bool World::Recover() {
  server::Sequencer& sequencer = *server_.sequencer();
  // Open already, or begun by a restore: no matter.
  if (sequencer.BeginRecovery(ledger_).ok()) Say("a recovery is begun");
  if (!RestartThoseWhoGaveUp() || !Drain("when a recovery had begun")) return false;
  FinishRecovery();
  if (!Drain("when the recovery was over")) return false;
  auto partnership = sequencer.Find(ledger_);
  if (!partnership.ok()) return false;
  for (const std::unique_ptr<Office>& office : offices_) {
    bool forgotten =
        office->enrolled() && (*partnership)->plan().FindMember(office->replica_id()) == nullptr;
    if (forgotten) Join(*office);
  }
  if (!Drain("when the forgotten were invited again") || !RestartThoseWhoGaveUp()) return false;
  return Drain("when everybody was known again");
}

bool World::RestartThoseWhoGaveUp() {
  for (const std::unique_ptr<Office>& office : offices_) {
    if (!office->enrolled() || (office->up() && !office->engine().given_up)) continue;
    if (office->up()) office->Stop();
    Start(*office);
    if (office->up()) continue;
    Broken(office->member() + " does not come up again");
    return false;
  }
  return true;
}

// Liveness: it must come to rest, and not because somebody is stuck.
bool World::Drain(const std::string& when) {
  for (size_t i = 0; i < kEventsMany; ++i) {
    if (!result_.broken.empty()) return false;
    if (!HappenOne()) return true;
  }
  Broken(fmt::format("after {} events there is no rest {}", kEventsMany, when));
  return false;
}

void World::Greet() {
  for (const std::unique_ptr<Office>& office : offices_) {
    RecordId id = *RecordId::Of(random_.Bytes(RecordId::kSize));
    std::string title = "Greetings from " + office->member();
    std::string ended = office->Write(
        [&](const plan::Plan&) -> absl::StatusOr<client::Replica::Draft> {
          return Workload::Greeting(id, title);
        },
        Now(office.get()), false);
    Say(title + ": " + ended);
    greetings_.emplace_back(id, title);
  }
}

std::vector<v1::Entry> World::ReadLedger() {
  absl::StatusOr<std::vector<v1::Entry>> entries = server_.sequencer()->Read(ledger_, 0, SIZE_MAX);
  if (entries.ok()) return *std::move(entries);
  Broken("the ledger cannot be read: " + MessageOf(entries.status()));
  return {};
}

ReplicaFact World::FactOf(Office& office) {
  client::Replica& replica = office.replica();
  ReplicaFact fact;
  fact.replica = office.replica_id();
  fact.name = office.member();
  absl::Status read =
      replica.entries().Read(0, replica.head().sequence, [&](const v1::Entry& entry) {
        fact.entries.push_back(PrintOf(entry));
        return absl::OkStatus();
      });
  if (!read.ok()) Broken(office.member() + ": " + MessageOf(read));
  fact.digest = replica.Digest();
  fact.outbox = replica.outbox();
  fact.synced = office.engine().synced && replica.synced();
  if (!fact.synced) Say(office.member() + ": " + office.engine().problem);
  absl::StatusOr<std::vector<client::RefusedChange>> refused = replica.Refused();
  if (!refused.ok()) Broken(office.member() + ": " + MessageOf(refused.status()));
  for (const client::RefusedChange& one : *refused) {
    fact.drawer.push_back(
        {one.change.authored.number, Sha256(one.change.authored.payload), one.sequence});
  }
  fact.conflicts = ConflictsText(replica.view());
  fact.standing = StandingText(replica.view());
  for (const auto& [id, title] : greetings_) {
    if (replica.view().Find(id) == nullptr) ++fact.missing;
  }
  return fact;
}

void World::Judge() {
  auto partnership = server_.sequencer()->Find(ledger_);
  if (!partnership.ok()) return Broken(MessageOf(partnership.status()));
  const plan::Plan& plan = (*partnership)->plan();
  std::vector<v1::Entry> entries = ReadLedger();
  Outcome outcome;
  for (const v1::Entry& entry : entries) {
    outcome.ledger.push_back(simulation::FactOf(entry, plan.ignored().contains(entry.sequence())));
  }
  outcome.digest = plan.Digest();
  outcome.conflicts = ConflictsText(plan);
  outcome.standing = StandingText(plan);
  for (const std::unique_ptr<Office>& office : offices_) {
    outcome.replicas.push_back(FactOf(*office));
  }
  for (const std::string& broken : Check(history_, outcome)) Broken(broken);
  for (const std::string& broken : CheckLedger(entries, outcome.digest)) Broken(broken);
  for (const std::string& broken : witness_.Check(plan)) Broken(broken);
  Look();
  for (const EntryFact& entry : outcome.ledger) result_.counts.refusals += entry.refused ? 1 : 0;
  Count(plan);
}

void World::Count(const plan::Plan& plan) {
  Counts& counts = result_.counts;
  counts.entries = plan.head().sequence;
  counts.readmitted = plan.lineage().all().size();
  for (const plan::Conflict& conflict : plan::Conflicts(plan, true)) {
    if (conflict.kind == merge::ConflictKind::kValues) ++counts.values;
    if (conflict.kind == merge::ConflictKind::kPassage) ++counts.passages;
    if (conflict.kind == merge::ConflictKind::kDeletion) ++counts.deletions;
    if (conflict.settled) ++counts.settled;
  }
  plan.records().ForEach([&](const merge::Record& record) {
    if (record.diverged) ++counts.diverged;
    if (plan::AgreementOf(plan, record).agreed) ++counts.agreed;
  });
}

}  // namespace twinning::simulation
