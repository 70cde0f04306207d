#include "server/admin/recovery.h"

#include <utility>

#include "common/base/status.h"

namespace twinning::server {
namespace {

void AddReplica(const sync::ServerPartnership& partnership, const plan::Member& member,
                v1::RecoveryReport& report) {
  sync::RecoveryStanding standing = partnership.StandingOf(member.replica);
  const plan::Town* town = partnership.plan().FindTown(member.town);
  v1::RecoveringReplica& replica = *report.add_replicas();
  replica.set_replica(std::string(member.replica.bytes()));
  replica.set_member(member.name);
  if (town != nullptr) replica.set_town(town->name);
  replica.set_heard(standing.heard);
  replica.set_needs_operator(standing.needs_operator);
}

}  // namespace

absl::StatusOr<v1::RecoveryReport> ReportRecovery(Sequencer& sequencer, const LedgerId& ledger) {
  TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * partnership, sequencer.Find(ledger));
  const plan::Plan& plan = partnership->plan();
  v1::RecoveryReport report;
  report.set_ledger(std::string(ledger.bytes()));
  report.set_name(plan.name());
  report.set_epoch(plan.epoch());
  report.set_head(partnership->durable().sequence);
  report.set_readmitted(plan.lineage().all().size());
  if (const std::optional<sync::RecoveryNote>& note = partnership->recovery()) {
    report.set_open(true);
    report.set_epoch(note->epoch);
    report.set_began_at(note->began_at);
  }
  for (const plan::Member& member : plan.members()) {
    if (member.revoked == 0) AddReplica(*partnership, member, report);
  }
  return report;
}

absl::StatusOr<v1::RecoveryReport> BeginRecovery(Sequencer& sequencer, const LedgerId& ledger) {
  TWINNING_RETURN_IF_ERROR(sequencer.BeginRecovery(ledger));
  return ReportRecovery(sequencer, ledger);
}

void FinishRecovery(Sequencer& sequencer, const LedgerId& ledger,
                    std::function<void(absl::StatusOr<v1::RecoveryReport>)> done) {
  if (absl::Status finished = sequencer.FinishRecovery(ledger); !finished.ok()) {
    return done(finished);
  }
  absl::StatusOr<sync::ServerPartnership*> partnership = sequencer.Find(ledger);
  if (!partnership.ok()) return done(partnership.status());
  sequencer.WhenDurable(ledger, (*partnership)->head().sequence,
                        [&sequencer, ledger, done = std::move(done)](const absl::Status& durable) {
                          if (!durable.ok()) return done(durable);
                          done(ReportRecovery(sequencer, ledger));
                        });
}

}  // namespace twinning::server
