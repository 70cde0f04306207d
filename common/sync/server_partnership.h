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
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/ledger/chain.h"
#include "common/plan/plan.h"
#include "common/sync/recovery_note.h"
#include "common/sync/server_actions.h"
#include "common/sync/server_families.h"
#include "common/sync/server_history.h"
#include "common/sync/server_snapshot.h"

namespace twinning::sync {

// From version 2 on a replica and a restored server can tell each other what was lost.
inline constexpr uint32_t kServerProtocolMin = 1;
inline constexpr uint32_t kServerProtocolMax = 2;

// How far a replica said that it has come, for operators.
struct ReplicaProgress {
  Sequence sequence = 0;
  uint64_t outbox = 0;
  std::optional<bool> digest_matches;  // none: not compared
  std::string software;
  int64_t seen_ms = 0;    // its last message, or the end of its session
  Sequence verified = 0;  // the last sequence at which the digests were found equal; 0: never
  Hash digest;            // there
};

// Where a replica stands in a recovery.
struct RecoveryStanding {
  bool heard = false;           // what it holds is here
  bool needs_operator = false;  // it offers what is taken on the operator's word only
};

// A copy of a replica that is to become one of its own: its changes from `first` on, by their
// hashes.
struct Copy {
  ReplicaId original;
  std::string key;        // of the copy from now on
  std::string signature;  // of the original's key, as ledger::SignContinuing makes it
  Number first = 0;
  std::vector<Hash> hashes;
};

// How far a copy and its original are alike.
struct Parted {
  Number number = 0;
  Hash hash;
  Sequence sequence = 0;  // of the copy's membership entry
};

// Whom an invitation makes a member: an operator's, or a coordinator's, whose mandate says the
// role.
struct NewMember {
  TownId town;
  std::string name;
  std::string key;  // Ed25519 public key
  v1::Role role = v1::REPRESENTATIVE;
  std::string invitation = {};  // a coordinator's: its key, and that key's signature
  std::string invited = {};     // as ledger::SignInvited makes it
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
  // After Loaded: a recovery was open when the server stopped, or a restore has begun one. False
  // when the ledger says that it is over.
  bool Resume(const RecoveryNote& note);

  // --- Sessions ---------------------------------------------------------------------------------

  void Connected(SessionId session);
  void Disconnected(SessionId session, int64_t now_ms);
  ServerActions Received(SessionId session, const v1::ClientMessage& message, int64_t now_ms);
  ServerActions Written(SessionId session);
  ServerActions EntriesRead(SessionId session, v1::Entries entries);

  // --- Appending --------------------------------------------------------------------------------

  // What has been sequenced since the last append; none while one is under way. All that arrives
  // before this is asked shares one commit.
  std::optional<AppendEntries> TakeAppend();
  ServerActions Committed(const ledger::Head& head);
  // There was no room for it: nothing of it is durable, and the next append has it again.
  void NotCommitted() { appending_ = false; }

  // --- Operators: each sequences one entry, which counts once it is durable. --------------------

  // Entry 1, of an empty ledger: carries this program's schema.
  absl::Status Found(const LedgerId& ledger, std::string_view name, int64_t now_ms);
  // `town` is the id to give it. AlreadyExists when there is one of that name.
  absl::Status AdmitTown(const TownId& town, std::string_view name, int64_t now_ms);
  // The sequence of the replica's membership entry; enrolling a key twice changes nothing. A town's
  // first member is its coordinator, whatever role is named.
  absl::StatusOr<Sequence> Enrol(const NewMember& member, int64_t now_ms);
  // Shuts the replica out for good: its sessions end when that is durable. The sequence of the
  // entry that says so; once revoked it stays the first one. NotFound when it is no member;
  // FailedPrecondition while a recovery is open: say it again when that is over.
  absl::StatusOr<Sequence> Revoke(const ReplicaId& replica, int64_t now_ms);
  // Gives a member's replica another role. The sequence of the entry that says so; of the latest
  // when it has the role already. NotFound when it is no member or revoked.
  absl::StatusOr<Sequence> ChangeRole(const ReplicaId& replica, v1::Role role, int64_t now_ms);
  // Enrols a copy up to the last change that it has as the ledger has it; doing it twice changes
  // nothing. NotFound when the original is no member, PermissionDenied when it is revoked or did
  // not sign, FailedPrecondition when the copy has not got a change that it should have.
  absl::StatusOr<Parted> Continue(const Copy& copy, int64_t now_ms);
  // Whom towns have shut out by what became durable since the last call: to be kept beside the
  // authority, so that no restore undoes it.
  std::vector<ReplicaId> TakeDismissed();
  // What replicas have claimed since the last call, to be kept with the next append.
  std::vector<std::pair<ReplicaId, std::string>> TakeClaims();
  // What was kept; after Loaded.
  void RestoreClaim(const ReplicaId& replica, std::string claim);
  // Whether Enrol would take it.
  absl::Status CheckNew(const NewMember& member) const;

