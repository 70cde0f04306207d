// Opening, reading and writing: what every process does with a replica.
#include "client/replica/replica.h"

#include <fmt/core.h>

#include <utility>

#include "client/replica/state.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/ledger/personal.h"
#include "common/ledger/readmission.h"

namespace twinning::client {
namespace {

// So many pages of the log are read again by whoever opens the replica next.
constexpr int kManyPages = 1000;

// Ties together what one person did in one go; a number of a replica names that once.
ChangeSetId ChangeSetOf(const ReplicaId& replica, Number number) {
  std::string bytes(replica.bytes());
  AppendVarint(number, bytes);
  return *ChangeSetId::Of(
      HashOf("twinning.change-set.v1", bytes).bytes().substr(0, ChangeSetId::kSize));
}

absl::StatusOr<plan::Change> ReadAuthored(std::string_view bytes) {
  TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange parsed, ledger::ParseChange(bytes));
  return plan::ReadChange(std::move(parsed));
}

// What binds a town waits until the replica knows the history that it would be bound to.
bool BindsTown(const v1::Edit& edit, const merge::Kind* ratification) {
  if (edit.has_agree() || edit.has_settle() || edit.has_reopen() || edit.has_mandate()) return true;
  return edit.has_create() && ratification != nullptr &&
         edit.create().kind() == ratification->number;
}

}  // namespace

Replica::Replica(std::unique_ptr<State> state) : state_(std::move(state)) {}

Replica::~Replica() { UnlockSync(); }

absl::StatusOr<std::unique_ptr<Replica>> Replica::Open(const std::string& path) {
  Directory directory(path);
  absl::StatusOr<SigningKey> key = ReadKey(directory);
  if (absl::IsNotFound(key.status())) {
    return FailedPrecondition(fmt::format(
        "{} is not a replica: join a partnership first, or name the right directory", path));
  }
  if (!key.ok()) return key.status();
  auto state = std::make_unique<State>(directory, *std::move(key));
  TWINNING_RETURN_IF_ERROR(state->OpenStore(false));
  State* opened = state.get();
  TWINNING_RETURN_IF_ERROR(opened->store->database().Read([opened] { return opened->TakeIn(); }));
  TWINNING_RETURN_IF_ERROR(opened->KeepNewKey());
  return std::unique_ptr<Replica>(new Replica(std::move(state)));
}

absl::StatusOr<std::unique_ptr<Replica>> Replica::Create(const std::string& path,
                                                         const Identity& identity,
                                                         const SigningKey& key) {
  Directory directory(path);
  TWINNING_RETURN_IF_ERROR(MakeDirectory(directory));
  TWINNING_RETURN_IF_ERROR(KeepKey(directory, key));
  if (Open(path).ok()) return AlreadyExists(fmt::format("{} is a replica already", path));
  auto state = std::make_unique<State>(directory, key);
  TWINNING_RETURN_IF_ERROR(state->OpenStore(true));
  state->identity = identity;
  state->identity.replica = ReplicaOfKey(key.public_key());
  State* made = state.get();
  TWINNING_RETURN_IF_ERROR(made->store->database().Write([made] {
    made->WriteIdentity();
    return made->TakeIn();
  }));
  return std::unique_ptr<Replica>(new Replica(std::move(state)));
}

const Identity& Replica::identity() const { return state_->identity; }
const SigningKey& Replica::key() const { return state_->key; }
const std::string& Replica::directory() const { return state_->directory.path; }

absl::Status Replica::Refresh() {
  TWINNING_RETURN_IF_ERROR(state_->Reopen());
  return state_->store->database().Read([this] {
    TWINNING_RETURN_IF_ERROR(state_->TakeIn());
    return state_->plans->MakeView();
  });
}

const plan::Plan& Replica::confirmed() const { return state_->plans->confirmed(); }

const plan::Plan& Replica::view() const {
  // What cannot be put on top is missing from the view; the next Refresh or Write says why.
  (void)state_->plans->MakeView();
  return state_->plans->view();
}

