// The server's computer: a ledger that outlives its process, and the process's sequencer while it
// runs. The programs on it are the product's; this only starts them, and lets them die.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/memory_ledger.h"
#include "server/ledger/sqlite_ledger.h"
#include "server/sequencer/sequencer.h"
#include "tests/simulation/computer.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/random.h"

namespace twinning::simulation {

// A ledger in memory that dies with its computer before or after an append, and may fail without
// saying whether it appended.
class FrailLedger : public server::Ledger {
 public:
  FrailLedger(Computer& computer, Random& random) : computer_(computer), random_(random) {}

  absl::StatusOr<std::vector<server::Partnership>> Partnerships() override;
  absl::StatusOr<ledger::Head> HeadOf(const LedgerId& ledger) override;
  absl::Status Append(std::span<const server::Batch> batches) override;
  absl::Status Read(const LedgerId& ledger, Sequence after, Sequence up_to,
                    const See& see) override;
  absl::StatusOr<std::vector<server::Claim>> ClaimsOf(const LedgerId& ledger) override;
  absl::StatusOr<std::optional<sync::RecoveryNote>> RecoveryOf(const LedgerId& ledger) override;
  absl::Status SetRecovery(const LedgerId& ledger,
                           const std::optional<sync::RecoveryNote>& note) override;
  absl::StatusOr<int64_t> ArchivedSince(const LedgerId& ledger) override;
  absl::Status SetArchived(const LedgerId& ledger, int64_t since_ms) override;
  void Watch(HeadSeen seen) override { memory_.Watch(std::move(seen)); }

  void FailOnce() { fails_ = true; }
  void Spare() { fails_ = false; }
  void Forget() { memory_ = server::MemoryLedger(); }

 private:
  Computer& computer_;
  Random& random_;
  server::MemoryLedger memory_;
  bool fails_ = false;
};

class ServerRoom {
 public:
  struct Settings {
    bool sqlite = false;
    sync::ServerLimits limits;
  };

  // `random` must outlive it.
  ServerRoom(std::string folder, const Settings& settings, Random& random);
  ~ServerRoom();

  // Starts the process, which looks at the partnership if it is in the ledger. An error is of the
  // product's, or because the computer died again, or its disk failed.
  absl::Status Start(const LedgerId& ledger);
  // The process is gone; with the power also what was not synced.
  void Stop(bool power_lost);
  // Stopped, its ledger is put back to where it was at an entry that ended a frame, at or before
  // `sequence`; by the tool, which begins a recovery, or without its knowing. Where that was; 0:
  // there is nothing to put back.
  Sequence PutBack(const LedgerId& ledger, Sequence sequence, bool by_tool);
  bool up() const { return sequencer_ != nullptr; }

  server::Sequencer* sequencer() { return sequencer_.get(); }
  Computer& computer() { return computer_; }
  // What the server's clock says.
  void SetClock(int64_t time_ms) { time_ms_ = time_ms; }
  // The next append, or some of the next writes to the disk, fail.
  void FailDisk(size_t after, size_t failures);
  // Faults are off.
  void Spare();

 private:
  absl::StatusOr<server::Ledger*> OpenLedger();
  void CloseLedger();

  const std::string folder_;
  const Settings settings_;
  Random& random_;
  Computer computer_;
  Disk disk_;
  FrailLedger memory_;
  int64_t time_ms_ = 0;
  std::optional<server::DataFolder> data_;
  std::unique_ptr<server::SqliteLedger> sqlite_;
  std::unique_ptr<server::Sequencer> sequencer_;
};

}  // namespace twinning::simulation
