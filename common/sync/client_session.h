// The client's half of one connection, from Connected to Close: events in, actions out. A lost
// connection is never taken up again; the next one gets a new session. No I/O, clock, thread or
// randomness. Reconnecting, storage and sockets are the caller's: see client/engine.
//
// The caller carries out the actions in order, feeds the answers back (OutboxRead, Applied,
// DigestComputed, Written) and calls Received only when every answer to earlier actions but Written
// has been given.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/crypto/ed25519.h"
#include "common/ledger/hashes.h"
#include "common/sync/client_ending.h"
#include "twinning/v1/sync.pb.h"

namespace twinning::sync {

inline constexpr uint32_t kProtocolMin = 1;
inline constexpr uint32_t kProtocolMax = 2;
inline constexpr size_t kMaxFramesInFlight = 4;  // pushed and not yet acknowledged
// A frame takes no more changes once it is this large: while one is on its way the next is made.
inline constexpr size_t kPushRoom = 256 * 1024;

// Where a replica stands when it connects.
struct ClientStart {
  LedgerId ledger;
  ReplicaId replica;
  ledger::Head head;        // the last entry verified
  Number acknowledged = 0;  // of its own changes, the last one in the entries it holds
  Number last_number = 0;   // outbox included
  uint64_t epoch = 0;
  uint32_t semantics = 0;  // of the digests it computes
  bool snapshot = false;   // it holds nothing and wants the state before the history
  std::string software;
};

// --- Actions -------------------------------------------------------------------------------------

struct Send {
  v1::ClientMessage message;  // answered by Written; never two at a time
};
struct ReadOutbox {
  Number after = 0;
  size_t room = 0;  // as ledger::FrameRoomFor counts
};
struct ApplyEntries {
  v1::Entries entries;
};
struct ApplySnapshot {
  v1::Snapshot part;
};
struct ComputeDigest {};  // of the plan at its head; answered by DigestComputed
// First with the server's welcome, then whenever it grows.
struct ServerHead {
  Sequence sequence = 0;
};
struct DigestMatched {
  Sequence sequence = 0;
};
// The server computes its digests by another version of the rules: "synced" cannot be said.
struct DigestNotComparable {};
// Stop applying, keep the outbox, make the plan again from the ledger. Close follows.
struct DigestDiffers {
  Sequence sequence = 0;
};
// Whether this copy of the replica knows the claim that the server heard last (empty: none); if so
// it writes down one of its own. Answered by Claimed or NotClaimed.
struct CheckClaim {
  std::string claimed;
};

// --- After a restore of the server; see PROTOCOL.md
// The hashes of the entries held at these sequences; answered by HashesLookedUp.
struct LookUpHashes {
  std::vector<Sequence> sequences;
};
// Entries held after this one, whole frames as ledger::EntriesBatch cuts them; answered by
// HeldRead.
struct ReadHeld {
  Sequence after = 0;
};
// The history here and there is one up to this entry: what comes next takes the place of the
// entries after it. Nothing is replaced yet.
struct BeginReplacement {
  ledger::Head common;
};
// To be kept beside the entries held; answered by KeptApart.
struct KeepApart {
  v1::Entries entries;
};
// In one step: the entries kept apart take their place. Answered by Applied or NotApplied.
struct Replace {};
struct TellRecovery {
  v1::RecoveryState state;
};
// The last action: drop the connection.
struct Close {
  Ending ending;
};
using ClientAction =
    std::variant<Send, ReadOutbox, ApplyEntries, ApplySnapshot, ComputeDigest, ServerHead,
                 DigestMatched, DigestNotComparable, DigestDiffers, CheckClaim, LookUpHashes,
                 ReadHeld, BeginReplacement, KeepApart, Replace, TellRecovery, Close>;
using ClientActions = std::vector<ClientAction>;

// --- The machine ---------------------------------------------------------------------------------

class ClientSession {
 public:
  // `key` must outlive the session.
  ClientSession(const ClientStart& start, const SigningKey& key);

  ClientActions Connected();
  ClientActions Received(v1::ServerMessage message);
  // Changes of this replica up to `last_number` are in the outbox.
  ClientActions OutboxGrew(Number last_number);
  // The changes after the number that ReadOutbox named, in order.
  ClientActions OutboxRead(std::vector<v1::AuthoredChange> changes);
  // What ApplyEntries or ApplySnapshot asked for is durable.
  ClientActions Applied(const ledger::Head& head, Number acknowledged);
  // It was not taken: nothing of it was applied, and the outbox is as it was.
  ClientActions NotApplied(std::string_view why);
  ClientActions DigestComputed(const Hash& digest);
  ClientActions Claimed(std::string claim);
  ClientActions NotClaimed();
  // The ledger has another change than this replica under one of its numbers.
  ClientActions FoundCopy();
  ClientActions HashesLookedUp(const std::vector<ledger::Head>& at);
  ClientActions HeldRead(v1::Entries entries);
  // Everything up to `sequence` is kept apart.
  ClientActions KeptApart(Sequence sequence);
  ClientActions Written();

  const ledger::Head& head() const { return head_; }
  Sequence server_head() const { return server_head_; }
  Number acknowledged() const { return acknowledged_; }
  bool welcomed() const { return phase_ == Phase::kOpen; }
  // The server is finding out what it lost, or its history takes the place of this one.
  bool exchanging() const { return comparing_ || replacing_.has_value(); }
  bool closed() const { return phase_ == Phase::kClosed; }
  bool writing() const { return writing_; }

 private:
  enum class Phase { kNew, kGreeting, kOpen, kClosed };

  void TakeWelcome(const v1::Welcome& welcome);
  void TakeEntries(v1::Entries entries);
  void TakeSnapshot(v1::Snapshot part);
  void TakeDigest(const v1::StateDigest& digest);
  void TakeOfRecovery(v1::ServerMessage& message);
  void TakeCompare(const v1::Compare& compare);
  void TakeWanted(const v1::Wanted& wanted);
  void TakeRejoin(const v1::Rejoin& rejoin);
  void TakeRecoveryState(const v1::RecoveryState& state);
  std::optional<Ending> Misfit(const v1::Welcome& welcome) const;

  void Learn(Sequence server_head);
  void Write(v1::ClientMessage message);
  void WriteNext();
  void EndWith(Ending ending);
  v1::ClientMessage HelloMessage() const;
  v1::ClientMessage ProgressMessage();
  v1::ClientMessage PushMessage(std::vector<v1::AuthoredChange> changes);
  ClientActions Flush();

  const ClientStart start_;
  const SigningKey& key_;
  Phase phase_ = Phase::kNew;
  ledger::Head head_;
  Sequence server_head_ = 0;
  Number acknowledged_ = 0;
  Number last_number_ = 0;
  Number pushed_ = 0;                      // the last change that has been sent on this connection
  std::deque<Number> frames_;              // the last numbers of frames not yet acknowledged
  std::optional<Hash> server_digest_;      // at head_, waiting to be compared
  std::string own_digest_;                 // at head_, to be told with the next progress
  bool snapshot_open_ = false;             // parts may come
  bool comparing_ = false;                 // the server is finding out what it lost
  bool collecting_ = false;                // it takes no new changes yet
  std::optional<Sequence> replacing_;      // entries are kept apart until they reach this one
  std::deque<v1::ClientMessage> answers_;  // that the server waits for
  bool claiming_ = false;  // nothing is sent by what may be a copy of the replica
  bool writing_ = false;
  bool reading_ = false;
  bool progress_due_ = false;
  ClientActions actions_;
};

}  // namespace twinning::sync
