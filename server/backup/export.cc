#include "server/backup/export.h"

#include <filesystem>
#include <memory>

#include "common/base/status.h"
#include "server/backup/backup.h"
#include "server/backup/transcript.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/sqlite_ledger.h"

namespace twinning::server {
namespace {

// The reader sees one moment's state: what is appended meanwhile stays out.
absl::Status CopyOne(sqlite::Database& from, const LedgerId& ledger, sqlite::Database& to) {
  SqliteLedger source(from);
  SqliteLedger target(to);
  Transcript transcript(target, ledger);
  TWINNING_ASSIGN_OR_RETURN(ledger::Head head, source.HeadOf(ledger));
  TWINNING_ASSIGN_OR_RETURN(int64_t archived_ms, source.ArchivedSince(ledger));
  absl::Status read = source.Read(ledger, 0, head.sequence,
                                  [&](sync::ChainedEntry&& entry) -> absl::StatusOr<bool> {
                                    TWINNING_RETURN_IF_ERROR(transcript.Take(std::move(entry)));
                                    return true;
                                  });
  if (!read.ok()) return read;
  TWINNING_RETURN_IF_ERROR(transcript.Flush());
  return target.SetArchived(ledger, archived_ms);
}

absl::Status Copy(const std::string& database, const LedgerId& ledger, const std::string& to) {
  sqlite::Options options;
  options.checkpoints = false;  // that is for the connection that writes
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<sqlite::Database> reader,
                            sqlite::Database::Open(database, ServerFormat(), options));
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<sqlite::Database> writer,
                            sqlite::Database::Open(to, ServerFormat(), {.create = true}));
  return reader->Run([&] { return CopyOne(*reader, ledger, *writer); });
}

}  // namespace

absl::StatusOr<v1::BackupInfo> ExportPartnership(const std::string& database,
                                                 const LedgerId& ledger, const std::string& to,
                                                 int64_t now_ms) {
  return MakeCopy(to, now_ms, [&] { return Copy(database, ledger, to); });
}

}  // namespace twinning::server
