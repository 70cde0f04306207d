#include "client/engine/engine.h"

#include <fmt/core.h>

#include <utility>
#include <variant>

#include "common/base/status.h"

namespace twinning::client {
namespace {

// What the server sent was at fault, not the disk.
bool IsOfTheServer(const absl::Status& status) {
  return absl::IsDataLoss(status) || absl::IsFailedPrecondition(status) ||
         absl::IsInvalidArgument(status);
}

// Told apart from every other, not kept from anybody.
std::string FreshClaim(const std::function<double()>& random) {
  std::string claim;
  for (int i = 0; i < 16; ++i) claim.push_back(static_cast<char>(random() * 256));
  return claim;
}

}  // namespace

std::string SoftwareName() { return "twinning 0.1"; }

Engine::Engine(Replica& replica, Surroundings around)
    : replica_(replica),
      around_(std::move(around)),
      backoff_(around_.random),
      noted_(replica.sync_state()),
      matched_(noted_.digest_matched) {}

Engine::~Engine() { Drop(); }

void Engine::Start() {
  if (state_.phase != EngineState::kOff) return;
  Connect();
  Changed();
}

void Engine::Stop() {
  if (state_.phase == EngineState::kOff) return;
  Drop();
  state_.phase = EngineState::kOff;
  Note();
}

void Engine::OnTimer() {
  if (state_.phase == EngineState::kOff || state_.given_up || stream_) return;
  Connect();
  Changed();
}

void Engine::Wake() {
  absl::Status status = replica_.TakeWrites();
  if (!status.ok()) FailLocally(status);
  if (session_) Carry(session_->OutboxGrew(replica_.last_number()));
  Changed();
}

void Engine::Connect() {
  absl::Status status = replica_.TakeWrites();
  if (!status.ok()) return FailLocally(status);
  state_.phase = EngineState::kConnecting;
  state_.wait_ms = 0;
  sync::ClientStart start;
  start.ledger = replica_.identity().ledger;
  start.replica = replica_.identity().replica;
  start.head = replica_.head();
  start.acknowledged = replica_.acknowledged();
  start.last_number = replica_.last_number();
  start.epoch = replica_.confirmed().epoch();
  start.semantics = plan::kSemantics;
  start.snapshot = replica_.empty();
  start.software = SoftwareName();
  session_ = std::make_unique<sync::ClientSession>(start, replica_.key());
  stream_ = around_.transport->Connect(*this);
  stream_->ReadNext();
  Carry(session_->Connected());
}

// --- What the connection says --------------------------------------------------------------------

void Engine::OnMessage(v1::ServerMessage message) {
  if (!session_) return;
  Carry(session_->Received(std::move(message)));
  if (stream_) stream_->ReadNext();
  Changed();
}

void Engine::OnWritten() {
  if (!session_) return;
  Carry(session_->Written());
  Changed();
}

void Engine::OnClosed(const std::string& why) {
  Drop();
  std::string sentence = why.empty() ? "The server ended the connection." : why;
  End({sync::Ending::kRetry, fmt::format("{} {} Sync again later.", sentence, kKept)});
  Changed();
}

// --- What the protocol asks for ------------------------------------------------------------------

void Engine::Carry(sync::ClientActions actions) {
  for (sync::ClientAction& action : actions) {
    if (!session_) return;
    std::visit([this](auto& one) { Do(one); }, action);
  }
}

void Engine::Do(sync::Send& send) { stream_->Send(std::move(send.message)); }

void Engine::Do(sync::ReadOutbox& read) {
  auto changes = replica_.ReadOutbox(read.after, read.room);
  if (!changes.ok()) return FailLocally(changes.status());
  Carry(session_->OutboxRead(*std::move(changes)));
}

void Engine::Do(sync::ApplyEntries& apply) {
  Number before = replica_.acknowledged();
  absl::StatusOr<Intake> intake = replica_.ApplyEntries(apply.entries);
  if (!intake.ok()) return NotTaken(intake.status());
  Count(*intake, before);
  Carry(session_->Applied(intake->head, replica_.acknowledged()));
}

void Engine::Count(const Intake& intake, Number acknowledged_before) {
  state_.received += intake.taken;
  state_.refused += intake.refused;
  state_.ignored += intake.ignored;
  state_.sent += replica_.acknowledged() - acknowledged_before;
}

void Engine::Do(sync::ApplySnapshot& apply) {
  absl::Status status = replica_.ApplySnapshot(apply.part);
  if (!status.ok()) return NotTaken(status);
  Carry(session_->Applied(replica_.head(), replica_.acknowledged()));
}

void Engine::NotTaken(const absl::Status& why) {
  if (absl::IsAborted(why)) return Carry(session_->FoundCopy());
  if (!IsOfTheServer(why)) return FailLocally(why);
  Carry(session_->NotApplied(MessageOf(why)));
}

void Engine::Do(sync::ComputeDigest&) { Carry(session_->DigestComputed(replica_.Digest())); }

void Engine::Do(sync::ServerHead& head) {
  state_.server_head = head.sequence;
  if (state_.phase == EngineState::kConnected) return;
  state_.phase = EngineState::kConnected;
  state_.problem.clear();
  Note();
}

void Engine::Do(sync::DigestMatched& matched) {
  rebuilds_ = 0;
  backoff_.Reset();
  matched_ = matched.sequence;
  Note();
  absl::Status status = replica_.Checkpoint(true);
  if (!status.ok()) FailLocally(status);
}

void Engine::Do(sync::DigestNotComparable&) {
  state_.problem = fmt::format(
      "The server works by other rules than this program, so that their plans cannot be compared. "
      "{} Update the older of the two.",
      kKept);
  Note();
}

void Engine::Do(sync::DigestDiffers& differs) {
  matched_ = std::min(matched_, differs.sequence - 1);
  rebuilds_ += 1;
  absl::Status status = rebuilds_ == 1 ? replica_.Rebuild() : absl::OkStatus();
  if (!status.ok()) FailLocally(status);
}

// --- When the server was restored ---------------------------------------------------------------

void Engine::Do(sync::CheckClaim& check) {
  absl::StatusOr<std::optional<std::string>> claim =
      replica_.Claim(check.claimed, FreshClaim(around_.random));
  if (!claim.ok()) return FailLocally(claim.status());
  Carry(*claim ? session_->Claimed(**claim) : session_->NotClaimed());
}

void Engine::Do(sync::LookUpHashes& look_up) {
  auto heads = replica_.HashesAt(look_up.sequences);
  if (!heads.ok()) return FailLocally(heads.status());
  Carry(session_->HashesLookedUp(*heads));
}

void Engine::Do(sync::ReadHeld& read) {
  auto entries = replica_.EntriesAfter(read.after);
  if (!entries.ok()) return FailLocally(entries.status());
  Carry(session_->HeldRead(*std::move(entries)));
}

void Engine::Do(sync::BeginReplacement& begin) {
  absl::Status status = replica_.BeginReplacement(begin.common);
  if (!status.ok()) NotTaken(status);
}

void Engine::Do(sync::KeepApart& keep) {
  auto sequence = replica_.KeepApart(keep.entries);
  if (!sequence.ok()) return NotTaken(sequence.status());
  Carry(session_->KeptApart(*sequence));
}

void Engine::Do(sync::Replace&) {
  Number before = replica_.acknowledged();
  absl::StatusOr<Intake> intake = replica_.ReplaceHistory();
  if (!intake.ok()) return NotTaken(intake.status());
  matched_ = 0;  // that was in another history
  Count(*intake, std::min(before, replica_.acknowledged()));
  Carry(session_->Applied(intake->head, replica_.acknowledged()));
}

void Engine::Do(sync::TellRecovery& tell) { recovery_ = tell.state; }

// Empty when the server keeps nobody waiting, or it is not yet known what for.
std::string Engine::WaitsFor() const {
  if (!session_ || !session_->welcomed()) return "";
  if (recovery_.needs_operator()) {
    return fmt::format(
        "The server holds less than this replica, and takes what only it once said on its "
        "operator's word. {} Ask the operator to begin a recovery (twinningctl recovery begin).",
        kKept);
  }
  bool still_at_it = session_->exchanging() || replica_.head().sequence < state_.server_head;
  if (!recovery_.collecting() || still_at_it) return "";
  if (recovery_.archived()) {
    return fmt::format(
        "This partnership is archived: it can be read, and its server takes no changes. {} If it "
        "is to go on, ask the server's operator.",
        kKept);
  }
  return fmt::format(
      "The server was restored and is collecting what it lost; {} replicas have not been heard "
      "from. {} What is new goes out when the operator ends the recovery.",
      recovery_.not_heard_from(), kKept);
}

void Engine::Do(sync::Close& close) {
  Drop();
  sync::Ending& ending = close.ending;
  if (ending.rebase) {
    absl::StatusOr<bool> rebased = replica_.RebaseOutbox();
    if (!rebased.ok()) return FailLocally(rebased.status());
    if (*rebased) ending.next = sync::Ending::kRetry;
  }
  if (ending.next == sync::Ending::kRebuild && rebuilds_ > 1) {
    ending.next = sync::Ending::kStop;
    ending.sentence = fmt::format(
        "The plan here and at the server still differ at entry {}, although it was made again from "
        "the ledger. {} Do not rely on either plan before this has been looked into; report it.",
        replica_.head().sequence, kKept);
  }
  End(ending);
}

// --- How a connection ends -----------------------------------------------------------------------

void Engine::Drop() {
  stream_.reset();
  session_.reset();
  recovery_.Clear();
  waits_ = false;
}

void Engine::End(const sync::Ending& ending) {
  state_.problem = ending.sentence;
  state_.phase = EngineState::kWaiting;
  state_.given_up = ending.next == sync::Ending::kStop;
  state_.copy = ending.copy;
  state_.wait_ms = ending.wait_ms;
  if (ending.next == sync::Ending::kRebuild) {
    // The plan is new: only another comparison says whether it is right.
    state_.phase = EngineState::kConnecting;
    around_.set_timer(0);
  }
  Note();
  if (ending.next == sync::Ending::kRetry) RetryLater(ending.wait_ms);
}

// The disk may have room again later; what was saved is saved.
void Engine::FailLocally(const absl::Status& status) {
  Drop();
  state_.disk = status;
  state_.problem = MessageOf(status);
  state_.phase = EngineState::kWaiting;
  state_.wait_ms = 0;
  RetryLater();
}

void Engine::RetryLater(int64_t wait_ms) {
  around_.set_timer(std::max(backoff_.NextMs(), wait_ms));
}

// For other processes; a disk that cannot take it says so at the next step that matters.
void Engine::Note() {
  SyncState next = noted_;
  next.connected = state_.phase == EngineState::kConnected;
  next.server_head = std::max(next.server_head, state_.server_head);
  next.digest_matched = matched_;
  next.problem = state_.problem;
  if (next == std::exchange(noted_, next)) return;
  (void)replica_.NoteSync(next);
}

void Engine::Changed() {
  ++state_.steps;
  std::string waits_for = WaitsFor();
  if (!waits_for.empty() || waits_) {
    waits_ = !waits_for.empty();
    state_.problem = std::move(waits_for);
    Note();
  }
  state_.quiet = !session_ || !session_->writing();
  // What is noted is the furthest that a server was; one that was restored is behind that.
  state_.synced = state_.phase == EngineState::kConnected && replica_.synced() &&
                  state_.server_head == replica_.head().sequence;
  if (around_.on_change) around_.on_change();
}

}  // namespace twinning::client
