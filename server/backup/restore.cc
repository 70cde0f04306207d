#include "server/backup/restore.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "common/base/status.h"
#include "server/backup/staging.h"
#include "server/backup/verify.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/sqlite_ledger.h"

namespace twinning::server {
namespace {

struct Known {
  std::string name;
  uint64_t epoch = 0;
};

// What an entry adds to what is known of its partnership.
void Add(const v1::Entry& entry, Known& known) {
  v1::Founding founding;
  v1::Recovery recovery;
  if (entry.kind() == v1::FOUNDING && founding.ParseFromString(entry.body())) {
    known.name = founding.name();
  } else if (entry.kind() == v1::RECOVERY && recovery.ParseFromString(entry.body())) {
    known.epoch = std::max(known.epoch, recovery.epoch());
  }
}

// The partnerships of the database that is to be replaced: no epoch may come twice. Whatever cannot
// be read there is not asked for.
std::map<std::string, Known> KnownIn(const std::string& path) {
  std::map<std::string, Known> all;
  if (!std::filesystem::exists(path)) return all;
  absl::StatusOr<std::unique_ptr<sqlite::Database>> database =
      sqlite::Database::Open(path, ServerFormat(), {});
  if (!database.ok()) return all;
  (void)(*database)->Run([&]() -> absl::Status {
    SqliteLedger ledger(**database);
    TWINNING_ASSIGN_OR_RETURN(std::vector<Partnership> partnerships, ledger.Partnerships());
    for (const Partnership& one : partnerships) {
      Known& known = all[std::string(one.ledger.bytes())];
      absl::Status read = ledger.Read(one.ledger, 0, one.head.sequence,
                                      [&](sync::ChainedEntry&& chained) -> absl::StatusOr<bool> {
                                        Add(chained.entry, known);
                                        return true;
                                      });
      TWINNING_ASSIGN_OR_RETURN(std::optional<sync::RecoveryNote> note,
                                ledger.RecoveryOf(one.ledger));
      if (note) known.epoch = std::max(known.epoch, note->epoch);
      if (!read.ok()) return read;
    }
    return absl::OkStatus();
  });
  return all;
}

absl::Status CopyFile(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::copy_file(from, to, error);
  if (error) {
    return Unavailable(fmt::format("{} cannot be copied to {}: {}; nothing was changed", from, to,
                                   error.message()));
  }
  chmod(to.c_str(), 0600);
  return absl::OkStatus();
}

absl::Status BeginRecoveries(sqlite::Database& database, const std::vector<v1::Verified>& all,
                             const std::map<std::string, Known>& before, int64_t now_ms) {
  return database.Write([&] {
    for (const v1::Verified& verified : all) {
      auto known = before.find(verified.ledger());
      uint64_t epoch = known == before.end() ? 0 : known->second.epoch;
      WriteRecovery(database, verified.ledger(), std::max(epoch, verified.epoch()) + 1,
                    verified.sequence());
    }
    database.connection().exec("DELETE FROM backup");
    SQLite::Statement withdraw(database.connection(),
                               "UPDATE invitation SET withdrawn_ms = ? "
                               "WHERE redeemed_key IS NULL AND withdrawn_ms IS NULL");
    withdraw.bind(1, now_ms);
    withdraw.exec();
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<Restored> Restore(const std::string& file, const std::string& data, int64_t now_ms) {
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<Staging> staging, Staging::Begin(data));
  Restored restored;
  TWINNING_ASSIGN_OR_RETURN(restored.partnerships, VerifyFile(file));
  std::map<std::string, Known> before = KnownIn(DataFolder::DatabaseIn(data));
  TWINNING_RETURN_IF_ERROR(CopyFile(file, staging->path()));
  TWINNING_ASSIGN_OR_RETURN(sqlite::Database * database, staging->Open());
  TWINNING_RETURN_IF_ERROR(BeginRecoveries(*database, restored.partnerships, before, now_ms));
  TWINNING_RETURN_IF_ERROR(staging->Finish());
  for (const v1::Verified& verified : restored.partnerships) before.erase(verified.ledger());
  for (const auto& [ledger, known] : before) restored.left_out.push_back(known.name);
  return restored;
}

}  // namespace twinning::server