absl::StatusOr<Saved> Replica::Write(const Make& make, int64_t time_ms) {
  TWINNING_RETURN_IF_ERROR(state_->Reopen());
  absl::StatusOr<Saved> saved = Saved();
  size_t before = 0;
  absl::Status status = state_->store->database().Write([&]() -> absl::Status {
    TWINNING_RETURN_IF_ERROR(state_->TakeIn());
    before = state_->plans->outbox();
    saved = state_->WriteInside(make, time_ms);
    return saved.status();
  });
  if (!status.ok()) {
    // Nothing of it was kept here, and a COMMIT of unknown end is read again from the file.
    if (state_->plans->outbox() > before && !state_->distrusted) state_->plans->RemoveLast();
    return status;
  }
  if (saved->number == 0) return saved;
  Touch(state_->directory.wake());
  state_->MovePagesIfMany();
  return saved;
}

absl::StatusOr<Saved> Replica::State::WriteInside(const Make& make, int64_t time_ms) {
  TWINNING_RETURN_IF_ERROR(plans->MakeView());
  TWINNING_ASSIGN_OR_RETURN(Draft draft, make(plans->view()));
  if (draft.edits.empty()) return Saved();
  TWINNING_RETURN_IF_ERROR(MayWrite(draft));
  TWINNING_ASSIGN_OR_RETURN(v1::AuthoredChange authored, Author(draft, time_ms));
  TWINNING_ASSIGN_OR_RETURN(plan::Change change, ReadAuthored(authored.change()));
  Saved saved;
  TWINNING_ASSIGN_OR_RETURN(saved.refusal, plans->Add(change, authored));
  if (saved.refusal) return saved;
  saved.number = change.authored.number;
  saved.change_set = change.authored.change_set;
  store->PutOutbox({saved.number, std::move(authored)});
  return saved;
}

absl::Status Replica::State::MayWrite(const Draft& draft) const {
  const plan::Plan& view = plans->view();
  if (view.needs_update()) {
    return FailedPrecondition(
        "The plan's rules are newer than this program: update it to write again. Reading works, "
        "and nothing is lost.");
  }
  if (plans->confirmed().head().sequence == 0) {
    return FailedPrecondition(
        "The plan has not been fetched yet: sync first. Nothing was written.");
  }
  const merge::Kind* ratification = view.schema().KindByName("ratification");
  for (const v1::Edit& edit : draft.edits) {
    if (sync.history_complete || !BindsTown(edit, ratification)) continue;
    return FailedPrecondition(
        "The plan's history has not all arrived and been verified: agreeing, signing and settling "
        "wait until it has. Sync, then try again. Nothing was written.");
  }
  return ledger::CheckPersonal({draft.personal.begin(), draft.personal.end()});
}

absl::StatusOr<v1::AuthoredChange> Replica::State::Author(const Draft& draft, int64_t time_ms) {
  v1::Edits edits;
  for (const v1::Edit& edit : draft.edits) *edits.add_edits() = edit;
  if (edits.ByteSizeLong() > ledger::kMaxPayloadBytes) {
    return InvalidArgument(
        fmt::format("This is too large for one change: {} KiB, at most {} KiB fit. Nothing was "
                    "written; do it in parts.",
                    edits.ByteSizeLong() / 1024, ledger::kMaxPayloadBytes / 1024));
  }
  ledger::ParsedChange change;
  bool pending = plans->outbox() > 0;
  change.ledger = identity.ledger;
  change.replica = identity.replica;
  change.number = (pending ? plans->outbox_last() : own.number) + 1;
  change.previous = pending ? plans->outbox_hash() : own.hash;
  change.base = plans->confirmed().head();
  change.change_set =
      draft.change_set.empty() ? ChangeSetOf(identity.replica, change.number) : draft.change_set;
  change.time_ms = time_ms;
  change.encoding = v1::EDITS;
  change.payload = edits.SerializeAsString();
  v1::AuthoredChange authored;
  authored.set_change(ledger::EncodeChange(change));
  for (const v1::PersonalValue& value : draft.personal) *authored.add_personal() = value;
  return authored;
}

