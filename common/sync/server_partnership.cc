#include "common/sync/server_partnership.h"

#include <algorithm>
#include <utility>

#include "common/base/fault.h"
#include "common/base/status.h"

namespace twinning::sync {
namespace {

constexpr size_t kMaxSoftware = 100;  // bytes of a program's name

// For operators' terminals.
std::string Printable(std::string name) {
  name.resize(std::min(name.size(), kMaxSoftware));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return name;
}

CloseSession Closing(v1::CloseReason reason, std::string detail) {
  return {0, reason, std::move(detail), 0};
}

Hash HashIn(const v1::Hello& hello) { return Hash::Of(hello.head().hash()).value_or(Hash()); }

}  // namespace

ServerPartnership::ServerPartnership(const ledger::EntrySource& durable, const ServerLimits& limits)
    : limits_(limits),
      history_(durable, limits.tail_bytes),
      chain_([this](Sequence sequence) { return history_.HashAt(sequence); },
             [this](const ReplicaId& replica, Number number) {
               return history_.ChangeHashAt(replica, number);
             }),
      plan_(history_),
      rates_(limits.rates) {}

// --- Beginning ----------------------------------------------------------------------------------

absl::Status ServerPartnership::Load(const ChainedEntry& stored) {
  std::optional<plan::Change> change;
  if (stored.entry.kind() == v1::CHANGE) {
    TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange parsed,
                              ledger::ParseChange(stored.entry.body()));
    change = plan::ReadChange(std::move(parsed));
  }
  const ledger::ParsedChange* parsed = change ? &change->authored : nullptr;
  // Signatures were checked before the entry was sequenced; its hash tells that it is still the
  // same.
  TWINNING_ASSIGN_OR_RETURN(Hash hash, chain_.Follow(stored.entry, parsed, true));
  if (hash != stored.hash) {
    return DataLoss("entry " + std::to_string(stored.entry.sequence()) +
                    " is not what it was when it was stored");
  }
  absl::Status applied = plan_.Apply(stored.entry, hash, change ? &*change : nullptr).status();
  NoteEpoch(stored.entry);
  families_.Note(stored.entry, change ? &*change : nullptr);
  history_.Add(stored, parsed);
  durable_ = chain_.head();
  history_.Forget(durable_.sequence);
  return applied;
}

absl::Status ServerPartnership::Loaded() const {
  if (chain_.between_frames()) return absl::OkStatus();
  return DataLoss("the ledger ends within a frame, after entry " +
                  std::to_string(durable_.sequence));
}

// --- Sessions -----------------------------------------------------------------------------------

void ServerPartnership::Connected(SessionId session) { sessions_.try_emplace(session); }

void ServerPartnership::Disconnected(SessionId session, int64_t now_ms) {
  auto at = sessions_.find(session);
  if (at == sessions_.end()) return;
  if (at->second.greeted) progress_[at->second.replica].seen_ms = now_ms;
  sessions_.erase(at);
}

bool ServerPartnership::Connected(const ReplicaId& replica) const {
  return std::any_of(sessions_.begin(), sessions_.end(), [&](const auto& one) {
    return one.second.greeted && one.second.replica == replica;
  });
}

size_t ServerPartnership::unsent() const {
  return static_cast<size_t>(std::count_if(sessions_.begin(), sessions_.end(), [&](auto& one) {
    return one.second.greeted && one.second.cursor < durable_.sequence;
  }));
}

ServerActions ServerPartnership::Received(SessionId session, const v1::ClientMessage& message,
                                          int64_t now_ms) {
  auto at = sessions_.find(session);
  if (at == sessions_.end() || !failure_.ok()) return {};
  Hear(session, at->second, message, now_ms);
  Serve();
  return Flush();
}

ServerActions ServerPartnership::Written(SessionId session) {
  auto at = sessions_.find(session);
  if (at == sessions_.end() || !failure_.ok()) return {};
  at->second.writing = false;
  Serve(session, at->second);
  return Flush();
}

ServerActions ServerPartnership::EntriesRead(SessionId session, v1::Entries entries) {
  auto at = sessions_.find(session);
  if (at == sessions_.end() || !failure_.ok()) return {};
  at->second.reading = false;
  if (!entries.entries().empty()) {
    at->second.cursor = entries.entries().rbegin()->sequence();
    v1::ServerMessage message;
    *message.mutable_entries() = std::move(entries);
    Send(session, at->second, std::move(message));
  }
  return Flush();
}

void ServerPartnership::Hear(SessionId id, Session& session, const v1::ClientMessage& message,
                             int64_t now_ms) {
  using Message = v1::ClientMessage;
  if (session.greeted == (message.message_case() == Message::kHello)) {
    return Close(id, v1::PROTOCOL_VIOLATION,
                 session.greeted ? "a second hello" : "a stream begins with a hello");
  }
  if (session.greeted) progress_[session.replica].seen_ms = now_ms;
  switch (message.message_case()) {
    case Message::kHello:
      return Greet(id, session, message.hello(), now_ms);
    case Message::kPush:
      return TakePush(id, session, message.push(), now_ms);
    case Message::kProgress:
      return TakeProgress(session, message.progress());
    case Message::kClaim:
      return TakeClaim(id, session, message.claim());
    case Message::kHashes:
      return TakeHashes(id, session, message.hashes());
    case Message::kLost:
      return TakeLost(id, session, message.lost(), now_ms);
    default:
      return;  // from a newer program: not for us
  }
}

