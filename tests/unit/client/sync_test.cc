// Joining and syncing over real gRPC and real SQLite, with a server in the same process.
#include "client/engine/sync.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <thread>

#include "tests/unit/client/served_halls.h"

namespace twinning::client {
namespace {

using ::testing::HasSubstr;

using SyncTest = ServedHalls;

TEST_F(SyncTest, WhatOneTownWritesOfflineReachesTheOther) {
  auto ana = JoinAs("ana", "Exampleton");
  auto ben = JoinAs("ben", "Exempleville");
  ASSERT_TRUE(ana && ben);
  EXPECT_EQ(ana->identity().town_name, "Exampleton");
  Save(*ana, "market", "Market");
  Save(*ben, "visit", "Visit");
  SyncResult first = Sync(*ana);
  EXPECT_TRUE(first.synced) << first.problem;
  EXPECT_EQ(first.sent, 1u);
  SyncResult second = Sync(*ben);
  EXPECT_TRUE(second.synced) << second.problem;
  EXPECT_TRUE(Sync(*ana).synced);
  EXPECT_TRUE(Holds(*ana, "visit") && Holds(*ben, "market"));
  EXPECT_EQ(ana->Digest(), ben->Digest());
}

TEST_F(SyncTest, AnInvitationThatWasRedeemedServesTheSameKeyAgain) {
  std::string code = Invite("Exampleton");
  ASSERT_TRUE(Join(Joining("ana", code)).ok());
  // Cut short between enrolling and saving: the key is there, the replica is not.
  for (const char* file : {"/replica.db", "/replica.db-wal", "/replica.db-shm"}) {
    std::filesystem::remove((folder_ / "ana") + file);
  }
  auto again = Join(Joining("ana", code));
  ASSERT_TRUE(again.ok()) << MessageOf(again.status());
  EXPECT_TRUE((*again)->synced());
  EXPECT_FALSE(Join(Joining("ben", code)).ok());
}

TEST_F(SyncTest, JoiningTwiceOrWithNonsenseIsSaidInASentence) {
  auto ana = JoinAs("ana", "Exampleton");
  EXPECT_TRUE(absl::IsAlreadyExists(Join(Joining("ana", Invite("Exampleton"))).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Join(Joining("ben", "nonsense")).status()));
}

TEST_F(SyncTest, AServerThatIsNotThereIsAResultAndNotAnError) {
  auto ana = JoinAs("ana", "Exampleton");
  ASSERT_TRUE(ana);
  house_.reset();
  Save(*ana, "market", "Market");
  SyncResult result = Sync(*ana);
  EXPECT_FALSE(result.synced);
  EXPECT_EQ(result.outbox, 1u);
  EXPECT_THAT(result.problem, HasSubstr("cannot be reached"));
  Serve(address_);
  EXPECT_TRUE(Sync(*ana).synced);
}

TEST_F(SyncTest, MoreThanTheServerTakesAtOnceGoesUpInOneRoundAllTheSame) {
  changes_per_second_ = 100;  // and a minute's worth at once
  house_.reset();
  Serve(address_);
  auto ana = JoinAs("ana", "Exampleton");
  ASSERT_TRUE(ana);
  constexpr size_t kWritten = 6050;
  for (size_t i = 0; i < kWritten; ++i) Save(*ana, "market", "Market " + std::to_string(i));
  size_t waits = 0;
  SyncOptions options;
  options.on_progress = [&](const Progress& progress) {
    waits += progress.stage == Progress::kWaiting;
  };
  auto result = SyncOnce(*ana, options);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->synced) << result->problem;
  EXPECT_EQ(result->sent, kWritten);
  EXPECT_GT(waits, 0u) << "the server took all at once";
}

TEST_F(SyncTest, ALoopSendsWhatAnotherProcessWritesAndStopsWhenAsked) {
  auto ana = JoinAs("ana", "Exampleton");
  auto ben = JoinAs("ben", "Exempleville");
  ASSERT_TRUE(ana && ben);
  std::stop_source stop;
  std::promise<void> connected;
  std::promise<void> sent;
  int round = 0;
  const Sequence before = ben->head().sequence;
  SyncOptions options;
  options.stop = stop.get_token();
  options.on_progress = [&](const Progress& progress) {
    if (progress.stage != Progress::kDone) return;
    if (round == 0) connected.set_value();
    if (round == 0 || progress.sequence > before) {
      if (round == 1) sent.set_value();
      ++round;
    }
  };
  absl::Status ended;
  std::thread loop([&] { ended = SyncLoop(*ana, options); });
  connected.get_future().wait();
  auto other = Replica::Open(folder_ / "ana");
  ASSERT_TRUE(other.ok());
  Save(**other, "market", "Market");
  SyncResult waited = Sync(**other);
  EXPECT_TRUE(waited.synced) << waited.problem;
  EXPECT_TRUE(waited.by_other_process);
  sent.get_future().wait();
  EXPECT_TRUE(Sync(*ben).synced);
  EXPECT_TRUE(Holds(*ben, "market"));
  stop.request_stop();
  loop.join();
  EXPECT_TRUE(ended.ok()) << MessageOf(ended);
}

}  // namespace
}  // namespace twinning::client