// Whoever writes for weeks without a server must not leave a log that grows for ever.
void Replica::State::MovePagesIfMany() {
  if (store->pages_waiting() < kManyPages) return;
  if (lock) return store->MovePages();
  {
    auto held_briefly = sqlite::LockFile::Acquire(directory.sync_lock());
    if (!held_briefly.ok()) return;
    store->MovePages();
  }
  Touch(directory.applied());
}

size_t Replica::outbox() const { return state_->plans->outbox(); }

absl::StatusOr<std::vector<RefusedChange>> Replica::Refused() const {
  std::vector<RefusedChange> refused;
  absl::Status status = state_->store->database().Run([&]() -> absl::Status {
    for (const RefusedRow& row : state_->store->Refused()) {
      TWINNING_ASSIGN_OR_RETURN(plan::Change change, ReadAuthored(row.change.change()));
      refused.push_back({std::move(change),
                         {row.change.personal().begin(), row.change.personal().end()},
                         row.sequence,
                         row.reason,
                         row.detail});
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return refused;
}

absl::Status Replica::Discard(Number number) {
  return state_->store->database().Write([&]() -> absl::Status {
    if (state_->store->DeleteRefused(number)) return absl::OkStatus();
    return NotFound(fmt::format("No change {} is in the drawer.", number));
  });
}

absl::Status Replica::KeepCertification(const v1::Certification& certification) {
  TWINNING_RETURN_IF_ERROR(state_->Reopen());
  Identity next = state_->identity;
  next.server = certification.server();
  next.certification = certification;
  std::swap(state_->identity, next);
  absl::Status status = state_->store->database().Write([this] {
    state_->WriteIdentity();
    return absl::OkStatus();
  });
  if (!status.ok()) std::swap(state_->identity, next);
  return status;
}

SyncState Replica::sync_state() const {
  SyncState sync = state_->sync;
  // Whoever wrote "connected" may have been killed: it held the lock as long as it lived.
  if (sync.connected && !state_->lock) {
    sync.connected = sqlite::LockFile::HolderOf(state_->directory.sync_lock()) != 0;
  }
  return sync;
}

bool Replica::synced() const {
  const SyncState& sync = state_->sync;
  Sequence head = state_->held.sequence;
  return outbox() == 0 && sync.history_complete && head == sync.server_head &&
         head == sync.digest_matched;
}

absl::StatusOr<std::unique_ptr<plan::Plan>> Replica::At(Sequence sequence) const {
  if (sequence > state_->held.sequence) {
    return InvalidArgument(fmt::format("There is no entry {} yet: the last one here is {}.",
                                       sequence, state_->held.sequence));
  }
  return PlanOfEntries(*state_->store, sequence);
}

const ledger::EntrySource& Replica::entries() const { return *state_->store; }

absl::StatusOr<plan::Change> Replica::OwnChange(Number number) const {
  std::string bytes;
  const Store& store = *state_->store;
  absl::Status status = state_->store->database().Read([&]() -> absl::Status {
    for (const OutboxRow& row : store.Outbox(number - 1, 1)) {
      if (row.number == number) bytes = row.change.change();
    }
    for (const RefusedRow& row : store.Refused()) {
      if (row.number == number) bytes = row.change.change();
    }
    std::optional<OwnRow> own = store.Own(number);
    if (!bytes.empty() || !own) return absl::OkStatus();
    return store.Read(own->sequence - 1, own->sequence, [&](const v1::Entry& entry) {
      v1::Entry kept;
      const v1::Entry& effect = ledger::EffectOf(entry, kept);
      if (effect.kind() == v1::CHANGE) bytes = effect.body();
      return absl::OkStatus();
    });
  });
  if (!status.ok()) return status;
  if (bytes.empty()) {
    return NotFound(fmt::format("This replica has no change {}.", number));
  }
  return ReadAuthored(bytes);
}

}  // namespace twinning::client