void ServerPartnership::Greet(SessionId id, Session& session, const v1::Hello& hello,
                              int64_t now_ms) {
  if (std::optional<CloseSession> objection = Objection(hello)) {
    return Close(id, objection->reason, objection->detail);
  }
  session.greeted = true;
  session.protocol = std::min(kServerProtocolMax, hello.protocol_max());
  session.replica = *ReplicaId::Of(hello.replica());
  session.cursor = hello.head().sequence();
  NoteHello(hello, session.replica, now_ms);
  epoch_seen_ = std::max(epoch_seen_, hello.epoch());
  MakeRoomFor(id, session.replica);
  bool usual = session.cursor == 0 || history_.HashAt(session.cursor) == HashIn(hello);
  usual ? HaveHeard(session.replica) : BeginComparing(session, hello);
  if (hello.snapshot() && session.cursor == 0) {
    std::shared_ptr<const ServerSnapshot> snapshot = last_snapshot_.lock();
    if (snapshot == nullptr || snapshot->at != head()) snapshot = TakeSnapshot(plan_);
    last_snapshot_ = snapshot;
    if (snapshot) session.snapshot.emplace(std::move(snapshot), limits_.snapshot_part_bytes);
  }
  Welcome(id, session, now_ms);
}

void ServerPartnership::Welcome(SessionId id, Session& session, int64_t now_ms) {
  const ledger::Tail* tail = chain_.Find(session.replica);
  v1::ServerMessage message;
  v1::Welcome& welcome = *message.mutable_welcome();
  welcome.set_protocol(session.protocol);
  *welcome.mutable_head() = ledger::BaseOf(durable_);
  welcome.set_last_number(tail == nullptr ? 0 : tail->number);
  welcome.set_epoch(plan_.epoch());
  welcome.set_time_ms(now_ms);
  welcome.set_comparing(session.stage != Stage::kUsual);
  if (auto claim = claims_.find(session.replica); claim != claims_.end()) {
    welcome.set_claimed(claim->second);
  }
  Send(id, session, std::move(message));
}

// Why a replica cannot be served; a stranger learns no more than that.
std::optional<CloseSession> ServerPartnership::Objection(const v1::Hello& hello) const {
  if (hello.protocol_min() > kServerProtocolMax || hello.protocol_max() < kServerProtocolMin) {
    return Closing(v1::VERSION, "this server speaks versions " +
                                    std::to_string(kServerProtocolMin) + " to " +
                                    std::to_string(kServerProtocolMax));
  }
  std::optional<LedgerId> ledger = LedgerId::Of(hello.ledger());
  std::optional<ReplicaId> replica = ReplicaId::Of(hello.replica());
  if (!ledger || !replica || *ledger != chain_.ledger()) {
    return Closing(v1::UNKNOWN_PARTNERSHIP, "");
  }
  Sequence sequence = hello.head().sequence();
  bool enrolled = chain_.Find(*replica) != nullptr;
  // Whoever was enrolled after the backup was made brings that entry along.
  bool may_offer = recovery_ && hello.protocol_max() > 1 && !Knows(sequence, HashIn(hello));
  if (!enrolled && !may_offer) return Closing(v1::UNKNOWN_PARTNERSHIP, "");
  if (enrolled && revoked(*replica)) return Closing(v1::REVOKED, "");
  if (hello.protocol_max() > 1) return std::nullopt;
  if (sequence > durable_.sequence) {
    return Closing(v1::LEDGER_BEHIND, "this server's ledger ends with entry " +
                                          std::to_string(durable_.sequence) +
                                          ", the replica's with " + std::to_string(sequence));
  }
  if (sequence > 0 && history_.HashAt(sequence) != Hash::Of(hello.head().hash())) {
    return Closing(v1::HISTORY_DIFFERS,
                   "entry " + std::to_string(sequence) + " is another one here");
  }
  return std::nullopt;
}

// A replica that comes back while its old connection has not been found dead yet is served at once.
void ServerPartnership::MakeRoomFor(SessionId newest, const ReplicaId& replica) {
  std::vector<SessionId> others;
  for (const auto& [id, session] : sessions_) {
    if (id != newest && session.greeted && session.replica == replica) others.push_back(id);
  }
  if (others.size() < limits_.sessions_per_replica) return;
  Close(others.front(), v1::TOO_SLOW, "newer connections of this replica took its place");
}

