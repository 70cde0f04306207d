// The server's half of the protocol for one partnership: events in, actions out. It checks what
// replicas push, gives it its place in the ledger, and sends every replica what is durable:
//
//   durable <= head      entries of (durable, head] are sequenced but not yet in the ledger
//   sent to anyone       only entries of (0, durable]: what a replica sees is never taken back
//
// No I/O but reading the past through the injected EntrySource, no clock (time comes as an
// argument, milliseconds since 1970, for display only), thread or randomness. The caller carries
// out actions in order. When failure() is not OK the object is of no more use: drop it, end its
// sessions, and make a new one from the ledger, which holds everything that anybody was told of.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/ledger/chain.h"
#include "common/plan/plan.h"
#include "common/sync/server_actions.h"
#include "common/sync/server_history.h"
#include "common/sync/server_snapshot.h"

namespace twinning::sync {

inline constexpr uint32_t kServerProtocol = 1;

// How far a replica said that it has come, for operators.
struct ReplicaProgress {
  Sequence sequence = 0;
  uint64_t outbox = 0;
  std::optional<bool> digest_matches;  // none: not compared
};

// Whom an operator's invitation makes a member.
struct NewMember {
  TownId town;
  std::string name;
  std::string key;  // Ed25519 public key
  v1::Role role = v1::REPRESENTATIVE;
};

class ServerPartnership {
 public:
  // `durable` reads the partnership's entries from its ledger and must outlive the object.
  explicit ServerPartnership(const ledger::EntrySource& durable, const ServerLimits& limits = {});

  // --- Beginning --------------------------------------------------------------------------------

  // Takes what the ledger holds, entry after entry, before anything else. DataLoss when an entry
  // does not follow or is not what its stored hash says.
  absl::Status Load(const ChainedEntry& stored);
  // After the last one. DataLoss when they end within a frame.
  absl::Status Loaded() const;

  // --- Sessions ---------------------------------------------------------------------------------

  void Connected(SessionId session);
  void Disconnected(SessionId session);
  ServerActions Received(SessionId session, const v1::ClientMessage& message, int64_t now_ms);
  ServerActions Written(SessionId session);
  ServerActions EntriesRead(SessionId session, v1::Entries entries);

  // --- Appending --------------------------------------------------------------------------------

  // What has been sequenced since the last append; none while one is under way. All that arrives
  // before this is asked shares one commit.
  std::optional<AppendEntries> TakeAppend();
  ServerActions Committed(const ledger::Head& head);

  // --- Operators: each sequences one entry, which counts once it is durable. --------------------

  // Entry 1, of an empty ledger: carries this program's schema.
  absl::Status Found(const LedgerId& ledger, std::string_view name, int64_t now_ms);
  // `town` is the id to give it. AlreadyExists when there is one of that name.
  absl::Status AdmitTown(const TownId& town, std::string_view name, int64_t now_ms);
  // The sequence of the replica's membership entry; enrolling a key twice changes nothing.
  absl::StatusOr<Sequence> Enrol(const NewMember& member, int64_t now_ms);
  // Shuts the replica out for good: its sessions end when that is durable. The sequence of the
  // entry that says so; once revoked it stays the first one. NotFound when it is no member.
  absl::StatusOr<Sequence> Revoke(const ReplicaId& replica, int64_t now_ms);
  // Whether Enrol would take it.
  absl::Status CheckNew(const NewMember& member) const;

  // --- Reading ----------------------------------------------------------------------------------

  // At head: what is not durable yet is included.
  const plan::Plan& plan() const { return plan_; }
  ledger::Head head() const { return history_.head(); }
  const ledger::Head& durable() const { return durable_; }
  const std::map<ReplicaId, ReplicaProgress>& progress() const { return progress_; }
  size_t sessions() const { return sessions_.size(); }
  const absl::Status& failure() const { return failure_; }

 private:
  struct Session {
    bool greeted = false;
    ReplicaId replica;
    Sequence cursor = 0;   // sent up to here
    bool writing = false;  // a message is under way
    bool reading = false;  // entries are being read for it
    Sequence told = 0;     // the digest's sequence that it was told last
    std::optional<SnapshotReader> snapshot;
  };

  void Hear(SessionId id, Session& session, const v1::ClientMessage& message, int64_t now_ms);
  void Greet(SessionId id, Session& session, const v1::Hello& hello, int64_t now_ms);
  std::optional<CloseSession> Objection(const v1::Hello& hello) const;
  void MakeRoomFor(SessionId newest, const ReplicaId& replica);
  void TakePush(SessionId id, const Session& session, const v1::Frame& frame, int64_t now_ms);
  void TakeProgress(const Session& session, const v1::Progress& progress);

  void SequenceFrame(const v1::Frame& frame, ledger::PushAnswer answer, int64_t now_ms);
  void SequenceAgain(const v1::Frame& frame, int64_t now_ms);
  absl::Status SequenceChange(plan::Change change, const v1::AuthoredChange& authored,
                              v1::Entry entry);
  absl::Status SequenceStatement(v1::EntryKind kind, std::string body, int64_t now_ms);
  absl::Status Take(v1::Entry entry, const plan::Change* change);
  v1::Entry EntryOf(v1::EntryKind kind, int64_t now_ms) const;

  void Serve();
  void Serve(SessionId id, Session& session);
  std::optional<v1::ServerMessage> NextMessage(SessionId id, Session& session);
  std::optional<v1::ServerMessage> NextPart(Session& session);
  std::optional<v1::ServerMessage> NextEntries(SessionId id, Session& session);
  std::optional<v1::ServerMessage> NextDigest(Session& session);
  void Send(SessionId id, Session& session, v1::ServerMessage message);
  void Close(SessionId id, v1::CloseReason reason, std::string_view detail);
  Sequence visible() const;
  bool revoked(const ReplicaId& replica) const;
  ServerActions Flush();

  const ServerLimits limits_;
  ServerHistory history_;
  ledger::Chain chain_;
  plan::Plan plan_;
  ledger::Head durable_;
  bool appending_ = false;
  std::map<SessionId, Session> sessions_;
  std::map<ReplicaId, ReplicaProgress> progress_;
  std::weak_ptr<const ServerSnapshot> last_snapshot_;
  ledger::Head digest_at_;
  Hash digest_;
  ServerActions actions_;
  absl::Status failure_;
};

}  // namespace twinning::sync
