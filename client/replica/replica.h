// One member's full local copy of one partnership: a directory with a SQLite file, a private key
// and lock files. Everything a command line or page does to the plan goes through here. Several
// processes may have the same replica open; one object is for one thread.
//
//   replica.db   entries as received, outbox, drawer of refused changes, checkpoint of the plan
//   key          the Ed25519 seed, 0600
//   sync.lock    held by the one process that talks to the server and checkpoints
//   wake         touched after every write to the outbox, so that that process sees it at once
//   applied      touched by that process after every step, so that others see that
//
// Saved means durable: a Write that returned OK survives power loss (WAL, synchronous=FULL).
// A COMMIT that fails may have happened all the same: such a Write answers Unavailable, and the
// next Refresh shows which it was.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/crypto/ed25519.h"
#include "common/plan/plan.h"
#include "twinning/v1/enrolment.pb.h"
#include "twinning/v1/sync.pb.h"

namespace twinning::client {

// Who this replica is, as enrolment made it.
struct Identity {
  LedgerId ledger;
  ReplicaId replica;
  TownId town;
  std::string town_name;
  std::string partnership_name;
  std::string member;
  std::string server;  // ADDR:PORT
  // What the server knows this replica by and it the server; empty before it has enrolled over TLS.
  v1::Certification certification;
  // What this replica was before it became one of its own, as a copy, and up to which change.
  std::map<ReplicaId, Number> former = {};
};

// A change as saved.
struct Saved {
  Number number = 0;
  ChangeSetId change_set;
  std::optional<plan::Refusal> refusal;  // set: nothing was written, and why
};

// A change of one's own that the ledger refused, kept until its author decides.
struct RefusedChange {
  plan::Change change;
  std::vector<v1::PersonalValue> personal;
  Sequence sequence = 0;  // of the refusal
  v1::RefusalReason reason = v1::REFUSAL_REASON_UNSPECIFIED;
  std::string detail;
};

// What `status` tells; kept in the database by the process that syncs, so that any process can say
// it.
struct SyncState {
  bool connected = false;        // a process of this machine holds a live stream now
  Sequence server_head = 0;      // last known
  Sequence digest_matched = 0;   // the last sequence at which both sides' digests were equal
  bool history_complete = true;  // false while a snapshot has not been verified by its history yet
  std::string problem;           // last reason why not connected, one sentence

  bool operator==(const SyncState&) const = default;
};

// What one message of entries came to.
struct Intake {
  ledger::Head head;
  Number last_number = 0;       // of this replica's changes in the ledger, refused ones included
  size_t taken = 0;             // entries
  size_t refused = 0;           // changes of one's own that went to the drawer
  size_t ignored = 0;           // entries that should have been refused: an alarm
  bool snapshot_wrong = false;  // history made another plan than the snapshot showed: an alarm
};

class Replica {
 public:
  // FailedPrecondition when `directory` is not a replica or is of a newer version, DataLoss when it
  // is damaged: the message names the directory and the next step.
  static absl::StatusOr<std::unique_ptr<Replica>> Open(const std::string& directory);
  // AlreadyExists when there is one. The directory is made, 0700; a key that is in it already must
  // be this one.
  static absl::StatusOr<std::unique_ptr<Replica>> Create(const std::string& directory,
                                                         const Identity& identity,
                                                         const SigningKey& key);
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;
  // Checkpoints when this object holds the sync lock.
  ~Replica();

  const Identity& identity() const;
  const SigningKey& key() const;
  const std::string& directory() const;

  // --- Reading and writing: every process
  // ----------------------------------------------------------

  // Takes in what other processes have written since; cheap when that is nothing.
  absl::Status Refresh();
  // The ledger's state, and that with this replica's outbox on top. Valid until the next non-const
  // call.
  const plan::Plan& confirmed() const;
  const plan::Plan& view() const;

  // Authors one change from `edits` on the plan as it is at this moment, in one durable transaction
  // that reads number, previous hash and base. `make` is called with the view inside it and returns
  // the edits (so that 50 processes at once all see each other); an error from it, or a refusal by
  // the plan, writes nothing. No edits: nothing is written, and the answer has number 0. Personal
  // values go beside.
  struct Draft {
    std::vector<v1::Edit> edits;
    std::vector<v1::PersonalValue> personal;
    ChangeSetId change_set;  // to go on with an earlier change's; empty: one of its own
  };
  using Make = std::function<absl::StatusOr<Draft>(const plan::Plan& view)>;
  absl::StatusOr<Saved> Write(const Make& make, int64_t time_ms);

  size_t outbox() const;
  absl::StatusOr<std::vector<RefusedChange>> Refused() const;
  // Throws a refused change away, because its author said so. NotFound when it is not in the
  // drawer.
  absl::Status Discard(Number number);
  SyncState sync_state() const;
  // Outbox empty, heads equal, digest matched at that head, history complete.
  bool synced() const;

