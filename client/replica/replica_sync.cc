// What the one process does that holds the sync lock: taking entries and snapshots, checkpoints.
#include <fmt/core.h>

#include <utility>

#include "client/replica/state.h"
#include "common/base/status.h"
#include "common/ledger/frame.h"
#include "common/merge/record_codec.h"
#include "common/plan/codec.h"

namespace twinning::client {
namespace {

// So many entries are read again by whoever opens the replica after a crash.
constexpr Sequence kEntriesToCheckpoint = 1000;

absl::Status NotLocked() {
  return Internal("the replica is not locked for syncing by this process");
}

}  // namespace

absl::StatusOr<bool> Replica::LockSync() {
  if (state_->lock) return true;
  auto lock = sqlite::LockFile::Acquire(state_->directory.sync_lock());
  if (absl::IsAlreadyExists(lock.status())) return false;
  if (!lock.ok()) return lock.status();
  state_->lock = *std::move(lock);
  TWINNING_RETURN_IF_ERROR(TakeWrites());
  return true;
}

void Replica::UnlockSync() {
  if (!state_ || !state_->lock) return;
  // Best effort: without it the next Open takes longer, and nothing else.
  (void)Checkpoint(false);
  state_->receiver.reset();
  state_->lock.reset();
  Touch(state_->directory.applied());
}

absl::Status Replica::TakeWrites() {
  TWINNING_RETURN_IF_ERROR(state_->Reopen());
  return state_->store->database().Read([this] { return state_->TakeIn(); });
}

ledger::Head Replica::head() const { return state_->held; }

Number Replica::last_number() const {
  return state_->plans->outbox() > 0 ? state_->plans->outbox_last() : state_->own.number;
}

Number Replica::acknowledged() const { return state_->own.number; }

absl::StatusOr<std::vector<v1::AuthoredChange>> Replica::ReadOutbox(Number after,
                                                                    size_t room) const {
  std::vector<v1::AuthoredChange> changes;
  absl::Status status = state_->store->database().Run([&]() -> absl::Status {
    for (OutboxRow& row : state_->store->Outbox(after, ledger::kMaxChangesPerFrame)) {
      if (row.number != after + changes.size() + 1) {
        return DataLoss(fmt::format("the outbox of {} lacks change {}", state_->directory.path,
                                    after + changes.size() + 1));
      }
      size_t takes = ledger::FrameRoomFor(row.change);
      if (takes > room && !changes.empty()) break;
      room -= std::min(room, takes);
      changes.push_back(std::move(row.change));
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return changes;
}

absl::Status Replica::State::StartReceiving() {
  if (receiver) return absl::OkStatus();
  TWINNING_ASSIGN_OR_RETURN(receiver, Receiver::Start(*store, *plans, identity));
  return absl::OkStatus();
}

absl::StatusOr<Intake> Replica::ApplyEntries(const v1::Entries& entries) {
  if (!state_->lock) return NotLocked();
  TWINNING_RETURN_IF_ERROR(state_->Reopen());
  absl::StatusOr<Intake> intake = Intake();
  State& state = *state_;
  absl::Status status = state.store->database().Write([&]() -> absl::Status {
    TWINNING_RETURN_IF_ERROR(state.TakeIn());
    TWINNING_RETURN_IF_ERROR(state.StartReceiving());
    intake = state.receiver->Take(entries);
    return intake.status();
  });
  if (!status.ok()) {
    // The plan and the chain in memory have gone further than the disk.
    state.Distrust();
    return status;
  }
  state.held = intake->head;
  (void)state.store->database().Run([&] {
    state.own = state.store->LastOwn();
    state.generation = state.store->Number64(kMetaGeneration);
    state.sync.history_complete = state.store->Number64(kMetaIncomplete) == 0;
    return absl::OkStatus();
  });
  state.plans->Drop(state.own.number);
  Touch(state.directory.applied());
  state.MovePagesIfMany();
  return intake;
}

bool Replica::empty() const {
  return state_->held.sequence == 0 && state_->plans->confirmed().head().sequence == 0;
}

absl::Status Replica::ApplySnapshot(const v1::Snapshot& part) {
  if (!state_->lock) return NotLocked();
  if (!empty()) return FailedPrecondition("A snapshot came for a replica that is not empty.");
  absl::Status status = state_->AddToSnapshot(part);
  if (status.ok() && part.last()) {
    status = state_->KeepSnapshot();
    state_->arriving.reset();
    Touch(state_->directory.applied());
  }
  if (!status.ok()) state_->arriving.reset();
  return status;
}

absl::Status Replica::State::AddToSnapshot(const v1::Snapshot& part) {
  // The first part of another one: the connection that brought the last one broke on the way.
  if (!part.facts().empty()) arriving.reset();
  if (!arriving) {
    TWINNING_ASSIGN_OR_RETURN(plan::Plan plan, plan::DecodeFacts(part.facts(), *store));
    if (plan.ledger() != identity.ledger) return DataLoss("the snapshot is of another partnership");
    arriving = std::make_unique<plan::Plan>(std::move(plan));
  }
  const ledger::Head& at = arriving->head();
  if (part.at().sequence() != at.sequence || part.at().hash() != at.hash.bytes()) {
    return DataLoss("a part of the snapshot is of another sequence than the first");
  }
  for (const std::string& record : part.records()) {
    TWINNING_RETURN_IF_ERROR(plan::LoadRecord(*arriving, record, false));
  }
  return absl::OkStatus();
}

absl::Status Replica::State::CheckSnapshot() const {
  absl::Status status;
  auto replicas = static_cast<merge::ReplicaIndex>(arriving->members().size());
  arriving->records().ForEach([&](const merge::Record& record) {
    if (status.ok()) status = merge::CheckWrites(record, replicas, arriving->head().sequence);
  });
  return status;
}

absl::Status Replica::State::KeepSnapshot() {
  TWINNING_RETURN_IF_ERROR(CheckSnapshot());
  TWINNING_RETURN_IF_ERROR(Reopen());
  absl::Status status = store->database().Write([&] {
    store->DeleteRecords();
    arriving->records().ForEach([&](const merge::Record& record) {
      store->PutRecord(record.id, merge::EncodeRecord(record));
    });
    store->SetText(kMetaFacts, plan::EncodeFacts(*arriving));
    store->SetNumber(kMetaCheckpoint, static_cast<int64_t>(arriving->head().sequence));
    store->SetNumber(kMetaIncomplete, 1);
    store->SetNumber(kMetaGeneration, generation + 1);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  Distrust();
  return store->database().Read([&] { return TakeIn(); });
}

Hash Replica::Digest() {
  return state_->receiver ? state_->receiver->plan().Digest() : state_->plans->confirmed().Digest();
}

absl::Status Replica::NoteSync(const SyncState& next) {
  if (!state_->lock) return NotLocked();
  TWINNING_RETURN_IF_ERROR(state_->Reopen());
  TWINNING_RETURN_IF_ERROR(state_->store->database().Write([&] {
    state_->WriteSync(next);
    return absl::OkStatus();
  }));
  bool complete = state_->sync.history_complete;
  state_->sync = next;
  state_->sync.history_complete = complete;
  Touch(state_->directory.applied());
  return absl::OkStatus();
}

absl::Status Replica::Checkpoint(bool only_if_due) {
  State& state = *state_;
  if (!state.lock) return NotLocked();
  if (state.distrusted || state.store->database().failed()) return absl::OkStatus();
  if (!state.sync.history_complete) return absl::OkStatus();
  Sequence behind = state.plans->confirmed().head().sequence - state.plans->checkpoint();
  if (behind == 0 || (only_if_due && behind < kEntriesToCheckpoint)) return absl::OkStatus();
  absl::Status status = state.store->database().Write([&]() -> absl::Status {
    TWINNING_RETURN_IF_ERROR(state.TakeIn());
    TWINNING_RETURN_IF_ERROR(state.StartReceiving());
    state.plans->WriteCheckpoint();
    state.store->SetText(kMetaChain, state.receiver->chain().Encode());
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  state.plans->Checkpointed();
  state.store->MovePages();
  return absl::OkStatus();
}

absl::Status Replica::Rebuild() {
  if (!state_->lock) return NotLocked();
  State& state = *state_;
  TWINNING_RETURN_IF_ERROR(state.Reopen());
  // A snapshot stays until history has taken its place: bases of the outbox lie on it.
  if (!state.sync.history_complete) {
    state.Distrust();
    return TakeWrites();
  }
  TWINNING_RETURN_IF_ERROR(state.store->database().Write([&] {
    state.store->SetNumber(kMetaCheckpoint, 0);
    state.store->SetText(kMetaChain, "");
    state.store->SetNumber(kMetaGeneration, state.generation + 1);
    return absl::OkStatus();
  }));
  state.Distrust();
  TWINNING_RETURN_IF_ERROR(TakeWrites());
  return Checkpoint(false);
}

}  // namespace twinning::client
