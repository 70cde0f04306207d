// The one place that opens SQLite, for server and client: what makes a commit durable, what keeps a
// damaged or foreign file from being used, and what a failure is called. Above it SQLiteCpp is used
// as it is, inside Run, Read and Write, which turn what it throws into a Status.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace twinning::sqlite {

// What a file of ours is: checked before anything in it is believed or changed.
struct Format {
  std::string what;            // for messages: "the server's ledger"
  int32_t application_id = 0;  // written into the file's header
  // SQL scripts; the n-th takes a file from version n to n + 1. Only ever appended to. A version
  // that this list does not reach is of a newer program: refused, untouched.
  std::vector<std::string> migrations;
};

struct Options {
  bool create = false;  // otherwise a file that is not there is NotFound
  // Exactly one connection of all processes that have the file open may write checkpoints: SQLite
  // before 3.51.3 has a race between two that do.
  bool checkpoints = true;
  int busy_timeout_ms = 5000;
  // A file that nobody writes any more, as it is: nothing is made beside it or changed in it, and a
  // log beside it is not looked at.
  bool as_it_is = false;
  // A file that others may write: it is read, and neither changed nor brought up to date.
  bool only_read = false;
};

// An open file: WAL, synchronous=FULL, so that a Write that returned OK survives power loss. For
// one thread at a time.
class Database {
 public:
  // NotFound, FailedPrecondition (another program's file, a newer version, a network disk),
  // DataLoss (damaged, not a database), Unavailable or ResourceExhausted (disk). The message names
  // the file and what to do.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& path,
                                                        const Format& format,
                                                        const Options& options);

  SQLite::Database& connection() { return connection_; }
  const std::string& path() const { return path_; }

  // Calls `work` and turns an exception of SQLiteCpp into a Status as above.
  absl::Status Run(const std::function<absl::Status()>& work);

  // `work` in one read transaction: everything it reads is of one moment.
  absl::Status Read(const std::function<absl::Status()>& work);

  // BEGIN IMMEDIATE, `work`, COMMIT. An error of `work` rolls back: nothing has changed. When
  // COMMIT itself fails the answer is Unknown, what was written may be there or not, and failed()
  // is true from then on: close the file, open it again and read what it holds. But a full disk
  // took less than the whole of it: ResourceExhausted, and nothing has changed.
  absl::Status Write(const std::function<absl::Status()>& work);
  bool failed() const { return failed_; }

  // A copy of everything as it is now, in a new file at `path`, not yet synced. May be called on a
  // connection of its own while another one writes: neither waits for the other.
  absl::Status CopyTo(const std::string& path);

  // Reads the whole file. DataLoss with the first thing found.
  absl::Status CheckIntegrity();
  // The same without comparing indexes with their tables: much faster.
  absl::Status CheckQuickly();

 private:
  Database(std::string path, SQLite::Database connection);

  absl::Status Configure(const Format& format, const Options& options);
  absl::Status CheckFormat(const Format& format);
  absl::Status Check(const char* pragma);
  absl::Status CheckThere(const Format& format);
  absl::Status UseWal();
  absl::Status SyncLog();
  absl::Status Migrate(const Format& format);
  absl::Status InTransaction(const char* begin, const std::function<absl::Status()>& work);

  std::string path_;
  SQLite::Database connection_;
  bool failed_ = false;
};

}  // namespace twinning::sqlite