  // An archived partnership is only read: pushes end the session with ARCHIVED, memberships but for
  // revocations are FailedPrecondition. A recovery goes on all the same. Told to sessions by
  // Announce. 0: not.
  void SetArchived(int64_t since_ms) { archived_ms_ = since_ms; }
  int64_t archived_ms() const { return archived_ms_; }
  bool archived() const { return archived_ms_ != 0; }

  // Begins a recovery, so that what replicas offer is taken on the operator's word.
  // FailedPrecondition when one is open.
  absl::StatusOr<RecoveryNote> BeginRecovery();
  // Tells sessions what an operator has begun, or archived.
  ServerActions Announce();
  // Ends it: a new epoch begins with the next entry. FailedPrecondition when none is open. It ends
  // by itself when every replica has been heard from.
  absl::Status FinishRecovery(int64_t now_ms);

  // --- Reading ----------------------------------------------------------------------------------

  // At head: what is not durable yet is included.
  const plan::Plan& plan() const { return plan_; }
  ledger::Head head() const { return history_.head(); }
  const ledger::Head& durable() const { return durable_; }
  const std::map<ReplicaId, ReplicaProgress>& progress() const { return progress_; }
  // What was known when the server stopped; before any session.
  void Remember(const ReplicaId& replica, ReplicaProgress known) {
    progress_[replica] = std::move(known);
  }
  bool Connected(const ReplicaId& replica) const;
  // Sessions that have not been sent everything that is durable.
  size_t unsent() const;
  // None: no recovery is open.
  const std::optional<RecoveryNote>& recovery() const { return recovery_; }
  RecoveryStanding StandingOf(const ReplicaId& replica) const;
  size_t sessions() const { return sessions_.size(); }
  const absl::Status& failure() const { return failure_; }

 private:
  // What the server knows of a replica that holds more than it: see PROTOCOL.md, "After a restore".
  enum class Stage { kUsual, kComparing, kOffering };
  struct Offering {
    ledger::Head theirs;   // the replica's head
    uint64_t epoch = 0;    // that it has come to
    ledger::Head known;    // the last of its entries that this ledger has
    Sequence unknown = 0;  // the first one that it has not, as far as has been compared
    std::vector<Sequence> asked;
    bool waiting = false;  // for an answer
    bool blocked = false;  // for the operator
    Sequence durable = 0;  // what has been taken is, once the ledger's durable head is here
  };
  struct Session {
    bool greeted = false;
    uint32_t protocol = 0;
    ReplicaId replica;
    Sequence cursor = 0;   // sent up to here
    bool writing = false;  // a message is under way
    bool reading = false;  // entries are being read for it
    Sequence told = 0;     // the digest's sequence that it was told last
    std::optional<SnapshotReader> snapshot;
    Stage stage = Stage::kUsual;
    Offering offering;
    std::string told_recovery;  // the last RecoveryState
  };

