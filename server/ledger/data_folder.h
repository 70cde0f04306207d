// The server's directory: one process at a time has it.
//
//   server.lock   held by that process, with its id inside
//   server.db     ledger and invitations
//   restore.ready another server.db, whole and synced, that takes its place when the folder is next
//                 opened; what was there goes aside as before-restore-1.db
//   reserve       room that is given up when the disk is full
//   admin.sock    where twinningctl calls
//   authority/    the server's certificate authority, and whom it has shut out
//   tls/          what its listeners show of themselves, see authority/server_certificate.h
//   operators     who may administer from another machine, see authority/operator_list.h
//   last-backup   when the last backup was handed over, in milliseconds since 1970
//   audit.jsonl   what operators did and strangers tried
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/sqlite/database.h"
#include "common/sqlite/lock_file.h"

namespace twinning::server {

class DataFolder {
 public:
  // Makes the directory (0700) and its database when there is none. AlreadyExists, "already
  // running, pid N", when another process has it.
  static absl::StatusOr<DataFolder> Open(const std::string& path);

  // The lock alone, so that nobody opens the database meanwhile; a restore that was cut short is
  // finished first.
  static absl::StatusOr<std::unique_ptr<sqlite::LockFile>> LockOnly(const std::string& path);

  // Finishes a restore, if one is ready; with the lock.
  static absl::Status PutInPlace(const std::string& path);

  sqlite::Database& database() { return *database_; }

  static std::string DatabaseIn(const std::string& path) { return path + "/server.db"; }
  static std::string ReadyIn(const std::string& path) { return path + "/restore.ready"; }
  static std::string ReserveIn(const std::string& path) { return path + "/reserve"; }
  static std::string SocketIn(const std::string& path) { return path + "/admin.sock"; }
  static std::string AuditIn(const std::string& path) { return path + "/audit.jsonl"; }
  static std::string AuthorityIn(const std::string& path) { return path + "/authority"; }
  static std::string OperatorsIn(const std::string& path) { return path + "/operators"; }

  // When the last backup was made; 0: never.
  static int64_t LastBackup(const std::string& path);
  static absl::Status NoteBackup(const std::string& path, int64_t made_ms);

 private:
  DataFolder(std::unique_ptr<sqlite::LockFile> lock, std::unique_ptr<sqlite::Database> database)
      : lock_(std::move(lock)), database_(std::move(database)) {}

  std::unique_ptr<sqlite::LockFile> lock_;
  std::unique_ptr<sqlite::Database> database_;
};

// The tables of server.db, for tests that open it alone.
const sqlite::Format& ServerFormat();

}  // namespace twinning::server