void ServerPartnership::NoteHello(const v1::Hello& hello, const ReplicaId& replica,
                                  int64_t now_ms) {
  ReplicaProgress& known = progress_[replica];
  known.seen_ms = now_ms;
  known.software = Printable(hello.software());
  known.sequence = hello.head().sequence();
}

void ServerPartnership::TakeProgress(const Session& session, const v1::Progress& progress) {
  ReplicaProgress& known = progress_[session.replica];
  known.sequence = progress.sequence();
  known.outbox = progress.outbox();
  known.digest_matches.reset();
  if (!progress.digest().empty() && progress.sequence() == digest_at_.sequence) {
    known.digest_matches = progress.digest() == digest_.bytes();
    if (!*known.digest_matches) return;
    known.verified = digest_at_.sequence;
    known.digest = digest_;
  }
}

// --- Sending ------------------------------------------------------------------------------------

Sequence ServerPartnership::visible() const {
  if (TWINNING_FAULT("acknowledge before commit")) return head().sequence;
  return durable_.sequence;
}

bool ServerPartnership::revoked(const ReplicaId& replica) const {
  const plan::Member* member = plan_.FindMember(replica);
  return member == nullptr || member->revoked != 0;
}

void ServerPartnership::Serve() {
  for (auto next = sessions_.begin(); next != sessions_.end();) {
    auto at = next++;  // serving may end this one
    Serve(at->first, at->second);
  }
}

void ServerPartnership::Serve(SessionId id, Session& session) {
  if (!session.greeted || session.writing || session.reading) return;
  if (session.stage == Stage::kUsual && revoked(session.replica)) {
    return Close(id, v1::REVOKED, "");
  }
  if (std::optional<v1::ServerMessage> message = NextMessage(id, session)) {
    Send(id, session, *std::move(message));
  }
}

std::optional<v1::ServerMessage> ServerPartnership::NextMessage(SessionId id, Session& session) {
  if (auto message = NextOfRecovery(session)) return message;
  if (session.stage != Stage::kUsual) return std::nullopt;
  if (session.snapshot) return NextPart(session);
  if (session.cursor < visible()) return NextEntries(id, session);
  return NextDigest(session);
}

// A snapshot may have been taken of entries that are not durable yet: it waits for them.
std::optional<v1::ServerMessage> ServerPartnership::NextPart(Session& session) {
  if (session.snapshot->at() > visible()) return std::nullopt;
  v1::ServerMessage message;
  *message.mutable_snapshot() = session.snapshot->Next();
  if (session.snapshot->done()) session.snapshot.reset();
  return message;
}

std::optional<v1::ServerMessage> ServerPartnership::NextEntries(SessionId id, Session& session) {
  std::optional<v1::Entries> entries = history_.Next(session.cursor, visible());
  if (!entries) {
    session.reading = true;
    actions_.push_back(ReadEntries{id, session.cursor, visible()});
    return std::nullopt;
  }
  session.cursor = entries->entries().rbegin()->sequence();
  v1::ServerMessage message;
  *message.mutable_entries() = *std::move(entries);
  return message;
}

std::optional<v1::ServerMessage> ServerPartnership::NextDigest(Session& session) {
  if (head() != durable_ || session.told == durable_.sequence) return std::nullopt;
  if (digest_at_ != durable_) {
    digest_ = plan_.Digest();
    digest_at_ = durable_;
  }
  session.told = durable_.sequence;
  v1::ServerMessage message;
  v1::StateDigest& digest = *message.mutable_digest();
  digest.set_sequence(durable_.sequence);
  digest.set_digest(std::string(digest_.bytes()));
  digest.set_semantics(plan::kSemantics);
  return message;
}

void ServerPartnership::Send(SessionId id, Session& session, v1::ServerMessage message) {
  session.writing = true;
  actions_.push_back(SendMessage{id, std::move(message)});
}

void ServerPartnership::Close(SessionId id, v1::CloseReason reason, std::string_view detail,
                              int64_t wait_ms) {
  actions_.push_back(CloseSession{id, reason, std::string(detail), wait_ms});
  sessions_.erase(id);
}

ServerActions ServerPartnership::Flush() { return std::exchange(actions_, {}); }

// --- Appending ----------------------------------------------------------------------------------

std::optional<AppendEntries> ServerPartnership::TakeAppend() {
  if (appending_ || head() == durable_ || !failure_.ok()) return std::nullopt;
  appending_ = true;
  AppendEntries append{durable_, history_.After(durable_.sequence)};
  if (TWINNING_FAULT("drop half a frame at a crash") && append.entries.size() > 1) {
    append.entries.pop_back();
  }
  return append;
}

ServerActions ServerPartnership::Committed(const ledger::Head& head) {
  appending_ = false;
  if (!failure_.ok()) return {};
  if (head.sequence <= durable_.sequence || history_.HashAt(head.sequence) != head.hash) {
    failure_ = Internal("the ledger became durable with entries that this server did not give it");
    return {};
  }
  durable_ = head;
  Serve();
  history_.Forget(durable_.sequence);
  return Flush();
}

}  // namespace twinning::sync
