// Keeps one replica in step with its server: owns the connection, carries out what the protocol's
// state machine says, and connects again after a while when the connection is lost. No thread,
// clock or randomness of its own: the same engine runs under an event loop and in the simulation.
// For one thread; never from inside its own callbacks but where noted.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "client/engine/backoff.h"
#include "client/replica/replica.h"
#include "client/rpc/transport.h"
#include "common/sync/client_session.h"

namespace twinning::client {

// What every sentence ends with that says why a replica does not sync.
inline constexpr std::string_view kKept = "Everything written here is kept.";

// What an engine needs of the world around it.
struct Surroundings {
  Transport* transport = nullptr;
  std::function<double()> random;  // [0, 1)
  // Calls Engine::OnTimer after so long; a new call replaces the last.
  std::function<void(int64_t delay_ms)> set_timer;
  // After anything in state() has changed; may call Stop.
  std::function<void()> on_change;
};

struct EngineState {
  enum Phase { kOff, kConnecting, kConnected, kWaiting } phase = kOff;
  Sequence server_head = 0;
  size_t sent = 0;        // own changes acknowledged since Start
  size_t received = 0;    // entries
  size_t refused = 0;     // own changes that went to the drawer
  size_t ignored = 0;     // entries that should have been refused: an alarm
  bool synced = false;    // as Replica::synced says, and connected
  bool given_up = false;  // waiting does not help; `problem` says why
  bool copy = false;      // because another copy of the replica goes on as it
  bool quiet = true;      // nothing is on its way to the server
  int64_t wait_ms = 0;    // waiting because the server said so: it takes the rest after so long
  std::string problem;    // why not connected, or not synced; empty when all is well
  absl::Status disk;      // the local disk failed; the last problem of this kind
  uint64_t steps = 0;     // grows with everything that happens
};

class Engine : private StreamListener {
 public:
  // The replica holds the sync lock and outlives the engine, as `around` does.
  Engine(Replica& replica, Surroundings around);
  ~Engine() override;

  void Start();
  // Drops the connection and says so in the replica.
  void Stop();
  // Another process, or this one, may have written to the outbox.
  void Wake();
  void OnTimer();

  const EngineState& state() const { return state_; }

 private:
  void OnMessage(v1::ServerMessage message) override;
  void OnWritten() override;
  void OnClosed(const std::string& why) override;

  void Connect();
  void Carry(sync::ClientActions actions);
  void Do(sync::Send& send);
  void Do(sync::ReadOutbox& read);
  void Do(sync::ApplyEntries& apply);
  void Do(sync::ApplySnapshot& apply);
  void Do(sync::ComputeDigest&);
  void Do(sync::ServerHead& head);
  void Do(sync::DigestMatched& matched);
  void Do(sync::DigestNotComparable&);
  void Do(sync::DigestDiffers& differs);
  void Do(sync::CheckClaim& check);
  void Do(sync::LookUpHashes& look_up);
  void Do(sync::ReadHeld& read);
  void Do(sync::BeginReplacement& begin);
  void Do(sync::KeepApart& keep);
  void Do(sync::Replace&);
  void Do(sync::TellRecovery& tell);
  void Do(sync::Close& close);
  void NotTaken(const absl::Status& why);
  void Count(const Intake& intake, Number acknowledged_before);
  std::string WaitsFor() const;

  void Note();
  void Drop();
  void FailLocally(const absl::Status& status);
  void End(const sync::Ending& ending);
  void RetryLater(int64_t wait_ms = 0);
  void Changed();

  Replica& replica_;
  Surroundings around_;
  Backoff backoff_;
  EngineState state_;
  SyncState noted_;       // what the replica has been told last
  Sequence matched_ = 0;  // where digests were last equal
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<sync::ClientSession> session_;
  v1::RecoveryState recovery_;  // as the server told it on this connection
  bool waits_ = false;          // `problem` says what for
  int rebuilds_ = 0;            // since digests were last equal
};

// What this program calls itself to a server.
std::string SoftwareName();

}  // namespace twinning::client
