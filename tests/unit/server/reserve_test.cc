#include "server/ledger/reserve.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace twinning::server {
namespace {

TEST(Reserve, TakesRoomUntilItIsGivenUp) {
  TemporaryFolder folder;
  const std::string path = folder.path() + "/reserve";
  Reserve reserve(path, 4096);
  ASSERT_TRUE(reserve.Make().ok());
  EXPECT_EQ(std::filesystem::file_size(path), 4096u);
  reserve.GiveUp();
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(reserve.TakeBack());
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(Reserve, WithoutRoomThereIsNoneAndNothingIsLeftBehind) {
  TemporaryFolder folder;
  const std::string path = folder.path() + "/reserve";
  Reserve reserve(path, int64_t{1} << 60);
  EXPECT_TRUE(absl::IsResourceExhausted(reserve.Make()));
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(reserve.TakeBack());  // it is done without
}

}  // namespace
}  // namespace twinning::server
