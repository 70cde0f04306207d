#include "common/sync/client_session.h"

#include <algorithm>
#include <utility>

#include "common/ledger/change.h"
#include "common/ledger/frame.h"

namespace twinning::sync {

ClientSession::ClientSession(const ClientStart& start, const SigningKey& key)
    : start_(start),
      key_(key),
      head_(start.head),
      acknowledged_(start.acknowledged),
      last_number_(start.last_number) {}

// --- Events --------------------------------------------------------------------------------------

ClientActions ClientSession::Connected() {
  if (phase_ != Phase::kNew) return {};
  phase_ = Phase::kGreeting;
  snapshot_open_ = start_.snapshot;
  Write(HelloMessage());
  return Flush();
}

ClientActions ClientSession::Received(v1::ServerMessage message) {
  if (phase_ == Phase::kClosed) return {};
  using Message = v1::ServerMessage;
  bool welcome = message.message_case() == Message::kWelcome;
  if (message.message_case() == Message::kClosing) {
    EndWith(EndingOf(message.closing()));
  } else if (welcome != (phase_ == Phase::kGreeting)) {
    EndWith(EndedByViolation(welcome ? "a second welcome" : "no welcome"));
  } else if (welcome) {
    TakeWelcome(message.welcome());
  } else if (message.message_case() == Message::kEntries) {
    TakeEntries(std::move(*message.mutable_entries()));
  } else if (message.message_case() == Message::kDigest) {
    TakeDigest(message.digest());
  } else if (message.message_case() == Message::kSnapshot) {
    TakeSnapshot(std::move(*message.mutable_snapshot()));
  } else {
    TakeOfRecovery(message);
  }
  return Flush();
}

ClientActions ClientSession::OutboxGrew(Number last_number) {
  last_number_ = std::max(last_number_, last_number);
  return Flush();
}

ClientActions ClientSession::OutboxRead(std::vector<v1::AuthoredChange> changes) {
  reading_ = false;
  if (phase_ != Phase::kOpen) return {};
  if (changes.empty()) {
    // What is not in the outbox has been acknowledged already; the entry is on its way here.
    pushed_ = last_number_;
  } else {
    Write(PushMessage(std::move(changes)));
  }
  return Flush();
}

ClientActions ClientSession::Applied(const ledger::Head& head, Number acknowledged) {
  if (phase_ == Phase::kClosed) return {};
  head_ = head;
  replacing_.reset();
  acknowledged_ = std::max(acknowledged_, acknowledged);
  pushed_ = std::max(pushed_, acknowledged_);
  while (!frames_.empty() && frames_.front() <= acknowledged_) frames_.pop_front();
  own_digest_.clear();
  progress_due_ = true;
  Learn(head.sequence);
  return Flush();
}

ClientActions ClientSession::NotApplied(std::string_view why) {
  if (phase_ != Phase::kClosed) EndWith(EndedByBadEntries(why));
  return Flush();
}

ClientActions ClientSession::DigestComputed(const Hash& digest) {
  if (phase_ == Phase::kClosed || !server_digest_) return {};
  bool equal = *server_digest_ == digest;
  server_digest_.reset();
  own_digest_ = digest.bytes();
  progress_due_ = true;
  if (equal) {
    actions_.push_back(DigestMatched{head_.sequence});
  } else {
    actions_.push_back(DigestDiffers{head_.sequence});
    EndWith(EndedByDigest(head_.sequence));
  }
  return Flush();
}

ClientActions ClientSession::Claimed(std::string claim) {
  if (phase_ != Phase::kOpen) return {};
  v1::ClientMessage message;
  message.mutable_claim()->set_claim(std::move(claim));
  claiming_ = false;
  answers_.push_back(std::move(message));
  return Flush();
}

ClientActions ClientSession::NotClaimed() { return FoundCopy(); }

ClientActions ClientSession::FoundCopy() {
  if (phase_ != Phase::kClosed) EndWith(EndedByCopy());
  return Flush();
}

ClientActions ClientSession::Written() {
  writing_ = false;
  return Flush();
}

// --- What the server says ------------------------------------------------------------------------

std::optional<Ending> ClientSession::Misfit(const v1::Welcome& welcome) const {
  if (welcome.protocol() < kProtocolMin || welcome.protocol() > kProtocolMax) {
    return EndedByVersion(welcome.protocol());
  }
  bool less = welcome.head().sequence() < head_.sequence || welcome.last_number() < acknowledged_;
  if (less && !welcome.comparing()) return EndedByOlderServer();
  if (welcome.last_number() > last_number_) return EndedByCopy();
  return std::nullopt;
}

void ClientSession::TakeWelcome(const v1::Welcome& welcome) {
  if (std::optional<Ending> misfit = Misfit(welcome)) return EndWith(*std::move(misfit));
  phase_ = Phase::kOpen;
  comparing_ = welcome.comparing();
  pushed_ = std::max(welcome.last_number(), acknowledged_);
  server_head_ = welcome.head().sequence();
  actions_.push_back(ServerHead{server_head_});
  claiming_ = welcome.protocol() > 1;
  if (claiming_) actions_.push_back(CheckClaim{welcome.claimed()});
}

void ClientSession::TakeEntries(v1::Entries entries) {
  if (entries.entries().empty()) return EndWith(EndedByViolation("entries without an entry"));
  if (comparing_) return EndWith(EndedByViolation("entries before they were due"));
  snapshot_open_ = false;
  server_digest_.reset();
  if (replacing_) {
    actions_.push_back(KeepApart{std::move(entries)});
    return;
  }
  actions_.push_back(ApplyEntries{std::move(entries)});
}

void ClientSession::TakeSnapshot(v1::Snapshot part) {
  if (!snapshot_open_) return EndWith(EndedByViolation("a snapshot that was not asked for"));
  if (part.last()) snapshot_open_ = false;
  actions_.push_back(ApplySnapshot{std::move(part)});
}

void ClientSession::TakeDigest(const v1::StateDigest& digest) {
  std::optional<Hash> hash = Hash::Of(digest.digest());
  if (!hash) return EndWith(EndedByViolation("a digest of a wrong size"));
  if (digest.sequence() != head_.sequence || comparing_ || replacing_) return;
  if (digest.semantics() != start_.semantics) {
    actions_.push_back(DigestNotComparable{});
    return;
  }
  server_digest_ = hash;
  actions_.push_back(ComputeDigest{});
}

// --- What this side says -------------------------------------------------------------------------

void ClientSession::Learn(Sequence server_head) {
  if (server_head <= server_head_) return;
  server_head_ = server_head;
  actions_.push_back(ServerHead{server_head});
}

void ClientSession::Write(v1::ClientMessage message) {
  writing_ = true;
  actions_.push_back(Send{std::move(message)});
}

// Changes before reports: what people wrote goes first.
void ClientSession::WriteNext() {
  if (phase_ != Phase::kOpen || writing_ || reading_ || claiming_) return;
  if (!answers_.empty()) {
    Write(std::move(answers_.front()));
    answers_.pop_front();
    return;
  }
  if (comparing_ || replacing_) return;
  if (!collecting_ && last_number_ > pushed_ && frames_.size() < kMaxFramesInFlight) {
    reading_ = true;
    actions_.push_back(ReadOutbox{pushed_, kPushRoom});
  } else if (progress_due_) {
    Write(ProgressMessage());
  }
}

void ClientSession::EndWith(Ending ending) {
  phase_ = Phase::kClosed;
  actions_.push_back(Close{std::move(ending)});
}

v1::ClientMessage ClientSession::HelloMessage() const {
  v1::ClientMessage message;
  v1::Hello& hello = *message.mutable_hello();
  hello.set_protocol_min(kProtocolMin);
  hello.set_protocol_max(kProtocolMax);
  hello.set_ledger(std::string(start_.ledger.bytes()));
  hello.set_replica(std::string(start_.replica.bytes()));
  *hello.mutable_head() = ledger::BaseOf(head_);
  hello.set_last_number(last_number_);
  hello.set_epoch(start_.epoch);
  hello.set_software(start_.software);
  hello.set_snapshot(start_.snapshot);
  return message;
}

v1::ClientMessage ClientSession::ProgressMessage() {
  progress_due_ = false;
  v1::ClientMessage message;
  v1::Progress& progress = *message.mutable_progress();
  progress.set_sequence(head_.sequence);
  progress.set_digest(own_digest_);
  progress.set_outbox(last_number_ - std::min(acknowledged_, last_number_));
  return message;
}

// The signature is over the last change's hash: a change that is pushed again in another frame is
// the same bytes, and what is in the ledger already keeps the signature that it has there.
v1::ClientMessage ClientSession::PushMessage(std::vector<v1::AuthoredChange> changes) {
  pushed_ += changes.size();
  frames_.push_back(pushed_);
  Hash last = ledger::ChangeHash(changes.back().change());
  v1::ClientMessage message;
  v1::Frame& frame = *message.mutable_push();
  for (v1::AuthoredChange& change : changes) *frame.add_changes() = std::move(change);
  frame.set_signature(ledger::SignFrame(key_, {start_.ledger, start_.replica, pushed_, last}));
  return message;
}

ClientActions ClientSession::Flush() {
  WriteNext();
  return std::exchange(actions_, {});
}

}  // namespace twinning::sync