  // The confirmed plan as it was at an earlier sequence; must not outlive the replica.
  // InvalidArgument beyond head.
  absl::StatusOr<std::unique_ptr<plan::Plan>> At(Sequence sequence) const;
  // The entries held, for log and diff.
  const ledger::EntrySource& entries() const;
  // A change of this replica by its number, in ledger, drawer or outbox. NotFound when there is
  // none.
  absl::StatusOr<plan::Change> OwnChange(Number number) const;

  // --- Syncing: the one process that holds the lock
  // ------------------------------------------------

  // False when another process holds it. Held until the object ends or UnlockSync.
  absl::StatusOr<bool> LockSync();
  void UnlockSync();
  // As Refresh, without making the view.
  absl::Status TakeWrites();

  // The last entry held and verified; behind confirmed().head() while history is incomplete.
  ledger::Head head() const;
  // Of this replica's last change, outbox included; and of the last one in the ledger.
  Number last_number() const;
  Number acknowledged() const;
  // Outbox changes after `after`, as authored, at most `room` as ledger::FrameRoomFor counts and
  // kMaxChangesPerFrame; at least one when there is one.
  absl::StatusOr<std::vector<v1::AuthoredChange>> ReadOutbox(Number after, size_t room) const;

  // Verifies and takes what the server sent: all of it in one durable transaction, or nothing. Own
  // changes leave the outbox, refused ones for the drawer. DataLoss when an entry does not follow:
  // nothing was applied and the outbox is as it was.
  absl::StatusOr<Intake> ApplyEntries(const v1::Entries& entries);
  // --- Copies: see proto/PROTOCOL.md. Only with the lock.

  // None when this copy does not know the claim that the server heard last: another copy goes on.
  // Otherwise `fresh` is this copy's next one, durably.
  absl::StatusOr<std::optional<std::string>> Claim(std::string_view claimed, std::string fresh);
  // The key that this copy is to have: `fresh`, unless an earlier attempt has kept one. Durable.
  absl::StatusOr<SigningKey> KeyForCopy(const SigningKey& fresh);
  // What asks the server to enrol this copy with a key of its own.
  absl::StatusOr<v1::ContinueRequest> CopyRequest(const SigningKey& fresh) const;
  // It did: the copy has its own key and id from now on, and the changes that it does not have in
  // common with the other one are signed anew, in one durable transaction. How many those are.
  absl::StatusOr<size_t> BecomeOwn(const SigningKey& fresh, const v1::ContinueResponse& answer);

  // --- When the server was restored: see proto/PROTOCOL.md. Only with the lock.

  // The entries held at these sequences. InvalidArgument when there is none.
  absl::StatusOr<std::vector<ledger::Head>> HashesAt(const std::vector<Sequence>& sequences) const;
  // Entries held after `after`: whole frames, until kMaxEntriesBytes are reached.
  absl::StatusOr<v1::Entries> EntriesAfter(Sequence after) const;
  // The server's history and this one are the same up to `common`; what it has after that will be
  // kept apart. DataLoss when they are not.
  absl::Status BeginReplacement(const ledger::Head& common);
  // The last sequence that is kept apart.
  absl::StatusOr<Sequence> KeepApart(const v1::Entries& entries);
  // Verifies what is kept apart and puts it in the place of the entries after the common one, in
  // one durable transaction, or nothing. Outbox and drawer stay. DataLoss when it does not follow,
  // or lacks a change of this replica that had been acknowledged.
  absl::StatusOr<Intake> ReplaceHistory();

  // Changes in the outbox that were made on an entry which neither this replica nor its server has,
  // a snapshot of a history that was lost since, are put on the last entry before the restore, as
  // far as that can be told. False when there are none.
  absl::StatusOr<bool> RebaseOutbox();

  // Takes one part of a snapshot; with the last one the plan may be read and written.
  absl::Status ApplySnapshot(const v1::Snapshot& part);
  // Whether this replica holds nothing yet.
  bool empty() const;

  // Puts a renewed certificate in the place of the last, with the authorities and addresses that
  // came with it: all of it, durable, or nothing. For any process.
  absl::Status KeepCertification(const v1::Certification& certification);

  // The state digest at head(). Not at the same time as other calls.
  Hash Digest();
  // Keeps for other processes what syncing has come to; `history_complete` is not the caller's to
  // say.
  absl::Status NoteSync(const SyncState& state);
  // Makes the next Open fast; `only_if_due`: unless few entries came since the last time.
  absl::Status Checkpoint(bool only_if_due);
  // Makes the plan again from the first entry, distrusting the checkpoint.
  absl::Status Rebuild();

 private:
  struct State;
  explicit Replica(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace twinning::client
