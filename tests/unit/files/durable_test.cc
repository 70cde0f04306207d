#include "common/files/durable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace twinning::files {
namespace {

constexpr size_t kMax = 1024;

TEST(Durable, WhatIsWrittenIsReadAndIsItsOwnersOnly) {
  TemporaryFolder folder;
  const std::string path = folder / "file";
  ASSERT_TRUE(Write(path, "first").ok());
  ASSERT_TRUE(Write(path, "second").ok());
  EXPECT_EQ(Read(path, kMax).value(), "second");
  struct stat found {};
  ASSERT_EQ(stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST(Durable, ANewFileNeverTakesThePlaceOfAnother) {
  TemporaryFolder folder;
  ASSERT_TRUE(WriteNew(folder / "file", "first").ok());
  EXPECT_TRUE(absl::IsAlreadyExists(WriteNew(folder / "file", "second")));
  EXPECT_EQ(Read(folder / "file", kMax).value(), "first");
}

TEST(Durable, NothingIsLeftAside) {
  TemporaryFolder folder;
  ASSERT_TRUE(Write(folder / "file", "one").ok());
  ASSERT_FALSE(WriteNew(folder / "file", "two").ok());
  std::filesystem::directory_iterator all(folder / "");
  EXPECT_EQ(std::distance(begin(all), end(all)), 1);
}

TEST(Durable, LinesAreAddedAtTheEnd) {
  TemporaryFolder folder;
  ASSERT_TRUE(Append(folder / "file", "one\n").ok());
  ASSERT_TRUE(Append(folder / "file", "two\n").ok());
  EXPECT_EQ(Read(folder / "file", kMax).value(), "one\ntwo\n");
}

TEST(Durable, AFileThatIsNotThereOrTooLargeIsSaidSo) {
  TemporaryFolder folder;
  EXPECT_TRUE(absl::IsNotFound(Read(folder / "none", kMax).status()));
  ASSERT_TRUE(Write(folder / "large", std::string(kMax + 1, 'x')).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(Read(folder / "large", kMax).status()));
}

TEST(Durable, ALinkNamesTheNewTargetAtOnce) {
  TemporaryFolder folder;
  for (const char* name : {"1", "2"}) {
    ASSERT_TRUE(MakeDirectory(folder / name).ok());
    ASSERT_TRUE(Write(folder / name + "/file", name).ok());
    ASSERT_TRUE(PointLink(folder / "current", name).ok());
    EXPECT_EQ(Read(folder / "current/file", kMax).value(), name);
  }
}

TEST(Durable, ADirectoryIsMovedWholeOrNotAtAll) {
  TemporaryFolder folder;
  for (const char* name : {"made", "other"}) {
    ASSERT_TRUE(MakeDirectory(folder / name).ok());
    ASSERT_TRUE(Write(folder / name + "/file", name).ok());
  }
  EXPECT_TRUE(MoveDirectory(folder / "made", folder / "place").ok());
  EXPECT_TRUE(absl::IsAlreadyExists(MoveDirectory(folder / "other", folder / "place")));
  EXPECT_EQ(Read(folder / "place/file", kMax).value(), "made");
}

}  // namespace
}  // namespace twinning::files
