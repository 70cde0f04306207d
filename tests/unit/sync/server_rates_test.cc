// How much one replica may send, and that nobody else notices who sends more.
#include "common/sync/server_rates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sync/server_table.h"

namespace twinning::sync {
namespace {

using twinning::testing::Create;
using twinning::testing::RecordNamed;
using twinning::testing::Write;

const ReplicaId kReplica = ledger::cast::ReplicaOf("ana");

v1::Frame FrameOf(int changes, size_t bytes = 10) {
  v1::Frame frame;
  for (int i = 0; i < changes; ++i) frame.add_changes()->set_change(std::string(bytes, 'x'));
  return frame;
}

TEST(ServerRates, ABurstIsTakenAndThenOnlyTheSteadyRate) {
  ServerRates rates({100, 60, 20});
  EXPECT_FALSE(rates.Take(kReplica, FrameOf(4000), kNow));
  EXPECT_FALSE(rates.Take(kReplica, FrameOf(2000), kNow));
  EXPECT_EQ(rates.Take(kReplica, FrameOf(100), kNow), 1000);
  EXPECT_EQ(rates.Take(kReplica, FrameOf(100), kNow + 400), 600);
  EXPECT_FALSE(rates.Take(kReplica, FrameOf(100), kNow + 1000));
}

TEST(ServerRates, LargeChangesCountAsSeveral) {
  EXPECT_EQ(ServerRates::CostOf(FrameOf(1)), 1);
  EXPECT_EQ(ServerRates::CostOf(FrameOf(2, 10 * kRateBytes)), 22);
}

TEST(ServerRates, RefusalsAreDear) {
  ServerRates rates({100, 60, 20});
  ASSERT_FALSE(rates.Take(kReplica, FrameOf(1), kNow));
  for (int i = 0; i < 300; ++i) rates.Refused(kReplica);
  EXPECT_TRUE(rates.Take(kReplica, FrameOf(1), kNow));
}

TEST(ServerRates, EachReplicaHasItsOwn) {
  ServerRates rates({1, 1, 20});
  while (!rates.Take(kReplica, FrameOf(1000), kNow)) {
  }
  EXPECT_FALSE(rates.Take(ledger::cast::ReplicaOf("ben"), FrameOf(1000), kNow));
}

TEST(ServerRates, AClockPutBackOrFarAheadGivesNoMoreThanABurst) {
  ServerRates rates({100, 60, 20});
  ASSERT_FALSE(rates.Take(kReplica, FrameOf(4000), kNow));
  EXPECT_FALSE(rates.Take(kReplica, FrameOf(1900), kNow - 10'000'000));
  EXPECT_TRUE(rates.Take(kReplica, FrameOf(4000), kNow - 10'000'000));
  EXPECT_FALSE(rates.Take(kReplica, FrameOf(4096), kNow + 10'000'000));
  EXPECT_FALSE(rates.Take(kReplica, FrameOf(1904), kNow + 10'000'000));
  EXPECT_TRUE(rates.Take(kReplica, FrameOf(1), kNow + 10'000'000));
}

TEST(ServerRates, TheLargestFrameFitsWhateverTheRate) {
  ServerRates rates({0.1, 1, 20});
  EXPECT_FALSE(rates.Take(kReplica, FrameOf(4096), kNow));
  EXPECT_TRUE(rates.Take(kReplica, FrameOf(300), kNow));
  ServerRates none({0, 0, 20});
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(none.Take(kReplica, FrameOf(4096), kNow));
}

TEST(ServerRates, AFloodIsClosedWithItsOwnReasonAndSaysHowLong) {
  ServerLimits limits;
  limits.rates = {1, 1, 20};
  auto table = Table::WithAnaAndBen(limits);
  table->OpenAtHead(kAna, "ana");
  table->OpenAtHead(kBen, "ben");
  Pen ana("ana");
  ana.See(table->server().durable());
  auto change = [&](Pen& pen, const std::string& name) {
    return pen.Change({Create(RecordNamed(name), "objective"),
                       Write(RecordNamed(name), "objective", "title", merge::StringValue(name))});
  };
  for (int frame = 0; table->ClosedWith(kAna) == v1::CLOSE_REASON_UNSPECIFIED; ++frame) {
    ASSERT_LT(frame, 100);
    std::vector<v1::AuthoredChange> changes;
    for (int i = 0; i < 100; ++i) changes.push_back(change(ana, std::to_string(frame * 100 + i)));
    table->Hear(kAna, ana.Push(std::move(changes)));
    table->Settle();
  }
  EXPECT_EQ(table->ClosedWith(kAna), v1::TOO_FAST);
  EXPECT_GT(table->closed[kAna].wait_ms, 0);
  const size_t before = table->durable().size();
  Pen ben("ben");
  ben.See(table->server().durable());
  table->Hear(kBen, ben.Push({change(ben, "ben's")}));
  table->Settle();
  EXPECT_EQ(table->durable().size(), before + 1);
}

}  // namespace
}  // namespace twinning::sync
