// How a server that was restored learns from its replicas what it lost, and takes it back: see
// PROTOCOL.md, "After a restore".
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/ledger/readmission.h"
#include "common/plan/mandate.h"
#include "common/sync/server_partnership.h"

namespace twinning::sync {
namespace {

// Sequences of (known, unknown), evenly spread; `likely` among them when it lies there.
std::vector<Sequence> Between(Sequence known, Sequence unknown, Sequence likely) {
  std::vector<Sequence> sequences;
  Sequence step = std::max<Sequence>(1, (unknown - known) / (ledger::kMaxCompared - 1));
  for (Sequence s = known + step; s < unknown && sequences.size() + 1 < ledger::kMaxCompared;
       s += step) {
    sequences.push_back(s);
  }
  if (likely > known && likely < unknown) sequences.push_back(likely);
  std::sort(sequences.begin(), sequences.end());
  sequences.erase(std::unique(sequences.begin(), sequences.end()), sequences.end());
  return sequences;
}

// What a lost entry was, however often it was lost; of no kind when that cannot be read.
v1::Entry Innermost(v1::Entry entry) {
  while (entry.kind() == v1::READMISSION) {
    absl::StatusOr<v1::Readmission> readmission = ledger::ReadReadmission(entry);
    if (!readmission.ok()) return {};
    entry = readmission->entry();
  }
  return entry;
}

// Entries of a peer, followed on a copy of the chain before any of them is taken: half of them
// would not do.
class Trial {
 public:
  static absl::StatusOr<std::unique_ptr<Trial>> Of(const ledger::Chain& chain,
                                                   const ServerHistory& history) {
    std::unique_ptr<Trial> trial(new Trial(history));
    auto hash_at = [here = trial.get()](Sequence sequence) { return here->HashAt(sequence); };
    auto no_changes = [](const ReplicaId&, Number) { return std::nullopt; };
    TWINNING_ASSIGN_OR_RETURN(trial->chain_,
                              ledger::Chain::Decode(chain.Encode(), hash_at, no_changes));
    return trial;
  }

  absl::Status Follow(const v1::Entry& entry) {
    TWINNING_ASSIGN_OR_RETURN(Hash hash, chain_->Follow(entry));
    hashes_.push_back(hash);
    return absl::OkStatus();
  }
  absl::Status Finish() const {
    if (chain_->between_frames()) return absl::OkStatus();
    return InvalidArgument("what was offered ends within a frame");
  }
  const ledger::Chain& chain() const { return *chain_; }

 private:
  explicit Trial(const ServerHistory& history)
      : history_(history), begin_(history.head().sequence) {}

  std::optional<Hash> HashAt(Sequence sequence) const {
    if (sequence <= begin_) return history_.HashAt(sequence);
    return sequence - begin_ <= hashes_.size() ? std::optional<Hash>(hashes_[sequence - begin_ - 1])
                                               : std::nullopt;
  }

