#include "client/replica/receiver.h"

#include <fmt/core.h>

#include <utility>

#include "common/base/fault.h"
#include "common/base/status.h"
#include "common/ledger/readmission.h"

namespace twinning::client {
namespace {

ledger::Chain::HashAt HashesIn(const Store& store) {
  return [&store](Sequence sequence) { return store.HashAt(sequence); };
}

// Only a server is asked to judge what comes a second time.
std::optional<Hash> NoChangeHash(const ReplicaId&, Number) { return std::nullopt; }

}  // namespace

Receiver::Receiver(Store& store, Plans& plans, const Identity& identity)
    : store_(store), plans_(plans), identity_(identity), chain_(HashesIn(store), NoChangeHash) {}

absl::StatusOr<std::unique_ptr<Receiver>> Receiver::Start(Store& store, Plans& plans,
                                                          const Identity& identity) {
  std::unique_ptr<Receiver> receiver(new Receiver(store, plans, identity));
  bool incomplete = store.Number64(kMetaIncomplete) != 0;
  if (incomplete) {
    receiver->history_ = std::make_unique<plan::Plan>(store);
  } else if (std::optional<std::string> bytes = store.Text(kMetaChain)) {
    auto chain = ledger::Chain::Decode(*bytes, HashesIn(store), NoChangeHash);
    // Damaged: the entries say it again.
    if (chain.ok()) receiver->chain_ = *std::move(chain);
  }
  TWINNING_RETURN_IF_ERROR(receiver->FollowStored());
  return receiver;
}

// Signatures were verified before these entries were stored.
absl::Status Receiver::FollowStored() {
  return store_.ReadStored(
      chain_.head().sequence, store_.head().sequence,
      [&](const StoredEntry& stored) -> absl::Status {
        TWINNING_ASSIGN_OR_RETURN(Hash hash, chain_.Follow(stored.entry, nullptr, true));
        if (hash != stored.hash) {
          return DataLoss(fmt::format("entry {} is damaged", stored.entry.sequence()));
        }
        if (history_) TWINNING_RETURN_IF_ERROR(history_->Apply(stored.entry, hash).status());
        return absl::OkStatus();
      });
}

const plan::Plan& Receiver::plan() const { return history_ ? *history_ : plans_.confirmed(); }

absl::StatusOr<Intake> Receiver::Take(const v1::Entries& entries) {
  Intake intake;
  for (const v1::Entry& entry : entries.entries()) {
    TWINNING_RETURN_IF_ERROR(TakeOne(entry, intake));
  }
  if (!chain_.between_frames()) return DataLoss("the last frame is not whole");
  intake.head = chain_.head();
  const ledger::Tail* tail = chain_.Find(identity_.replica);
  intake.last_number = tail != nullptr ? tail->number : 0;
  intake.taken = static_cast<size_t>(entries.entries_size());
  return intake;
}

absl::Status Receiver::TakeOne(const v1::Entry& entry, Intake& intake) {
  v1::Entry kept;
  const v1::Entry& effect = ledger::EffectOf(entry, kept);
  std::optional<plan::Change> change;
  if (effect.kind() == v1::CHANGE) {
    TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange parsed, ledger::ParseChange(effect.body()));
    change = plan::ReadChange(std::move(parsed));
  }
  const plan::Change* its_own = entry.kind() == v1::CHANGE ? &*change : nullptr;
  TWINNING_ASSIGN_OR_RETURN(Hash hash,
                            chain_.Follow(entry, its_own ? &its_own->authored : nullptr));
  if (chain_.ledger() != identity_.ledger) {
    return DataLoss("the server sent the history of another partnership");
  }
  store_.Append(entry, hash);
  TWINNING_ASSIGN_OR_RETURN(plan::Applied applied, ApplyOne(entry, hash, its_own, intake));
  if (change && IsOwn(change->authored.replica, change->authored.number)) {
    TWINNING_RETURN_IF_ERROR(TakeOwn(effect, change->authored));
    if (applied.lapsed) PutLapsed(effect, change->authored, *applied.lapsed, intake);
  } else if (effect.kind() == v1::REFUSAL) {
    return TakeRefusal(effect, intake);
  }
  return absl::OkStatus();
}

