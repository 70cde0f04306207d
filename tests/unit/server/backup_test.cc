// Backups, and what is put in a database's place.
#include "server/backup/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "common/base/status.h"
#include "server/backup/restore.h"
#include "server/backup/verify.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/sqlite_ledger.h"
#include "server/sequencer/sequencer.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/world.h"

namespace twinning::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kNow = 1932473100000;
const LedgerId kLink = *LedgerId::Of("partnership-0001");

// A server's data, and a process that writes into it.
class Server {
 public:
  explicit Server(const std::string& path)
      : data_(*DataFolder::Open(path)),
        ledger_(data_.database()),
        sequencer_(ledger_, [] { return kNow; }) {}

  void Found(const std::string& name) {
    EXPECT_TRUE(sequencer_.Found(kLink, name).ok());
    EXPECT_TRUE(sequencer_.Commit().ok());
  }
  void Admit(const std::string& town) {
    auto partnership = sequencer_.Find(kLink);
    ASSERT_TRUE(partnership.ok()) << MessageOf(partnership.status());
    absl::Status admitted = (*partnership)->AdmitTown(testing::RecordNamed(town), town, kNow);
    ASSERT_TRUE(admitted.ok()) << MessageOf(admitted);
    ASSERT_TRUE(sequencer_.Commit().ok());
  }
  sync::ServerPartnership& partnership() { return **sequencer_.Find(kLink); }
  sqlite::Database& database() { return data_.database(); }
  SqliteLedger& ledger() { return ledger_; }

 private:
  DataFolder data_;
  SqliteLedger ledger_;
  Sequencer sequencer_;
};

class BackupTest : public ::testing::Test {
 protected:
  std::string data() const { return folder_.path() + "/data"; }
  std::string file() const { return folder_.path() + "/backup.db"; }
  void Make(const std::vector<std::string>& towns) {
    Server server(data());
    server.Found("Link with France");
    for (const std::string& town : towns) server.Admit(town);
  }
  std::vector<std::string> Towns() {
    Server server(data());
    std::vector<std::string> names;
    for (const plan::Town& town : server.partnership().plan().towns()) names.push_back(town.name);
    return names;
  }
  v1::BackupInfo BackUp() {
    absl::StatusOr<v1::BackupInfo> info = MakeBackup(DataFolder::DatabaseIn(data()), file(), kNow);
    EXPECT_TRUE(info.ok()) << MessageOf(info.status());
    return *info;
  }
  std::string WhyNotVerified() { return MessageOf(VerifyFile(file()).status()); }

  TemporaryFolder folder_;
};

TEST_F(BackupTest, OneMadeWhileTheServerWritesIsTheLedgerOfOneMoment) {
  Server server(data());
  server.Found("Link with France");
  std::atomic<bool> enough = false;
  v1::BackupInfo info;
  std::thread other([&] {
    info = BackUp();
    enough = true;
  });
  for (int i = 0; !enough || i < 20; ++i) server.Admit("Town " + std::to_string(i));
  other.join();
  ASSERT_EQ(info.partnerships_size(), 1);
  const v1::Verified& verified = info.partnerships(0);
  absl::StatusOr<std::vector<v1::Verified>> read = VerifyFile(file());
  ASSERT_TRUE(read.ok()) << MessageOf(read.status());
  EXPECT_EQ(read->front().digest(), verified.digest());
  // What the ledger's own plan was at that entry.
  LedgerPast past(server.ledger(), kLink);
  plan::Plan plan(past);
  Hash previous;
  ASSERT_TRUE(past.Read(0, verified.sequence(),
                        [&](const v1::Entry& entry) {
                          previous = ledger::EntryHash(kLink, previous, entry);
                          return plan.Apply(entry, previous).status();
                        })
                  .ok());
  EXPECT_EQ(plan.Digest().bytes(), verified.digest());
  EXPECT_EQ(previous.bytes(), verified.hash());
}

TEST_F(BackupTest, SaysWhereEachPartnershipStands) {
  Make({"Exampleton", "Exempleville"});
  v1::BackupInfo info = BackUp();
  EXPECT_EQ(info.partnerships(0).sequence(), 3u);
  EXPECT_EQ(info.bytes(), std::filesystem::file_size(file()));
  EXPECT_FALSE(std::filesystem::exists(file() + "-wal"));
  sqlite::Options options;
  options.as_it_is = true;
  auto copy = sqlite::Database::Open(file(), ServerFormat(), options);
  ASSERT_TRUE(copy.ok());
  SQLite::Statement row((*copy)->connection(), "SELECT sequence, epoch, made_ms FROM backup");
  ASSERT_TRUE(row.executeStep());
  EXPECT_EQ(row.getColumn(0).getInt64(), 3);
  EXPECT_EQ(row.getColumn(2).getInt64(), kNow);
}

TEST_F(BackupTest, AChangedByteInAnyColumnOfAnEntryIsFound) {
  Make({"Exampleton", "Exempleville"});
  for (const char* change :
       {"body = cast(body || x'00' AS BLOB)", "kind = kind + 1", "time_ms = time_ms + 1",
        "hash = zeroblob(32)", "sequence = 7", "signature = x'01'"}) {
    std::filesystem::remove(file());
    BackUp();
    {
      SQLite::Database spoiled(file(), SQLite::OPEN_READWRITE);
      spoiled.exec(std::string("UPDATE entry SET ") + change + " WHERE sequence = 2");
    }
    EXPECT_THAT(WhyNotVerified(), HasSubstr("entry 2")) << change;
  }
  BackUp();
  {
    SQLite::Database spoiled(file(), SQLite::OPEN_READWRITE);
    spoiled.exec("UPDATE partnership SET head = 2");
  }
  EXPECT_THAT(WhyNotVerified(), HasSubstr("its head names"));
}

