#include "tests/simulation/office.h"

#include <utility>

#include "client/replica/directory.h"
#include "client/replica/store.h"
#include "common/base/status.h"

namespace twinning::simulation {
namespace {

// Of such a write nobody can say whether it is there.
bool IsOfTheDisk(const absl::Status& status) {
  return !absl::IsInvalidArgument(status) && !absl::IsFailedPrecondition(status) &&
         !absl::IsNotFound(status);
}

}  // namespace

Office::Office(std::string folder, std::string member, const TownId& town, Network& network,
               Random& random, History& history)
    : folder_(std::move(folder)),
      key_(*SigningKey::OfSeed(Sha256(member).bytes())),
      random_(random),
      history_(history),
      disk_(folder_, computer_) {
  identity_.member = std::move(member);
  identity_.town = town;
  identity_.town_name = "Exampleton";
  identity_.partnership_name = "Link with France";
  identity_.replica = ReplicaOfKey(key_.public_key());
  transport_ = network.TransportOf(identity_.replica, computer_);
}

Office::~Office() { Kill(false); }

absl::Status Office::Start() {
  absl::StatusOr<std::unique_ptr<client::Replica>> replica = client::Replica::Open(folder_);
  if (absl::IsFailedPrecondition(replica.status())) {
    replica = client::Replica::Create(folder_, identity_, key_);
  }
  if (!replica.ok()) return replica.status();
  TWINNING_ASSIGN_OR_RETURN(bool locked, (*replica)->LockSync());
  if (!locked) return Internal("the replica is locked by a process that is gone");
  replica_ = *std::move(replica);
  history_.push_back(
      {Seen::kOpened, identity_.replica, replica_->last_number(), replica_->head().sequence, {}});
  client::Surroundings around;
  around.transport = transport_.get();
  around.random = [this] { return random_.Fraction(); };
  around.set_timer = [this](int64_t delay_ms) { timer_ = delay_ms; };
  engine_ = std::make_unique<client::Engine>(*replica_, std::move(around));
  engine_->Start();
  return absl::OkStatus();
}

void Office::Stop() {
  engine_->Stop();
  engine_.reset();
  replica_.reset();
  timer_.reset();
  woken_ = false;
}

void Office::Kill(bool power_lost) {
  computer_.Die();
  engine_.reset();
  replica_.reset();
  timer_.reset();
  woken_ = false;
  if (power_lost) disk_.LosePower(random_);
  computer_.Revive();
}

// --- People --------------------------------------------------------------------------------------

std::string Office::Write(const client::Replica::Make& make, int64_t time_ms, bool other_process) {
  (void)replica_->Refresh();
  Number next = replica_->last_number() + 1;
  absl::StatusOr<client::Saved> saved =
      other_process ? WriteInOther(make, time_ms) : replica_->Write(make, time_ms);
  if (computer_.dead()) {
    history_.push_back({Seen::kMaybeSaved, identity_.replica, next, 0, {}});
    return "and the computer died";
  }
  if (!saved.ok()) {
    if (IsOfTheDisk(saved.status())) {
      history_.push_back({Seen::kMaybeSaved, identity_.replica, next, 0, {}});
    }
    return MessageOf(saved.status());
  }
  if (saved->refusal) return "refused at once: " + saved->refusal->detail;
  if (saved->number == 0) return "nothing to write";
  if (!other_process) NoteSaved(*replica_, saved->number);
  woken_ = true;
  return "saved as change " + std::to_string(saved->number);
}

// As a command does it that runs beside the process that syncs.
absl::StatusOr<client::Saved> Office::WriteInOther(const client::Replica::Make& make,
                                                   int64_t time_ms) {
  TWINNING_ASSIGN_OR_RETURN(auto other, client::Replica::Open(folder_));
  TWINNING_ASSIGN_OR_RETURN(client::Saved saved, other->Write(make, time_ms));
  if (!computer_.dead() && saved.number != 0) NoteSaved(*other, saved.number);
  return saved;
}

void Office::NoteSaved(client::Replica& replica, Number number) {
  absl::StatusOr<plan::Change> change = replica.OwnChange(number);
  Hash hash = change.ok() ? Sha256(change->authored.payload) : Hash();
  history_.push_back({Seen::kSaved, identity_.replica, number, 0, hash});
}

std::string Office::Force(const std::string& payload, int64_t time_ms) {
  (void)replica_->Refresh();
  ledger::ParsedChange change;
  change.ledger = identity_.ledger;
  change.replica = identity_.replica;
  change.number = replica_->last_number() + 1;
  if (change.number > 1) {
    absl::StatusOr<plan::Change> previous = replica_->OwnChange(change.number - 1);
    if (!previous.ok()) return MessageOf(previous.status());
    change.previous = previous->authored.hash;
  }
  change.base = replica_->confirmed().head();
  change.change_set = *ChangeSetId::Of(random_.Bytes(ChangeSetId::kSize));
  change.time_ms = time_ms;
  change.encoding = v1::EDITS;
  change.payload = payload;
  client::OutboxRow row;
  row.number = change.number;
  row.change.set_change(ledger::EncodeChange(change));
  auto store = client::Store::Open(client::Directory(folder_).database(), false);
  absl::Status status = store.status();
  if (store.ok()) {
    status = (*store)->database().Write([&] {
      (*store)->PutOutbox(row);
      return absl::OkStatus();
    });
  }
  woken_ = true;
  Hash hash = Sha256(payload);
  bool told = status.ok() && !computer_.dead();
  history_.push_back(
      {told ? Seen::kSaved : Seen::kMaybeSaved, identity_.replica, change.number, 0, hash});
  return told ? "saved as change " + std::to_string(change.number) : "and failed";
}

// --- What happens by itself ----------------------------------------------------------------------

void Office::Timer() {
  timer_.reset();
  engine_->OnTimer();
}

void Office::Wake() {
  woken_ = false;
  engine_->Wake();
}

}  // namespace twinning::simulation
