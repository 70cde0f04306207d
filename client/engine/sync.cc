#include "client/engine/sync.h"

#include <fmt/core.h>

#include <random>
#include <utility>

#include "client/engine/certificate.h"
#include "client/engine/copy.h"
#include "client/engine/engine.h"
#include "client/engine/event_loop.h"
#include "client/engine/file_watch.h"
#include "client/replica/directory.h"
#include "client/rpc/channel.h"
#include "client/rpc/grpc_transport.h"
#include "common/base/status.h"

namespace twinning::client {
namespace {

// A process that was killed says nothing when its lock falls free.
constexpr int64_t kLookAgainMs = 1'000;
constexpr int64_t kRenewalDeadlineMs = 10'000;
constexpr int64_t kRenewalIntervalMs = 60 * 60 * 1'000;

std::function<double()> Randomness() {
  auto engine = std::make_shared<std::mt19937_64>(std::random_device{}());
  return [engine] { return std::uniform_real_distribution<double>(0, 1)(*engine); };
}

// An engine over gRPC, with the loop that it runs in.
class Syncing {
 public:
  Syncing(Replica& replica, const SyncOptions& options)
      : replica_(replica),
        options_(options),
        transport_(replica, loop_.Poster()),
        engine_(replica, AroundEngine()),
        on_stop_(options.stop, [post = loop_.Poster()] { post([] {}); }) {}

  void WatchWrites() {
    auto watch = FileWatch::Open(Directory(replica_.directory()).wake());
    if (!watch.ok()) return;
    wake_ = *std::move(watch);
    loop_.Watch(wake_->fd(), [this] {
      wake_->Clear();
      engine_.Wake();
    });
  }

  // One attempt: until synced, or until it is known that it cannot be.
  bool RunRound() {
    engine_.Start();
    bool ended = loop_.Run([this] { return Stopped() || RoundIsOver(); }, options_.deadline_ms,
                           [this] { return engine_.state().steps; });
    return ended;
  }

  void RunOn() {
    if (options_.at_work) options_.at_work(loop_.Poster());
    engine_.Start();
    while (true) {
      loop_.Run([this] { return Stopped() || engine_.state().given_up || ShouldRenew(); });
      if (Stopped() || engine_.state().given_up) return;
      (void)Renew(replica_, kRenewalDeadlineMs);
    }
  }

  void Stop() { engine_.Stop(); }
  bool Stopped() const { return options_.stop.stop_requested(); }
  const EngineState& state() const { return engine_.state(); }

 private:
  // Asked after everything that happens; true at most once an hour.
  bool ShouldRenew() {
    const int64_t now_ms = SystemTime_ms();
    const EngineState::Phase phase = engine_.state().phase;
    bool reached = phase == EngineState::kConnected;
    bool over = now_ms >= looked_ms_ + kRenewalIntervalMs || now_ms < looked_ms_;
    if (!over || (!reached && phase != EngineState::kWaiting)) return false;
    CertificateStanding::State state = CertificateOf(replica_, now_ms).state;
    if (reached || state == CertificateStanding::kEnded) looked_ms_ = now_ms;
    return reached ? state != CertificateStanding::kGood : state == CertificateStanding::kEnded;
  }

  Surroundings AroundEngine() {
    Surroundings around;
    around.transport = &transport_;
    around.random = Randomness();
    around.set_timer = [this](int64_t delay_ms) {
      loop_.SetTimer(delay_ms, [this] { engine_.OnTimer(); });
    };
    around.on_change = [this] {
      if (options_.on_progress) options_.on_progress(ProgressOf(replica_, engine_.state()));
    };
    return around;
  }

  bool RoundIsOver() const {
    const EngineState& state = engine_.state();
    return (state.synced && state.quiet) ||
           (state.phase == EngineState::kWaiting && !WaitsItsTurn()) ||
           (state.phase == EngineState::kConnected && !state.problem.empty());
  }

