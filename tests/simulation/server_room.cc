#include "tests/simulation/server_room.h"

#include <algorithm>

#include "common/base/status.h"

namespace twinning::simulation {

absl::StatusOr<std::vector<server::Partnership>> FrailLedger::Partnerships() {
  return memory_.Partnerships();
}

absl::StatusOr<ledger::Head> FrailLedger::HeadOf(const LedgerId& ledger) {
  return memory_.HeadOf(ledger);
}

absl::Status FrailLedger::Append(std::span<const server::Batch> batches) {
  if (!computer_.Effect()) return Unavailable("the computer is dead");
  if (!fails_) return memory_.Append(batches);
  fails_ = false;
  if (random_.OneIn(2)) (void)memory_.Append(batches);
  return absl::UnknownError("the disk failed; it may have been appended or not");
}

absl::Status FrailLedger::Read(const LedgerId& ledger, Sequence after, Sequence up_to,
                               const See& see) {
  return memory_.Read(ledger, after, up_to, see);
}

absl::StatusOr<std::vector<server::Claim>> FrailLedger::ClaimsOf(const LedgerId& ledger) {
  return memory_.ClaimsOf(ledger);
}

absl::StatusOr<std::optional<sync::RecoveryNote>> FrailLedger::RecoveryOf(const LedgerId& ledger) {
  return memory_.RecoveryOf(ledger);
}

absl::Status FrailLedger::SetRecovery(const LedgerId& ledger,
                                      const std::optional<sync::RecoveryNote>& note) {
  if (!computer_.Effect()) return Unavailable("the computer is dead");
  return memory_.SetRecovery(ledger, note);
}

absl::StatusOr<int64_t> FrailLedger::ArchivedSince(const LedgerId& ledger) {
  return memory_.ArchivedSince(ledger);
}

absl::Status FrailLedger::SetArchived(const LedgerId& ledger, int64_t since_ms) {
  if (!computer_.Effect()) return Unavailable("the computer is dead");
  return memory_.SetArchived(ledger, since_ms);
}

ServerRoom::ServerRoom(std::string folder, const Settings& settings, Random& random)
    : folder_(std::move(folder)),
      settings_(settings),
      random_(random),
      disk_(folder_, computer_),
      memory_(computer_, random) {}

ServerRoom::~ServerRoom() { Stop(false); }

absl::StatusOr<server::Ledger*> ServerRoom::OpenLedger() {
  if (!settings_.sqlite) return &memory_;
  TWINNING_ASSIGN_OR_RETURN(data_, server::DataFolder::Open(folder_));
  sqlite_ = std::make_unique<server::SqliteLedger>(data_->database());
  return sqlite_.get();
}

void ServerRoom::CloseLedger() {
  sqlite_.reset();
  data_.reset();
}

Sequence ServerRoom::PutBack(const LedgerId& ledger, Sequence sequence, bool by_tool) {
  server::Batch kept{ledger, {}, {}};
  uint64_t epoch = 0;
  absl::StatusOr<server::Ledger*> before = OpenLedger();
  absl::Status read = before.status();
  if (read.ok()) {
    read = (*before)->Read(ledger, 0, UINT64_MAX,
                           [&](sync::ChainedEntry&& chained) -> absl::StatusOr<bool> {
                             v1::Recovery recovery;
                             if (chained.entry.kind() == v1::RECOVERY &&
                                 recovery.ParseFromString(chained.entry.body())) {
                               epoch = std::max(epoch, recovery.epoch());
                             }
                             kept.entries.push_back(std::move(chained));
                             return true;
                           });
  }
  CloseLedger();
  while (!kept.entries.empty() &&
         (kept.entries.size() > sequence || !ledger::EndsFrame(kept.entries.back().entry))) {
    kept.entries.pop_back();
  }
  if (!read.ok() || kept.entries.empty()) return 0;
  memory_.Forget();
  for (const char* part : {"", "-wal", "-journal"}) {
    disk_.Delete(server::DataFolder::DatabaseIn(folder_) + part);
  }
  absl::StatusOr<server::Ledger*> after = OpenLedger();
  absl::Status written = after.status();
  if (written.ok()) written = (*after)->Append(std::span(&kept, 1));
  Sequence end = kept.head().sequence;
  if (written.ok() && by_tool) {
    written = (*after)->SetRecovery(ledger, sync::RecoveryNote{epoch + 1, end});
  }
  CloseLedger();
  return written.ok() ? end : 0;
}

absl::Status ServerRoom::Start(const LedgerId& ledger) {
  TWINNING_ASSIGN_OR_RETURN(server::Ledger * entries, OpenLedger());
  sequencer_ = std::make_unique<server::Sequencer>(
      *entries, [this] { return time_ms_; }, settings_.limits);
  absl::Status found = sequencer_->Find(ledger).status();
  return absl::IsNotFound(found) ? absl::OkStatus() : found;
}

void ServerRoom::Stop(bool power_lost) {
  sequencer_.reset();
  CloseLedger();
  if (power_lost) disk_.LosePower(random_);
  computer_.Revive();
}

void ServerRoom::FailDisk(size_t after, size_t failures) {
  settings_.sqlite ? disk_.FailAfter(after, failures) : memory_.FailOnce();
}

void ServerRoom::Spare() {
  computer_.Spare();
  disk_.Spare();
  memory_.Spare();
}

}  // namespace twinning::simulation