  const ServerHistory& history_;
  const Sequence begin_;
  std::vector<Hash> hashes_;  // of what was followed
  std::optional<ledger::Chain> chain_;
};

absl::Status CheckOffered(const v1::LostEntries& lost, Sequence after) {
  if (lost.entries().empty()) return InvalidArgument("an offer without entries");
  if (lost.ByteSizeLong() > ledger::kMaxMessageBytes) return InvalidArgument("an offer too large");
  Sequence next = after;
  for (const v1::Entry& entry : lost.entries()) {
    if (entry.sequence() == ++next) continue;
    return InvalidArgument(
        fmt::format("entry {} was offered where {} should be", entry.sequence(), next));
  }
  if (ledger::EndsFrame(*lost.entries().rbegin())) return absl::OkStatus();
  return InvalidArgument("an offer that ends within a frame");
}

}  // namespace

// --- Beginning and end --------------------------------------------------------------------------

bool ServerPartnership::Resume(const RecoveryNote& note) {
  if (note.epoch <= plan_.epoch()) return false;
  recovery_ = note;
  return true;
}

absl::StatusOr<RecoveryNote> ServerPartnership::BeginRecovery() {
  if (recovery_) return FailedPrecondition("a recovery of this partnership is open already");
  recovery_ = RecoveryNote{std::max(plan_.epoch(), epoch_seen_) + 1, head().sequence};
  heard_.clear();
  for (auto& [id, session] : sessions_) {
    session.offering.blocked = false;
    if (session.greeted && session.stage == Stage::kUsual) heard_.insert(session.replica);
  }
  return *recovery_;
}

absl::Status ServerPartnership::FinishRecovery(int64_t now_ms) {
  if (!recovery_) return FailedPrecondition("no recovery of this partnership is open");
  TWINNING_RETURN_IF_ERROR(BeginEpoch(recovery_->epoch, now_ms));
  recovery_.reset();
  return absl::OkStatus();
}

ServerActions ServerPartnership::Announce() {
  if (failure_.ok()) Serve();
  return Flush();
}

absl::Status ServerPartnership::BeginEpoch(uint64_t at_least, int64_t now_ms) {
  v1::Recovery recovery;
  recovery.set_epoch(std::max({at_least, plan_.epoch() + 1, epoch_seen_ + 1}));
  recovery.set_finished(true);
  return SequenceStatement(v1::RECOVERY, recovery.SerializeAsString(), now_ms);
}

void ServerPartnership::NoteEpoch(const v1::Entry& entry) {
  if (entry.kind() == v1::RECOVERY) epoch_began_ = entry.sequence();
}

absl::Status ServerPartnership::CheckTakesEntries() const {
  TWINNING_RETURN_IF_ERROR(CheckNotCollecting());
  if (!archived()) return absl::OkStatus();
  return FailedPrecondition(
      "this partnership is archived, so it is only read: take it back first (twinningctl "
      "partnership archive --take-back)");
}

absl::Status ServerPartnership::CheckNotCollecting() const {
  if (!recovery_) return absl::OkStatus();
  return FailedPrecondition(
      "this partnership is being recovered after a restore: memberships wait until that is over "
      "(twinningctl recovery status)");
}

// --- Who has been heard from --------------------------------------------------------------------

void ServerPartnership::HaveHeard(const ReplicaId& replica) {
  if (recovery_) heard_.insert(replica);
}

size_t ServerPartnership::not_heard_from() const {
  size_t count = 0;
  for (const plan::Member& member : plan_.members()) {
    count += member.revoked == 0 && !heard_.contains(member.replica) ? 1 : 0;
  }
  return count;
}

RecoveryStanding ServerPartnership::StandingOf(const ReplicaId& replica) const {
  RecoveryStanding standing;
  standing.heard = heard_.contains(replica);
  for (const auto& [id, session] : sessions_) {
    if (session.replica == replica && session.offering.blocked) standing.needs_operator = true;
  }
  return standing;
}

// --- Comparing ----------------------------------------------------------------------------------

bool ServerPartnership::Knows(Sequence sequence, const Hash& hash) const {
  if (sequence == 0 || history_.HashAt(sequence) == hash) return true;
  const ledger::Lost* lost = chain_.lineage().Find(hash);
  return lost != nullptr && lost->sequence == sequence;
}

void ServerPartnership::BeginComparing(Session& session, const v1::Hello& hello) {
  Offering& offering = session.offering;
  offering = Offering();
  offering.theirs = {hello.head().sequence(), Hash::Of(hello.head().hash()).value_or(Hash())};
  offering.epoch = hello.epoch();
  offering.unknown = offering.theirs.sequence;
  session.stage = Stage::kComparing;
  if (!Knows(offering.theirs.sequence, offering.theirs.hash)) return;
  offering.known = offering.theirs;
  session.stage = Stage::kOffering;
}

std::optional<v1::ServerMessage> ServerPartnership::NextCompare(Session& session) {
  Offering& offering = session.offering;
  if (offering.waiting) return std::nullopt;
  offering.asked = Between(offering.known.sequence, offering.unknown, durable_.sequence);
  if (offering.asked.empty()) {
    session.stage = Stage::kOffering;
    return NextOffering(session);
  }
  offering.waiting = true;
  v1::ServerMessage message;
  for (Sequence sequence : offering.asked) message.mutable_compare()->add_sequences(sequence);
  return message;
}

void ServerPartnership::TakeHashes(SessionId id, Session& session, const v1::Hashes& hashes) {
  Offering& offering = session.offering;
  bool fits = session.stage == Stage::kComparing && offering.waiting &&
              static_cast<size_t>(hashes.at_size()) == offering.asked.size();
  for (size_t i = 0; fits && i < offering.asked.size(); ++i) {
    std::optional<ledger::Head> at = ledger::HeadOf(hashes.at(static_cast<int>(i)));
    fits = at && at->sequence == offering.asked[i];
    if (!fits) break;
    if (!Knows(at->sequence, at->hash)) {
      offering.unknown = at->sequence;
      break;
    }
    offering.known = *at;
  }
  if (!fits) return Close(id, v1::PROTOCOL_VIOLATION, "hashes that were not asked for");
  offering.waiting = false;
}

// --- Offering -----------------------------------------------------------------------------------

std::optional<v1::ServerMessage> ServerPartnership::NextOffering(Session& session) {
  Offering& offering = session.offering;
  if (offering.waiting || offering.blocked || offering.durable > visible()) return std::nullopt;
  if (offering.known == offering.theirs) return RejoinMessage(session);
  offering.waiting = true;
  v1::ServerMessage message;
  message.mutable_wanted()->set_after(offering.known.sequence);
  return message;
}

v1::ServerMessage ServerPartnership::RejoinMessage(Session& session) {
  const ledger::Head& theirs = session.offering.theirs;
  ledger::Head common = theirs;
  Sequence complete = theirs.sequence;
  if (history_.HashAt(theirs.sequence) != theirs.hash) {
    common.sequence = chain_.lineage().Find(theirs.hash)->fork;
    common.hash = history_.HashAt(common.sequence).value_or(Hash());
    complete = visible();
  }
  session.stage = Stage::kUsual;
  session.offering = Offering();
  session.cursor = common.sequence;
  HaveHeard(session.replica);
  v1::ServerMessage message;
  *message.mutable_rejoin()->mutable_common() = ledger::BaseOf(common);
  message.mutable_rejoin()->set_complete(complete);
  return message;
}

void ServerPartnership::TakeLost(SessionId id, Session& session, const v1::LostEntries& lost,
                                 int64_t now_ms) {
  Offering& offering = session.offering;
  if (session.stage != Stage::kOffering || !offering.waiting) {
    return Close(id, v1::PROTOCOL_VIOLATION, "an offer that was not asked for");
  }
  if (absl::Status fits = CheckOffered(lost, offering.known.sequence); !fits.ok()) {
    return Close(id, v1::PROTOCOL_VIOLATION, MessageOf(fits));
  }
  offering.waiting = false;
  std::vector<v1::Entry> entries;
  for (const v1::Entry& entry : lost.entries()) {
    if (entries.empty() && PassOver(offering, entry)) continue;
    if (!recovery_ && OnItsWordAlone(entry)) {
      // What comes before it may be the mandate that it rests on.
      offering.blocked = entries.empty();
      break;
    }
    entries.push_back(entry);
  }
  absl::Status taken;
  if (!entries.empty()) taken = SequenceLost(offering, entries, now_ms);
  if (!taken.ok() && failure_.ok()) return Close(id, v1::PROTOCOL_VIOLATION, MessageOf(taken));
  offering.durable = head().sequence;
}

// What only the server of that time said: nobody signed it. By a coordinator's invitation, or as a
// copy of a replica, people enrol one another.
bool ServerPartnership::OnItsWordAlone(const v1::Entry& lost) const {
  v1::Entry entry = Innermost(lost);
  if (entry.kind() == v1::CHANGE || entry.kind() == v1::REFUSAL) return false;
  v1::Membership membership;
  if (entry.kind() != v1::MEMBERSHIP || !membership.ParseFromString(entry.body()) ||
      membership.action() != v1::Membership::ENROL) {
    return true;
  }
  if (!membership.continues().empty()) return false;
  // Whoever is enrolled again already is enrolled: it comes to nothing.
  std::optional<ReplicaId> replica = ReplicaId::Of(membership.replica());
  if (replica && plan_.FindMember(*replica) != nullptr) return false;
  return plan::FindInvite(plan_.roster(), membership.invitation()).invite == nullptr;
}

// Somebody else has brought it meanwhile.
bool ServerPartnership::PassOver(Offering& offering, const v1::Entry& entry) const {
  Hash hash = ledger::EntryHash(chain_.ledger(), offering.known.hash, entry);
  if (!Knows(entry.sequence(), hash)) return false;
  offering.known = {entry.sequence(), hash};
  return true;
}

// To its own place when that is free; as a readmission otherwise.
absl::Status ServerPartnership::SequenceLost(Offering& offering,
                                             const std::vector<v1::Entry>& entries,
                                             int64_t now_ms) {
  if (offering.known != head()) return ReadmitAll(offering, entries, now_ms);
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<Trial> trial, Trial::Of(chain_, history_));
  for (const v1::Entry& entry : entries) TWINNING_RETURN_IF_ERROR(trial->Follow(entry));
  TWINNING_RETURN_IF_ERROR(trial->Finish());
  failure_ = TakeAll(entries);
  if (failure_.ok()) offering.known = head();
  return failure_;
}

