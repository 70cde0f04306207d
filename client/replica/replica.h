// One member's full local copy of one partnership: a directory with a SQLite file, a private key and
// lock files. Everything a command line or page does to the plan goes through here. Several processes
// may have the same replica open; one object is for one thread.
//
//   replica.db   entries as received, outbox, drawer of refused changes, checkpoint of the plan
//   key          the Ed25519 seed, 0600
//   sync.lock    held by the one process that talks to the server and checkpoints
//   wake         touched after every write to the outbox, so that that process sees it at once
//
// Saved means durable: a Write that returned OK survives power loss (WAL, synchronous=FULL).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/crypto/ed25519.h"
#include "common/plan/plan.h"

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
  Sequence sequence = 0;  // of the refusal
  v1::RefusalReason reason = v1::REFUSAL_REASON_UNSPECIFIED;
  std::string detail;
};

// What `status` tells; kept in the database by the process that syncs, so that any process can say it.
struct SyncState {
  bool connected = false;     // a process of this machine holds a live stream now
  Sequence server_head = 0;   // last known
  Sequence digest_matched = 0;  // the last sequence at which both sides' digests were equal
  bool history_complete = true;  // false while a snapshot has not been verified by its history yet
  std::string problem;        // last reason why not connected, one sentence
};

class Replica {
 public:
  // FailedPrecondition when `directory` is not a replica, is of a newer version, or is damaged: the
  // message names the directory and the next step.
  static absl::StatusOr<std::unique_ptr<Replica>> Open(const std::string& directory);
  // AlreadyExists when there is one. The directory is made, 0700.
  static absl::StatusOr<std::unique_ptr<Replica>> Create(const std::string& directory,
                                                         const Identity& identity,
                                                         const SigningKey& key);
  virtual ~Replica() = default;

  virtual const Identity& identity() const = 0;
  virtual const SigningKey& key() const = 0;
  virtual const std::string& directory() const = 0;

  // Takes in what other processes have written since.
  virtual absl::Status Refresh() = 0;
  // The ledger's state, and that with this replica's outbox on top. Valid until the next non-const
  // call.
  virtual const plan::Plan& confirmed() const = 0;
  virtual const plan::Plan& view() const = 0;

  // Authors one change from `edits` on the plan as it is at this moment, in one durable transaction
  // that reads number, previous hash and base. `make` is called with the view inside it and returns
  // the edits (so that 50 processes at once all see each other); an error from it, or a refusal by
  // the plan, writes nothing. Personal values go beside.
  struct Draft {
    std::vector<v1::Edit> edits;
    std::vector<v1::PersonalValue> personal;
  };
  using Make = std::function<absl::StatusOr<Draft>(const plan::Plan& view)>;
  virtual absl::StatusOr<Saved> Write(const Make& make, int64_t time_ms) = 0;

  virtual size_t outbox() const = 0;
  virtual absl::StatusOr<std::vector<RefusedChange>> Refused() const = 0;
  virtual SyncState sync_state() const = 0;
  // Outbox empty, heads equal, digest matched at that head.
  virtual bool synced() const = 0;

  // The confirmed plan as it was at an earlier sequence. OutOfRange (InvalidArgument) beyond head.
  virtual absl::StatusOr<std::unique_ptr<plan::Plan>> At(Sequence sequence) const = 0;
  // Entries (after, up_to], and the outbox, for log and diff.
  virtual const ledger::EntrySource& entries() const = 0;
  // A change of this replica by its number, in ledger or outbox.
  virtual absl::StatusOr<plan::Change> OwnChange(Number number) const = 0;
};

}  // namespace twinning::client
