// What looks after the server while it runs, and how it is looked over.
#include <sys/resource.h>

#include <map>

#include "common/base/status.h"
#include "server/clocks.h"
#include "server/doctor/doctor.h"
#include "server/house.h"
#include "server/log/log.h"
#include "server/rpc/own_port.h"

namespace twinning::server {
namespace {

constexpr std::chrono::seconds kProbePatience(10);

}  // namespace

// What a restore of the database forgot is said again, now and whenever a recovery may have ended.
void House::LookAfter() {
  committer_.Post([this](Sequencer& sequencer) {
    sequencer.WhenDismissed([this](const LedgerId& ledger,
                                   const sync::ServerPartnership& partnership,
                                   const ReplicaId& replica) {
      office_->KeepShutOut(ledger, partnership.plan(), replica);
    });
    sequencer.WhenOpened([this](const LedgerId& ledger, sync::ServerPartnership& partnership) {
      for (const plan::Member& member : partnership.plan().members()) {
        if (member.revoked == 0) continue;
        office_->KeepShutOut(ledger, partnership.plan(), member.replica);
      }
      absl::StatusOr<std::map<ReplicaId, sync::ReplicaProgress>> known = seen_.Of(ledger);
      if (!known.ok()) return;
      for (auto& [replica, progress] : *known) partnership.Remember(replica, std::move(progress));
    });
    office_->RepeatRevocations(sequencer);
  });
  upkeep_.Begin([this] {
    if (front_ != nullptr) front_->ShowAnew();
    committer_.Post([this](Sequencer& sequencer) {
      office_->RepeatRevocations(sequencer);
      KeepSeen(sequencer);
    });
  });
  if (settings_.probe_every.count() > 0) ProbeEvery(settings_.probe_every);
}

void House::ProbeEvery(std::chrono::milliseconds interval) {
  probe_ =
      std::make_unique<SelfProbe>([this] { return settings_.probe ? settings_.probe() : Probe(); },
                                  [this] {
                                    if (unreachable_.exchange(true)) return;
                                    LogError(
                                        "nobody can reach the server any more: it ends, to be "
                                        "started again");
                                    settings_.unreachable();
                                  });
  probe_->Begin(interval);
  if (front_ == nullptr) return;
  enrolment_probe_ =
      std::make_unique<SelfProbe>([this] { return ProbeEnrolment(); },
                                  [this] { front_->StartAgain("nobody could reach it any more"); });
  enrolment_probe_->Begin(interval);
}

void House::KeepSeen(const Sequencer& sequencer) {
  sequencer.ForEach([this](const LedgerId& ledger, const sync::ServerPartnership& partnership) {
    absl::Status kept = seen_.Keep(ledger, partnership.progress());
    if (!kept.ok()) LogWarning("when replicas were seen was not kept: " + MessageOf(kept));
  });
}

absl::Status House::Probe() const {
  return CallOwnPort(addresses_.listen, *authority_, probe_key_, NowMs(), kProbePatience);
}

absl::Status House::ProbeEnrolment() const {
  return CallAsStranger(*addresses_.enrol, *authority_, kProbePatience);
}

std::optional<FrontState> House::front() const {
  if (front_ == nullptr) return std::nullopt;
  return front_->state();
}

std::optional<Enrolling> House::HowEnrolling() const {
  if (front_ == nullptr) return std::nullopt;
  const FrontState state = front_->state();
  return Enrolling{state.serving, state.restarts};
}

AtTheDoors House::Doors() {
  AtTheDoors doors;
  if (front_ != nullptr) {
    const FrontFigures figures = front_->state().figures;
    doors = {figures.connections, figures.turned_away};
  }
  for (Listener* listener : {sync_listener_.get(), afar_listener_.get()}) {
    if (listener == nullptr || listener->doorman() == nullptr) continue;
    doors.connections += listener->doorman()->connections();
    doors.turned_away += listener->doorman()->turned_away();
  }
  return doors;
}

absl::Status House::Examine(const std::function<absl::Status(v1::Finding)>& tell) {
  Running running;
  running.measured = survey_->Take(kProbePatience);
  running.address = address();
  running.reached = Probe();
  running.connections_max = ListenerLimits::OfReplicas().door.connections;
  if (front_ != nullptr) {
    const FrontState state = front_->state();
    running.front = {addresses_.enrol->text(), ProbeEnrolment(), state.restarts, state.last_end,
                     state.unconfined};
  }
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) running.files_max = files.rlim_cur;
  return server::Examine({settings_.data, NowMs(), &running}, tell);
}

}  // namespace twinning::server
