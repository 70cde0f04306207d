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
    committer_.Post([this](Sequencer& sequencer) {
      office_->RepeatRevocations(sequencer);
      KeepSeen(sequencer);
    });
  });
  probe_ =
      std::make_unique<SelfProbe>([this] { return settings_.probe ? settings_.probe() : Probe(); },
                                  [this] {
                                    unreachable_ = true;
                                    settings_.unreachable();
                                  });
  if (settings_.probe_every.count() > 0) probe_->Begin(settings_.probe_every);
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

AtTheDoors House::Doors() {
  AtTheDoors doors;
  for (Listener* listener :
       {sync_listener_.get(), enrolment_listener_.get(), afar_listener_.get()}) {
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
  running.connections_max = DoormanLimits().connections;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) running.files_max = files.rlim_cur;
  return server::Examine({settings_.data, NowMs(), &running}, tell);
}

}  // namespace twinning::server