absl::Status ServerPartnership::ReadmitAll(Offering& offering,
                                           const std::vector<v1::Entry>& entries, int64_t now_ms) {
  const ledger::Lost* before = chain_.lineage().Find(offering.known.hash);
  Sequence fork = before == nullptr ? offering.known.sequence : before->fork;
  // Nobody said that the ledger was restored: it shows here.
  if (fork >= epoch_began_) TWINNING_RETURN_IF_ERROR(BeginEpoch(0, now_ms));
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<Trial> trial, Trial::Of(chain_, history_));
  std::vector<v1::Entry> readmissions;
  ledger::Head last = offering.known;
  for (const v1::Entry& lost : entries) {
    Hash hash = ledger::EntryHash(chain_.ledger(), last.hash, lost);
    v1::Entry entry = EntryOf(v1::READMISSION, now_ms);
    entry.set_sequence(trial->chain().head().sequence + 1);
    entry.set_body(ledger::EncodeReadmission(lost, last.hash, hash, offering.epoch,
                                             trial->chain().ReturningOf(lost)));
    *entry.mutable_personal() = lost.personal();
    TWINNING_RETURN_IF_ERROR(trial->Follow(entry));
    last = {lost.sequence(), hash};
    readmissions.push_back(std::move(entry));
  }
  TWINNING_RETURN_IF_ERROR(trial->Finish());
  failure_ = TakeAll(std::move(readmissions));
  if (failure_.ok()) offering.known = last;
  return failure_;
}

