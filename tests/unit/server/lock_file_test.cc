#include "common/sqlite/lock_file.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "common/base/status.h"
#include "tests/support/temporary_folder.h"

namespace twinning::sqlite {
namespace {

TEST(LockFile, TheSecondIsToldWhoHoldsIt) {
  TemporaryFolder folder;
  auto first = LockFile::Acquire(folder / "lock");
  ASSERT_TRUE(first.ok());
  absl::Status second = LockFile::Acquire(folder / "lock").status();
  EXPECT_EQ(second.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(MessageOf(second), testing::HasSubstr(fmt::format("held by process {}", getpid())));
  EXPECT_EQ(LockFile::HolderOf(folder / "lock"), getpid());
}

TEST(LockFile, IsFreeAgainWhenItsHolderIsGone) {
  TemporaryFolder folder;
  ASSERT_TRUE(LockFile::Acquire(folder / "lock").ok());
  EXPECT_EQ(LockFile::HolderOf(folder / "lock"), 0);
  EXPECT_TRUE(LockFile::Acquire(folder / "lock").ok());
}

TEST(LockFile, AFolderThatIsNotThereIsAnError) {
  EXPECT_EQ(LockFile::Acquire("/no/such/folder/lock").status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace twinning::sqlite
