// One member's computer: a replica on its disk, and the process that keeps it in step with the
// server while it runs. The programs on it are the product's; this only starts them, lets people
// write, and lets them die.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "client/engine/engine.h"
#include "client/replica/replica.h"
#include "tests/simulation/computer.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/history.h"
#include "tests/simulation/network.h"
#include "tests/simulation/random.h"

namespace twinning::simulation {

class Office {
 public:
  // `network`, `random` and `history` must outlive it.
  Office(std::string folder, std::string member, const TownId& town, Network& network,
         Random& random, History& history);
  ~Office();

  const std::string& member() const { return identity_.member; }
  const TownId& town() const { return identity_.town; }
  const ReplicaId& replica_id() const { return identity_.replica; }
  const std::string& public_key() const { return key_.public_key(); }

  // The server has enrolled it durably: from now on it may be started.
  void Enrol(const LedgerId& ledger) { identity_.ledger = ledger; }
  bool enrolled() const { return !identity_.ledger.empty(); }

  // Starts the process: opens the replica, or makes it. An error is of the product's, or because
  // the computer died again, or its disk failed.
  absl::Status Start();
  // Ends it in good order.
  void Stop();
  // The process is gone; with the power also what was not synced.
  void Kill(bool power_lost);
  bool up() const { return engine_ != nullptr; }

  client::Replica& replica() { return *replica_; }
  const client::EngineState& engine() const { return engine_->state(); }
  Computer& computer() { return computer_; }
  Disk& disk() { return disk_; }

  // A person writes, in this process or in another one of this computer; what they were told goes
  // into the history. One word on how it ended, for the trace.
  std::string Write(const client::Replica::Make& make, int64_t time_ms, bool other_process);
  // A modified program puts a change into the outbox that asks nobody whether it may.
  std::string Force(const std::string& payload, int64_t time_ms);

  // What may happen here by itself.
  bool has_timer() const { return up() && timer_.has_value(); }
  bool has_writes() const { return up() && woken_; }
  void Timer();
  void Wake();

 private:
  absl::StatusOr<client::Saved> WriteInOther(const client::Replica::Make& make, int64_t time_ms);
  void NoteSaved(client::Replica& replica, Number number);

  const std::string folder_;
  const SigningKey key_;
  client::Identity identity_;
  Random& random_;
  History& history_;
  Computer computer_;
  Disk disk_;
  std::unique_ptr<client::Transport> transport_;
  std::optional<int64_t> timer_;
  bool woken_ = false;
  std::unique_ptr<client::Replica> replica_;
  std::unique_ptr<client::Engine> engine_;
};

}  // namespace twinning::simulation
