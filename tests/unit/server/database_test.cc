#include "common/sqlite/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "common/base/status.h"
#include "tests/support/temporary_folder.h"

namespace twinning::sqlite {
namespace {

using testing::HasSubstr;

const Format kNotes{
    "a book of notes", 0x6e6f7465, {"CREATE TABLE note(text TEXT NOT NULL) STRICT"}};

std::string Message(const absl::Status& status) { return MessageOf(status); }

int64_t Count(Database& database) {
  return database.connection().execAndGet("SELECT count(*) FROM note").getInt64();
}

absl::Status Note(Database& database) {
  return database.Write([&] {
    database.connection().exec("INSERT INTO note VALUES('x')");
    return absl::OkStatus();
  });
}

TEST(Database, WhatWasWrittenIsThereWhenItIsOpenedAgain) {
  TemporaryFolder folder;
  {
    auto database = Database::Open(folder / "notes", kNotes, {.create = true});
    ASSERT_TRUE(database.ok()) << database.status();
    ASSERT_TRUE(Note(**database).ok());
  }
  auto database = Database::Open(folder / "notes", kNotes, {});
  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_EQ(Count(**database), 1);
  EXPECT_TRUE((*database)->CheckIntegrity().ok());
}

TEST(Database, CommitsAreDurableAndTheFileIsGuarded) {
  TemporaryFolder folder;
  auto database = Database::Open(folder / "notes", kNotes, {.create = true});
  ASSERT_TRUE(database.ok());
  SQLite::Database& connection = (*database)->connection();
  EXPECT_EQ(connection.execAndGet("PRAGMA journal_mode").getString(), "wal");
  EXPECT_EQ(connection.execAndGet("PRAGMA synchronous").getInt(), 2);
  EXPECT_EQ(connection.execAndGet("PRAGMA trusted_schema").getInt(), 0);
  EXPECT_EQ(connection.execAndGet("PRAGMA foreign_keys").getInt(), 1);
}

TEST(Database, AnErrorInsideAWriteLeavesNothing) {
  TemporaryFolder folder;
  auto database = Database::Open(folder / "notes", kNotes, {.create = true});
  ASSERT_TRUE(database.ok());
  absl::Status status = (*database)->Write([&] {
    (*database)->connection().exec("INSERT INTO note VALUES('x')");
    return InvalidArgument("no");
  });
  EXPECT_EQ(Message(status), "no");
  EXPECT_EQ(Count(**database), 0);
  EXPECT_FALSE((*database)->failed());
}

TEST(Database, AMistakeInSqlIsAStatusNotAnException) {
  TemporaryFolder folder;
  auto database = Database::Open(folder / "notes", kNotes, {.create = true});
  ASSERT_TRUE(database.ok());
  absl::Status status = (*database)->Write([&] {
    (*database)->connection().exec("INSERT INTO nothing VALUES(1)");
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(Note(**database).ok());
}

TEST(Database, AFileThatIsNotThereIsNotMadeByOpening) {
  TemporaryFolder folder;
  EXPECT_EQ(Database::Open(folder / "notes", kNotes, {}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder / "notes"));
}

TEST(Database, SomethingThatIsNoDatabaseIsLeftAsItIs) {
  TemporaryFolder folder;
  std::ofstream(folder / "notes") << std::string(8192, 'x');
  absl::Status status = Database::Open(folder / "notes", kNotes, {.create = true}).status();
  EXPECT_THAT(Message(status), HasSubstr("is not a database"));
  EXPECT_EQ(std::filesystem::file_size(folder / "notes"), 8192u);
}

TEST(Database, AnotherProgramsDatabaseIsRefused) {
  TemporaryFolder folder;
  Format other = kNotes;
  other.application_id = 7;
  ASSERT_TRUE(Database::Open(folder / "notes", other, {.create = true}).ok());
  absl::Status status = Database::Open(folder / "notes", kNotes, {.create = true}).status();
  EXPECT_THAT(Message(status), HasSubstr("is not a book of notes"));
}

TEST(Database, ANewerVersionIsRefusedWithBothVersionsNamed) {
  TemporaryFolder folder;
  Format newer = kNotes;
  newer.migrations.push_back("CREATE TABLE more(x)");
  ASSERT_TRUE(Database::Open(folder / "notes", newer, {.create = true}).ok());
  absl::Status status = Database::Open(folder / "notes", kNotes, {}).status();
  EXPECT_THAT(Message(status), HasSubstr("is of version 2, this program reads up to 1"));
}

TEST(Database, AnOlderVersionIsBroughtUpWithItsContent) {
  TemporaryFolder folder;
  {
    auto database = Database::Open(folder / "notes", kNotes, {.create = true});
    ASSERT_TRUE(Note(**database).ok());
  }
  Format newer = kNotes;
  newer.migrations.push_back("ALTER TABLE note ADD COLUMN more TEXT");
  auto database = Database::Open(folder / "notes", newer, {});
  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_EQ(Count(**database), 1);
}

// Killed at some moment of it, a migration has happened whole or not at all.
TEST(Database, AMigrationThatIsKilledLeavesTheOldVersionOrTheNew) {
  TemporaryFolder folder;
  const std::string path = folder / "notes";
  ASSERT_TRUE(Note(**Database::Open(path, kNotes, {.create = true})).ok());
  const std::string old = path + ".old";
  std::filesystem::copy(path, old);
  Format newer = kNotes;
  newer.migrations.push_back(
      "CREATE TABLE more(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
      "i < 20000) INSERT INTO more SELECT randomblob(100) FROM n");
  std::mt19937 random(20310328);
  int olds = 0;
  int news = 0;
  for (int round = 0; round < 30; ++round) {
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(path + part);
    std::filesystem::copy(old, path);
    const pid_t child = fork();
    if (child == 0) _exit(Database::Open(path, newer, {}).ok() ? 0 : 1);
    usleep(static_cast<useconds_t>(random() % 60'000));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    auto is_old = Database::Open(path, kNotes, {});
    ++(is_old.ok() ? olds : news);
    EXPECT_TRUE(!is_old.ok() || Count(**is_old) == 1);
    is_old = absl::UnknownError("closed");
    auto is_new = Database::Open(path, newer, {});
    ASSERT_TRUE(is_new.ok()) << is_new.status();
    EXPECT_EQ(Count(**is_new), 1);
    SQLite::Statement rows((*is_new)->connection(), "SELECT count(*) FROM more");
    ASSERT_TRUE(rows.executeStep());
    EXPECT_EQ(rows.getColumn(0).getInt(), 20'000);
  }
  EXPECT_GT(olds, 0);
  RecordProperty("found_new", news);
}

TEST(Database, AFullDiskIsNamedAsSuch) {
  TemporaryFolder folder;
  auto database = Database::Open(folder / "notes", kNotes, {.create = true});
  ASSERT_TRUE(database.ok());
  (*database)->connection().exec("PRAGMA max_page_count=3");
  absl::Status status = (*database)->Write([&] {
    (*database)->connection().exec("INSERT INTO note VALUES(hex(zeroblob(1000000)))");
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(Message(status), HasSubstr("full"));
  EXPECT_EQ(Count(**database), 0);
}

}  // namespace
}  // namespace twinning::sqlite