  void Hear(SessionId id, Session& session, const v1::ClientMessage& message, int64_t now_ms);
  void Greet(SessionId id, Session& session, const v1::Hello& hello, int64_t now_ms);
  std::optional<CloseSession> Objection(const v1::Hello& hello) const;
  void Welcome(SessionId id, Session& session, int64_t now_ms);
  void MakeRoomFor(SessionId newest, const ReplicaId& replica);
  void TakePush(SessionId id, const Session& session, const v1::Frame& frame, int64_t now_ms);
  void NoteHello(const v1::Hello& hello, const ReplicaId& replica, int64_t now_ms);
  void TakeProgress(const Session& session, const v1::Progress& progress);

  bool Knows(Sequence sequence, const Hash& hash) const;
  void BeginComparing(Session& session, const v1::Hello& hello);
  void TakeClaim(SessionId id, const Session& session, const v1::Claim& claim);
  absl::Status CheckInvited(const NewMember& member) const;
  bool OnItsWordAlone(const v1::Entry& lost) const;
  absl::StatusOr<Parted> PartedAt(const Copy& copy) const;
  void TakeHashes(SessionId id, Session& session, const v1::Hashes& hashes);
  void TakeLost(SessionId id, Session& session, const v1::LostEntries& lost, int64_t now_ms);
  bool PassOver(Offering& offering, const v1::Entry& entry) const;
  absl::Status SequenceLost(Offering& offering, const std::vector<v1::Entry>& entries,
                            int64_t now_ms);
  absl::Status ReadmitAll(Offering& offering, const std::vector<v1::Entry>& entries,
                          int64_t now_ms);
  absl::Status TakeAll(std::vector<v1::Entry> entries);
  std::optional<v1::ServerMessage> NextOfRecovery(Session& session);
  std::optional<v1::ServerMessage> NextCompare(Session& session);
  std::optional<v1::ServerMessage> NextOffering(Session& session);
  std::optional<v1::ServerMessage> RecoveryStateFor(Session& session) const;
  v1::ServerMessage RejoinMessage(Session& session);
  void HaveHeard(const ReplicaId& replica);
  size_t not_heard_from() const;
  absl::Status CheckTakesEntries() const;
  absl::Status CheckNotCollecting() const;
  void NoteEpoch(const v1::Entry& entry);
  absl::Status BeginEpoch(uint64_t at_least, int64_t now_ms);

  void SequenceFrame(const v1::Frame& frame, ledger::PushAnswer answer, int64_t now_ms);
  void SequenceAgain(const v1::Frame& frame, int64_t now_ms);
  absl::Status SequenceChange(plan::Change change, const v1::AuthoredChange& authored,
                              v1::Entry entry);
  absl::Status SequenceStatement(v1::EntryKind kind, std::string body, int64_t now_ms);
  absl::Status Take(v1::Entry entry, const plan::Change* change, bool judged = true);
  v1::Entry EntryOf(v1::EntryKind kind, int64_t now_ms) const;

  void Serve();
  void Serve(SessionId id, Session& session);
  std::optional<v1::ServerMessage> NextMessage(SessionId id, Session& session);
  std::optional<v1::ServerMessage> NextPart(Session& session);
  std::optional<v1::ServerMessage> NextEntries(SessionId id, Session& session);
  std::optional<v1::ServerMessage> NextDigest(Session& session);
  void Send(SessionId id, Session& session, v1::ServerMessage message);
  void Close(SessionId id, v1::CloseReason reason, std::string_view detail, int64_t wait_ms = 0);
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
  std::map<ReplicaId, std::string> claims_;
  std::set<ReplicaId> new_claims_;
  std::vector<std::pair<Sequence, ReplicaId>> dismissed_;  // by which entry
  ServerFamilies families_;
  ServerRates rates_;
  std::optional<RecoveryNote> recovery_;
  int64_t archived_ms_ = 0;
  std::set<ReplicaId> heard_;  // in the open recovery
  Sequence epoch_began_ = 0;   // the last RECOVERY entry
  uint64_t epoch_seen_ = 0;    // the latest that a replica has come to
  ledger::Head digest_at_;
  Hash digest_;
  ServerActions actions_;
  absl::Status failure_;
};

}  // namespace twinning::sync