  // A long journey's work goes up in pieces, as fast as the server takes it.
  bool WaitsItsTurn() const {
    return engine_.state().wait_ms > 0 && engine_.state().wait_ms < options_.deadline_ms;
  }

  Replica& replica_;
  const SyncOptions& options_;
  EventLoop loop_;
  GrpcTransport transport_;
  Engine engine_;
  std::unique_ptr<FileWatch> wake_;
  int64_t looked_ms_ = 0;  // at the certificate
  std::stop_callback<std::function<void()>> on_stop_;
};

std::string TimedOut(int64_t deadline_ms) {
  return fmt::format(
      "Nothing has come from the server for {} seconds. Everything written here is kept. Sync "
      "again "
      "later.",
      deadline_ms / 1000);
}

SyncResult ResultOf(const Replica& replica, const EngineState& state) {
  SyncResult result;
  result.synced = state.synced;
  result.sequence = replica.head().sequence;
  result.sent = state.sent;
  result.received = state.received;
  result.refused = state.refused;
  result.outbox = replica.outbox();
  result.problem = state.synced ? "" : state.problem;
  if (state.ignored > 0) {
    result.notice =
        "ALARM: the server took changes that their authors had no right to. They are in no plan; "
        "twinning status names them.";
  }
  return result;
}

// Before a connection that could not be made without.
std::string GetCertificate(Replica& replica) {
  if (CertificateOf(replica, SystemTime_ms()).state != CertificateStanding::kEnded) return "";
  absl::Status renewed = Renew(replica, kRenewalDeadlineMs);
  if (renewed.ok()) return "";
  return fmt::format("{} {} {}", CertificateOf(replica, SystemTime_ms()).sentence,
                     MessageOf(renewed), kKept);
}

// While the server is there. When it does not work there are weeks to try again, and people are
// warned in time.
void RenewIfDue(Replica& replica) {
  CertificateStanding::State state = CertificateOf(replica, SystemTime_ms()).state;
  if (state == CertificateStanding::kDue || state == CertificateStanding::kEnding) {
    (void)Renew(replica, kRenewalDeadlineMs);
  }
}

SyncResult NotConnected(Replica& replica, std::string problem) {
  SyncState state = replica.sync_state();
  state.connected = false;
  state.problem = problem;
  // For `status`; a disk that cannot take it says so at the next step that matters.
  (void)replica.NoteSync(state);
  SyncResult result;
  result.sequence = replica.head().sequence;
  result.outbox = replica.outbox();
  result.problem = std::move(problem);
  return result;
}

struct Round {
  SyncResult result;
  bool copy = false;  // another copy of the replica goes on as it
};

absl::StatusOr<Round> RunRound(Replica& replica, const SyncOptions& options) {
  if (std::string problem = GetCertificate(replica); !problem.empty()) {
    return Round{NotConnected(replica, std::move(problem))};
  }
  Syncing syncing(replica, options);
  syncing.WatchWrites();
  bool ended = syncing.RunRound();
  if (!syncing.state().disk.ok()) return syncing.state().disk;
  SyncResult result = ResultOf(replica, syncing.state());
  if (syncing.Stopped() && !result.synced) result.problem = "Stopped before the end.";
  if (!ended) result.problem = TimedOut(options.deadline_ms);
  bool reached = syncing.state().phase == EngineState::kConnected;
  syncing.Stop();
  if (reached) RenewIfDue(replica);
  return Round{std::move(result), syncing.state().copy};
}

// A copy syncs as a replica of its own, after it has become one.
absl::StatusOr<SyncResult> RunLocked(Replica& replica, const SyncOptions& options) {
  TWINNING_ASSIGN_OR_RETURN(Round round, RunRound(replica, options));
  if (!round.copy) return std::move(round.result);
  absl::StatusOr<std::string> notice = BecomeOwnReplica(replica, kRenewalDeadlineMs);
  if (!notice.ok()) {
    round.result.problem += " " + MessageOf(notice.status());
    return std::move(round.result);
  }
  TWINNING_ASSIGN_OR_RETURN(round, RunRound(replica, options));
  round.result.notice = *std::move(notice);
  return std::move(round.result);
}

// What another process of this replica has come to, waited for.
class Waiting {
 public:
  Waiting(Replica& replica, const SyncOptions& options)
      : replica_(replica),
        options_(options),
        on_stop_(options.stop, [post = loop_.Poster()] { post([] {}); }) {}