absl::Status ServerPartnership::TakeAll(std::vector<v1::Entry> entries) {
  for (v1::Entry& entry : entries) {
    std::optional<plan::Change> change;
    if (entry.kind() == v1::CHANGE) {
      TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange parsed, ledger::ParseChange(entry.body()));
      change = plan::ReadChange(std::move(parsed));
    }
    TWINNING_RETURN_IF_ERROR(Take(std::move(entry), change ? &*change : nullptr, false));
  }
  return absl::OkStatus();
}

// --- What a replica is told ---------------------------------------------------------------------

std::optional<v1::ServerMessage> ServerPartnership::NextOfRecovery(Session& session) {
  if (session.protocol < 2) return std::nullopt;
  if (auto message = RecoveryStateFor(session)) return message;
  if (session.stage == Stage::kComparing) return NextCompare(session);
  if (session.stage == Stage::kOffering) return NextOffering(session);
  return std::nullopt;
}

std::optional<v1::ServerMessage> ServerPartnership::RecoveryStateFor(Session& session) const {
  v1::ServerMessage message;
  v1::RecoveryState& state = *message.mutable_recovery();
  state.set_collecting(recovery_ || archived());
  state.set_archived(archived());
  if (recovery_) state.set_not_heard_from(static_cast<uint32_t>(not_heard_from()));
  state.set_needs_operator(session.offering.blocked);
  std::string bytes = state.SerializeAsString();
  if (bytes == session.told_recovery) return std::nullopt;
  session.told_recovery = std::move(bytes);
  return message;
}

}  // namespace twinning::sync