TEST_F(BackupTest, WhatIsNoBackupIsLeftAlone) {
  std::ofstream(file()) << "not a database at all, but long enough to be looked at";
  EXPECT_THAT(WhyNotVerified(), HasSubstr("not a database"));
  absl::StatusOr<Restored> restored = Restore(file(), data(), kNow);
  EXPECT_FALSE(restored.ok());
  EXPECT_FALSE(std::filesystem::exists(DataFolder::DatabaseIn(data())));
  std::ofstream(file(), std::ios::trunc) << "";
  EXPECT_FALSE(VerifyFile(file()).ok());
}

TEST_F(BackupTest, RestoringBeginsARecoveryAndKeepsWhatWasThere) {
  Make({"Exampleton"});
  BackUp();
  {
    Server server(data());
    server.Admit("Exempleville");
    server.database().connection().exec(
        "INSERT INTO invitation(secret_hash, ledger, town, role, expires_ms) "
        "VALUES(zeroblob(32), zeroblob(16), zeroblob(16), 1, 1)");
  }
  absl::StatusOr<Restored> restored = Restore(file(), data(), kNow);
  ASSERT_TRUE(restored.ok()) << MessageOf(restored.status());
  EXPECT_EQ(restored->partnerships.front().sequence(), 2u);
  EXPECT_THAT(restored->left_out, IsEmpty());
  EXPECT_THAT(Towns(), ElementsAre("Exampleton"));
  Server server(data());
  EXPECT_EQ(server.partnership().recovery(), (sync::RecoveryNote{1, 2}));
  EXPECT_TRUE(std::filesystem::exists(data() + "/before-restore-1.db"));
  EXPECT_EQ(VerifyFile(data() + "/before-restore-1.db")->front().sequence(), 3u);
}

TEST_F(BackupTest, NoEpochComesTwice) {
  Make({"Exampleton"});
  BackUp();
  for (uint64_t epoch = 1; epoch <= 3; ++epoch) {
    ASSERT_TRUE(Restore(file(), data(), kNow).ok());
    Server server(data());
    ASSERT_TRUE(server.partnership().recovery());
    EXPECT_EQ(server.partnership().recovery()->epoch, epoch);
  }
}

TEST_F(BackupTest, NothingIsRestoredUnderARunningServer) {
  Make({"Exampleton"});
  BackUp();
  Server server(data());
  EXPECT_THAT(MessageOf(Restore(file(), data(), kNow).status()), HasSubstr("already running"));
}

TEST_F(BackupTest, ADamagedBackupChangesNothing) {
  Make({"Exampleton"});
  BackUp();
  {
    SQLite::Database spoiled(file(), SQLite::OPEN_READWRITE);
    spoiled.exec("UPDATE entry SET body = zeroblob(9) WHERE sequence = 2");
  }
  { Server(data()).Admit("Exempleville"); }
  EXPECT_TRUE(absl::IsDataLoss(Restore(file(), data(), kNow).status()));
  EXPECT_THAT(Towns(), ElementsAre("Exampleton", "Exempleville"));
}

// Wherever it is cut short after the new database is ready, the next opening finishes it.
TEST_F(BackupTest, ARestoreThatWasCutShortIsFinishedWhenTheFolderIsNextOpened) {
  namespace fs = std::filesystem;
  for (int moved = 0; moved <= 3; ++moved) {
    fs::remove_all(data());
    fs::remove(file());
    Make({"Exampleton"});
    BackUp();
    {
      Server server(data());
      server.Admit("Exempleville");
      // Its log stays behind, as after kill -9.
      fs::copy(data(), data() + "-killed");
    }
    fs::remove_all(data());
    fs::rename(data() + "-killed", data());
    fs::copy_file(file(), DataFolder::ReadyIn(data()));
    const std::string parts[] = {"", "-wal", "-shm"};
    for (int i = 0; i < moved; ++i) {
      std::string from = DataFolder::DatabaseIn(data()) + parts[i];
      if (fs::exists(from)) fs::rename(from, data() + "/before-restore-1.db" + parts[i]);
    }
    EXPECT_THAT(Towns(), ElementsAre("Exampleton")) << moved;
    EXPECT_FALSE(fs::exists(DataFolder::ReadyIn(data())));
    // And the old one is whole where it went.
    auto old = sqlite::Database::Open(data() + "/before-restore-1.db", ServerFormat(), {});
    ASSERT_TRUE(old.ok()) << moved;
    SqliteLedger ledger(**old);
    EXPECT_EQ(ledger.HeadOf(kLink)->sequence, 3u) << moved;
  }
}

TEST_F(BackupTest, AnUnfinishedOneIsTheOldState) {
  Make({"Exampleton", "Exempleville"});
  std::ofstream(data() + "/restore.partial") << "half of it";
  EXPECT_THAT(Towns(), ElementsAre("Exampleton", "Exempleville"));
  BackUp();
  ASSERT_TRUE(Restore(file(), data(), kNow).ok());
  EXPECT_FALSE(std::filesystem::exists(data() + "/restore.partial"));
}

}  // namespace
}  // namespace twinning::server