  absl::StatusOr<SyncResult> Run() {
    Directory directory(replica_.directory());
    auto watch = FileWatch::Open(directory.applied());
    if (watch.ok()) loop_.Watch((*watch)->fd(), [&watch] { (*watch)->Clear(); });
    Touch(directory.wake());
    LookAgain();
    loop_.Run([this] { return Over(); }, options_.deadline_ms,
              [this] { return replica_.head().sequence + replica_.acknowledged(); });
    if (!disk_.ok()) return disk_;
    if (locked_) return RunLocked(replica_, options_);
    return Result();
  }

 private:
  // Wakes the loop now and then, for a lock that fell free without a word.
  void LookAgain() {
    loop_.SetTimer(kLookAgainMs, [this] { LookAgain(); });
  }

  bool Over() {
    absl::StatusOr<bool> locked = replica_.LockSync();
    disk_ = locked.ok() ? replica_.Refresh() : locked.status();
    locked_ = locked.ok() && *locked;
    return locked_ || !disk_.ok() || options_.stop.stop_requested() || SyncedByOther();
  }

  bool SyncedByOther() const { return replica_.sync_state().connected && replica_.synced(); }

  SyncResult Result() const {
    SyncResult result;
    result.by_other_process = true;
    result.synced = SyncedByOther();
    result.sequence = replica_.head().sequence;
    result.outbox = replica_.outbox();
    if (result.synced) return result;
    result.problem = replica_.sync_state().problem;
    if (result.problem.empty()) {
      result.problem =
          "Another process is syncing this replica and has not come to an end yet. Everything "
          "written here is kept, and that process sends it.";
    }
    return result;
  }

  Replica& replica_;
  const SyncOptions& options_;
  EventLoop loop_;
  bool locked_ = false;
  absl::Status disk_;
  std::stop_callback<std::function<void()>> on_stop_;
};

// True when it is to be done again, as another replica.
bool RunOn(Replica& replica, const SyncOptions& options, absl::Status& ended) {
  EngineState state;
  {
    Syncing syncing(replica, options);
    syncing.WatchWrites();
    syncing.RunOn();
    state = syncing.state();
    syncing.Stop();
  }
  if (!state.given_up) return false;
  ended = FailedPrecondition(state.problem);
  if (!state.copy) return false;
  absl::StatusOr<std::string> notice = BecomeOwnReplica(replica, kRenewalDeadlineMs);
  if (!notice.ok()) {
    ended = FailedPrecondition(state.problem + " " + MessageOf(notice.status()));
    return false;
  }
  if (options.on_progress) {
    Progress progress = ProgressOf(replica, state);
    progress.text = *std::move(notice);
    options.on_progress(progress);
  }
  ended = absl::OkStatus();
  return true;
}

}  // namespace

absl::StatusOr<SyncResult> SyncOnce(Replica& replica, const SyncOptions& options) {
  TWINNING_ASSIGN_OR_RETURN(bool locked, replica.LockSync());
  if (!locked) return Waiting(replica, options).Run();
  absl::StatusOr<SyncResult> result = RunLocked(replica, options);
  replica.UnlockSync();
  return result;
}

absl::Status SyncLoop(Replica& replica, const SyncOptions& options) {
  TWINNING_ASSIGN_OR_RETURN(bool locked, replica.LockSync());
  if (!locked) {
    return FailedPrecondition(
        "Another process syncs this replica already: what is written here goes out through it.");
  }
  absl::Status ended = absl::OkStatus();
  while (RunOn(replica, options, ended)) {
  }
  replica.UnlockSync();
  return ended;
}

}  // namespace twinning::client
