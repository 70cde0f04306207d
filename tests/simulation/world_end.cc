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
  for (const std::unique_ptr<Office>& office : offices_) {
    if (!office->enrolled()) Join(*office);
  }
  if (!Drain("after all was made well")) return;
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

namespace {

EntryFact FactOf(const v1::Entry& entry) {
  EntryFact fact;
  fact.sequence = entry.sequence();
  fact.print = PrintOf(entry);
  if (entry.kind() == v1::CHANGE) {
    absl::StatusOr<ledger::ParsedChange> change = ledger::ParseChange(entry.body());
    if (!change.ok()) return fact;
    fact.replica = change->replica;
    fact.first = fact.last = change->number;
    fact.change = change->hash;
  }
  v1::Refusal refusal;
  if (entry.kind() == v1::REFUSAL && refusal.ParseFromString(entry.body())) {
    fact.replica = ReplicaId::Of(refusal.replica()).value_or(ReplicaId());
    fact.first = refusal.first();
    fact.last = refusal.last();
    fact.change = Hash::Of(refusal.hash()).value_or(Hash());
    fact.refused = true;
  }
  return fact;
}

}  // namespace

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
  absl::StatusOr<std::vector<client::RefusedChange>> refused = replica.Refused();
  if (!refused.ok()) Broken(office.member() + ": " + MessageOf(refused.status()));
  for (const client::RefusedChange& one : *refused) {
    fact.drawer.push_back({one.change.authored.number, one.change.authored.hash, one.sequence});
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
  for (const v1::Entry& entry : entries) outcome.ledger.push_back(simulation::FactOf(entry));
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
