// The product's databases on the simulated disk: what a computer may lose at any moment, and what
// not.
#include "tests/simulation/disk.h"

#include <gtest/gtest.h>

#include <memory>

#include "common/base/status.h"
#include "common/sqlite/database.h"
#include "tests/support/temporary_folder.h"

namespace twinning::simulation {
namespace {

class DiskTest : public ::testing::Test {
 protected:
  DiskTest() : disk_(folder_.path(), computer_) {
    InstallDisks();
    EXPECT_TRUE(Open().ok());
  }

  // The file, opened anew.
  absl::Status Open() {
    static const sqlite::Format kFormat{"a notebook", 7, {"CREATE TABLE note(n INTEGER) STRICT"}};
    database_.reset();
    auto opened = sqlite::Database::Open(folder_ / "notes.db", kFormat, {.create = true});
    if (opened.ok()) database_ = *std::move(opened);
    return opened.status();
  }

  absl::Status Write(int note) {
    return database_->Write([&] {
      SQLite::Statement insert(database_->connection(), "INSERT INTO note VALUES (?)");
      insert.bind(1, note);
      insert.exec();
      return absl::OkStatus();
    });
  }

  int Notes() { return database_->connection().execAndGet("SELECT count(*) FROM note").getInt(); }

  void Die(bool power_lost) {
    computer_.Die();
    database_.reset();
    if (power_lost) disk_.LosePower(random_);
    computer_.Revive();
  }

  TemporaryFolder folder_;
  Random random_{1};
  Computer computer_;
  Disk disk_;
  std::unique_ptr<sqlite::Database> database_;
};

TEST_F(DiskTest, WhatWasWrittenSurvivesPowerLoss) {
  for (int n = 1; n <= 50; ++n) {
    ASSERT_TRUE(Write(n).ok());
    Die(true);
    ASSERT_TRUE(Open().ok());
    ASSERT_EQ(Notes(), n);
  }
}

TEST_F(DiskTest, WhatWasNotAnsweredIsThereWholeOrNot) {
  int sure = 0;
  for (size_t effects = 0; effects < 60; ++effects) {
    computer_.DieAfter(effects % 12);
    bool answered = Write(1).ok() && !computer_.dead();
    Die(effects % 2 == 0);
    ASSERT_TRUE(Open().ok());
    ASSERT_GE(Notes(), sure + (answered ? 1 : 0));
    ASSERT_LE(Notes(), sure + 1);
    sure = Notes();
  }
}

// Otherwise a server would tell of entries, and a replica of changes, that the disk may still lose.
TEST_F(DiskTest, WhatIsThereAfterAKillIsThereAfterPowerLoss) {
  for (size_t effects = 0; effects < 60; ++effects) {
    computer_.DieAfter(effects % 12);
    (void)Write(1);
    Die(false);
    ASSERT_TRUE(Open().ok());
    int there = Notes();
    Die(true);
    ASSERT_TRUE(Open().ok());
    ASSERT_EQ(Notes(), there) << "killed after " << effects % 12 << " effects";
  }
}

TEST_F(DiskTest, AFullDiskTakesNothingAndLosesNothing) {
  ASSERT_TRUE(Write(1).ok());
  for (size_t writes = 0; writes < 4; ++writes) {
    disk_.FailAfter(writes);
    int before = Notes();
    absl::Status status = Write(2);
    disk_.Spare();
    if (database_->failed()) {
      ASSERT_TRUE(Open().ok());
    }
    ASSERT_GE(Notes(), before + (status.ok() ? 1 : 0));
  }
}

}  // namespace
}  // namespace twinning::simulation
