// What a replica does when its server was put back to an earlier state: it shows and offers what it
// holds, and takes the server's history where that went another way.
#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "client/replica/state.h"
#include "common/base/fault.h"
#include "common/base/status.h"
#include "common/ledger/limits.h"

namespace twinning::client {

absl::StatusOr<std::vector<ledger::Head>> Replica::HashesAt(
    const std::vector<Sequence>& sequences) const {
  std::vector<ledger::Head> heads;
  absl::Status status = state_->store->database().Run([&]() -> absl::Status {
    for (Sequence sequence : sequences) {
      std::optional<Hash> hash = state_->store->HashAt(sequence);
      if (!hash) return InvalidArgument(fmt::format("there is no entry {} here", sequence));
      heads.push_back({sequence, *hash});
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return heads;
}

absl::StatusOr<v1::Entries> Replica::EntriesAfter(Sequence after) const {
  v1::Entries entries;
  size_t bytes = 0;
  bool full = false;
  absl::Status status =
      state_->store->Read(after, state_->held.sequence, [&](const v1::Entry& entry) {
        bytes += entry.ByteSizeLong();
        *entries.add_entries() = entry;
        full = bytes >= ledger::kMaxEntriesBytes && ledger::EndsFrame(entry);
        return full ? absl::CancelledError() : absl::OkStatus();
      });
  if (!full && !status.ok()) return status;
  return entries;
}

absl::Status Replica::BeginReplacement(const ledger::Head& common) {
  State& state = *state_;
  TWINNING_RETURN_IF_ERROR(state.Reopen());
  return state.store->database().Write([&]() -> absl::Status {
    if (common.sequence > 0 && state.store->HashAt(common.sequence) != common.hash) {
      return DataLoss(
          fmt::format("entry {} is not the one that this replica holds", common.sequence));
    }
    state.store->DeleteApart();
    state.common = common;
    state.apart = common.sequence;
    return absl::OkStatus();
  });
}

absl::StatusOr<Sequence> Replica::KeepApart(const v1::Entries& entries) {
  State& state = *state_;
  for (const v1::Entry& entry : entries.entries()) {
    if (entry.sequence() == state.apart + 1) {
      ++state.apart;
      continue;
    }
    return DataLoss(fmt::format("entry {} comes after entry {}", entry.sequence(), state.apart));
  }
  TWINNING_RETURN_IF_ERROR(state.Reopen());
  TWINNING_RETURN_IF_ERROR(state.store->database().Write([&] {
    state.store->PutApart(entries);
    return absl::OkStatus();
  }));
  return state.apart;
}

// A checkpoint or snapshot of what came after is of no more use.
absl::Status Replica::State::GoBackTo(const ledger::Head& entry) {
  if (entry.sequence > 0 && store->HashAt(entry.sequence) != entry.hash) {
    return DataLoss(fmt::format("entry {} is not the one that this replica holds", entry.sequence));
  }
  store->CutAfter(entry.sequence);
  if (TWINNING_FAULT("outbox emptied when going back")) {
    while (store->OutboxFirst() != 0) (void)store->TakeOutbox(store->OutboxFirst());
  }
  if (static_cast<Sequence>(store->Number64(kMetaCheckpoint)) > entry.sequence) {
    store->SetNumber(kMetaCheckpoint, 0);
    store->SetNumber(kMetaIncomplete, 0);
    store->SetText(kMetaChain, "");
    store->DeleteRecords();
  }
  store->SetNumber(kMetaGeneration, store->Number64(kMetaGeneration) + 1);
  Distrust();
  return TakeIn();
}

absl::StatusOr<Intake> Replica::State::TakeApart() {
  Intake all;
  TWINNING_RETURN_IF_ERROR(StartReceiving());
  TWINNING_RETURN_IF_ERROR(store->ReadApart([&](const v1::Entries& entries) -> absl::Status {
    TWINNING_ASSIGN_OR_RETURN(Intake intake, receiver->Take(entries));
    intake.taken += all.taken;
    intake.refused += all.refused;
    intake.ignored += all.ignored;
    all = intake;
    return absl::OkStatus();
  }));
  store->DeleteApart();
  return all;
}

absl::StatusOr<Intake> Replica::ReplaceHistory() {
  State& state = *state_;
  TWINNING_RETURN_IF_ERROR(state.Reopen());
  absl::StatusOr<Intake> intake = Intake();
  absl::Status status = state.store->database().Write([&]() -> absl::Status {
    Number acknowledged = state.store->LastOwn().number;
    TWINNING_RETURN_IF_ERROR(state.GoBackTo(state.common));
    TWINNING_ASSIGN_OR_RETURN(intake, state.TakeApart());
    if (state.store->LastOwn().number >= acknowledged) return absl::OkStatus();
    return DataLoss(fmt::format("it lacks change {} of this replica, which had been acknowledged",
                                acknowledged));
  });
  // Whatever came of it is read again.
  state.Distrust();
  absl::Status read = TakeWrites();
  if (!status.ok()) return status;
  TWINNING_RETURN_IF_ERROR(read);
  Touch(state.directory.applied());
  return intake;
}

bool Replica::State::Knows(const ledger::Head& base) const {
  return base.sequence == 0 || store->HashAt(base.sequence) == base.hash ||
         plans->confirmed().lineage().Find(base.hash) != nullptr;
}

// The entry of this history that a base, which is known, leads back to.
Sequence Replica::State::ForkOf(const ledger::Head& base) const {
  const ledger::Lost* lost = plans->confirmed().lineage().Find(base.hash);
  return lost == nullptr ? base.sequence : lost->fork;
}

absl::StatusOr<ledger::Head> Replica::State::LastBeforeRestore(const ledger::Head& lost) const {
  Sequence up_to = std::min(lost.sequence, held.sequence);
  Sequence last = up_to > 0 ? up_to - 1 : 0;
  TWINNING_RETURN_IF_ERROR(store->Read(0, up_to, [&](const v1::Entry& entry) {
    if (entry.kind() == v1::RECOVERY) last = entry.sequence() - 1;
    return absl::OkStatus();
  }));
  return ledger::Head{last, store->HashAt(last).value_or(Hash())};
}

// Where what this replica wrote before leads back to: bases never fall.
absl::StatusOr<Sequence> Replica::State::LastOwnBase() {
  TWINNING_RETURN_IF_ERROR(StartReceiving());
  const ledger::Tail* tail = receiver->chain().Find(identity.replica);
  return tail == nullptr ? 0 : tail->base;
}

absl::StatusOr<bool> Replica::State::RebaseInside() {
  bool changed = false;
  Hash previous;
  TWINNING_ASSIGN_OR_RETURN(Sequence least, LastOwnBase());
  for (OutboxRow& row : store->Outbox(0, std::numeric_limits<int64_t>::max())) {
    TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange change,
                              ledger::ParseChange(row.change.change()));
    if (changed) change.previous = previous;
    if (!Knows(change.base)) {
      TWINNING_ASSIGN_OR_RETURN(change.base, LastBeforeRestore(change.base));
      if (change.base.sequence < least) change.base = {least, *store->HashAt(least)};
      changed = true;
    }
    least = std::max(least, ForkOf(change.base));
    if (changed) {
      row.change.set_change(ledger::EncodeChange(change));
      store->ReplaceOutbox(row);
    }
    previous = ledger::ChangeHash(row.change.change());
  }
  return changed;
}

absl::StatusOr<bool> Replica::RebaseOutbox() {
  State& state = *state_;
  TWINNING_RETURN_IF_ERROR(state.Reopen());
  absl::StatusOr<bool> changed = false;
  absl::Status status = state.store->database().Write([&]() -> absl::Status {
    // The server does not know the snapshot's entry either: what there is of the history counts.
    if (!state.sync.history_complete) TWINNING_RETURN_IF_ERROR(state.GoBackTo(state.held));
    changed = state.RebaseInside();
    if (changed.ok() && *changed) {
      state.store->SetNumber(kMetaGeneration, state.store->Number64(kMetaGeneration) + 1);
    }
    return changed.status();
  });
  state.Distrust();
  absl::Status read = TakeWrites();
  if (!status.ok()) return status;
  TWINNING_RETURN_IF_ERROR(read);
  return changed;
}

}  // namespace twinning::client
