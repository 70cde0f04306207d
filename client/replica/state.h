// What a Replica is made of. Internal to this folder.
#pragma once

#include <memory>

#include "client/replica/directory.h"
#include "client/replica/plans.h"
#include "client/replica/receiver.h"
#include "client/replica/replica.h"
#include "client/replica/store.h"
#include "common/sqlite/lock_file.h"

namespace twinning::client {

struct Replica::State {
  State(Directory where, SigningKey with) : directory(std::move(where)), key(std::move(with)) {}

  // Opens the file and reads everything; again after a COMMIT that nobody knows the end of.
  absl::Status OpenStore(bool create);
  absl::Status Reopen();
  // What other processes have written since; inside Read or Write.
  absl::Status TakeIn();
  absl::Status ReadIdentity();
  // The key as the store has it: this copy may have become a replica of its own.
  absl::Status ReadOwnKey();
  // What a copy asked to be enrolled with, so that asking again asks for the same.
  std::optional<SigningKey> OfferedKey() const;
  void WriteOfferedKey(const SigningKey& fresh);
  void WriteNewKey(const SigningKey& fresh);
  // A new key that is in the store takes the place of the file's.
  absl::Status KeepNewKey();
  void WriteIdentity();
  void ReadSync();
  void WriteSync(const SyncState& next);
  // Whatever is in memory may be ahead of the disk: read it again before it is next used.
  void Distrust();

  absl::StatusOr<Saved> WriteInside(const Make& make, int64_t time_ms);
  absl::StatusOr<v1::AuthoredChange> Author(const Draft& draft, int64_t time_ms);
  absl::Status MayWrite(const Draft& draft) const;
  void MovePagesIfMany();

  // Makes the receiver if there is none; inside Read or Write, with the lock.
  absl::Status StartReceiving();
  absl::Status AddToSnapshot(const v1::Snapshot& part);
  absl::Status CheckSnapshot() const;
  absl::Status KeepSnapshot();

  // Inside Write: leaves the entries after `common`, and whatever was made of them.
  absl::Status GoBackTo(const ledger::Head& common);
  absl::StatusOr<Intake> TakeApart();
  absl::StatusOr<size_t> BecomeInside(const SigningKey& fresh, const v1::ContinueResponse& answer);
  bool Knows(const ledger::Head& base) const;
  absl::StatusOr<ledger::Head> LastBeforeRestore(const ledger::Head& lost) const;
  Sequence ForkOf(const ledger::Head& base) const;
  absl::StatusOr<Sequence> LastOwnBase();
  absl::StatusOr<bool> RebaseInside();

  Directory directory;
  SigningKey key;
  Identity identity;
  std::unique_ptr<Store> store;
  std::unique_ptr<Plans> plans;
  std::unique_ptr<Receiver> receiver;  // made when first needed, with the lock only
  std::unique_ptr<sqlite::LockFile> lock;
  std::unique_ptr<plan::Plan> arriving;  // of a snapshot that has not all come
  ledger::Head held;
  ledger::Head common;  // while entries are kept apart
  Sequence apart = 0;   // the last one of them
  OwnRow own;           // the last one in the ledger
  SyncState sync;
  int64_t seen_version = 0;
  int64_t generation = 0;  // of the store, as last read
  bool distrusted = true;
};

}  // namespace twinning::client