absl::StatusOr<plan::Applied> Receiver::ApplyOne(const v1::Entry& entry, const Hash& hash,
                                                 const plan::Change* change, Intake& intake) {
  TWINNING_ASSIGN_OR_RETURN(plan::Applied applied, history_ ? history_->Apply(entry, hash, change)
                                                            : plans_.Apply(entry, hash, change));
  if (applied.ignored) ++intake.ignored;
  if (history_) TWINNING_RETURN_IF_ERROR(CompleteHistory(intake));
  return applied;
}

// Up to where they parted, the changes of the replica that this one was copied from are its own.
bool Receiver::IsOwn(const ReplicaId& replica, Number number) const {
  if (replica == identity_.replica) return true;
  auto former = identity_.former.find(replica);
  return former != identity_.former.end() && number <= former->second;
}

absl::Status Receiver::TakeOwn(const v1::Entry& entry, const ledger::ParsedChange& change) {
  store_.PutOwn({change.number, entry.sequence(), change.hash});
  if (TWINNING_FAULT("outbox row too many")) (void)store_.TakeOutbox(change.number + 1);
  if (TWINNING_FAULT("outbox kept after acknowledgement")) return absl::OkStatus();
  std::optional<v1::AuthoredChange> mine = store_.TakeOutbox(change.number);
  if (mine && mine->change() != entry.body()) {
    return absl::AbortedError(fmt::format(
        "change {} of this replica is another one in the ledger: a copy of this replica is in use",
        change.number));
  }
  return absl::OkStatus();
}

// It came back from a lost history, too late for the plan as it is now.
void Receiver::PutLapsed(const v1::Entry& entry, const ledger::ParsedChange& change,
                         const plan::Refusal& why, Intake& intake) {
  v1::AuthoredChange authored;
  authored.set_change(entry.body());
  *authored.mutable_personal() = entry.personal();
  store_.PutRefused({change.number, std::move(authored), entry.sequence(), why.reason, why.detail});
  ++intake.refused;
}

absl::Status Receiver::TakeRefusal(const v1::Entry& entry, Intake& intake) {
  v1::Refusal refusal;
  if (!refusal.ParseFromString(entry.body())) return DataLoss("a refusal cannot be read");
  std::optional<ReplicaId> replica = ReplicaId::Of(refusal.replica());
  if (!replica || !IsOwn(*replica, refusal.last())) return absl::OkStatus();
  for (Number number = refusal.first(); number <= refusal.last(); ++number) {
    std::optional<v1::AuthoredChange> mine = store_.TakeOutbox(number);
    Hash hash = mine ? ledger::ChangeHash(mine->change()) : Hash();
    if (number == refusal.last()) hash = Hash::Of(refusal.hash()).value_or(hash);
    store_.PutOwn({number, entry.sequence(), hash});
    if (!mine) {
      store_.MoveRefused(number, entry.sequence());
      continue;
    }
    store_.PutRefused(
        {number, *std::move(mine), entry.sequence(), refusal.reason(), refusal.detail()});
    ++intake.refused;
  }
  return absl::OkStatus();
}

// The history has come to where the snapshot was taken: what it makes is believed, the snapshot was
// only shown meanwhile.
absl::Status Receiver::CompleteHistory(Intake& intake) {
  const ledger::Head& shown = plans_.confirmed().head();
  if (history_->head().sequence < shown.sequence) return absl::OkStatus();
  if (history_->head().hash == shown.hash) {
    intake.snapshot_wrong = history_->Digest() != plans_.confirmed().Digest();
  } else {
    // The server was restored meanwhile, to before the snapshot. Otherwise it has shown two
    // histories.
    intake.snapshot_wrong = history_->epoch() <= plans_.confirmed().epoch();
  }
  plans_.Replace(std::move(history_));
  store_.SetNumber(kMetaIncomplete, 0);
  store_.SetNumber(kMetaCheckpoint, 0);
  store_.SetNumber(kMetaGeneration, store_.Number64(kMetaGeneration) + 1);
  return absl::OkStatus();
}

}  // namespace twinning::client
