#include "common/sync/server_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sync/server_table.h"

namespace twinning::sync {
namespace {

using ::testing::ElementsAre;

ChainedEntry EntryAt(Sequence sequence, size_t bytes, bool ends_frame = true) {
  ChainedEntry chained;
  chained.entry.set_sequence(sequence);
  chained.entry.set_kind(v1::CHANGE);
  chained.entry.set_body(std::string(bytes, 'x'));
  if (ends_frame) chained.entry.set_signature("signature");
  chained.hash = Sha256(std::to_string(sequence));
  return chained;
}

TEST(EntriesBatch, EndsWithTheFrameThatReachesTheLimit) {
  EntriesBatch batch;
  constexpr size_t kHalf = ledger::kMaxEntriesBytes / 2 + 1;
  EXPECT_TRUE(batch.Take(EntryAt(1, kHalf).entry));
  EXPECT_TRUE(batch.Take(EntryAt(2, kHalf, false).entry));  // within a frame
  EXPECT_FALSE(batch.Take(EntryAt(3, 1).entry));
  EXPECT_EQ(batch.Finish().entries_size(), 3);
}

class ServerHistoryTest : public ::testing::Test {
 protected:
  void Add(size_t bytes) {
    ledger_.entries.push_back(EntryAt(ledger_.entries.size() + 1, bytes));
    history_.Add(ledger_.entries.back(), nullptr);
  }
  std::vector<Sequence> Read(Sequence after, Sequence up_to) {
    std::vector<Sequence> seen;
    absl::Status status = history_.Read(after, up_to, [&](const v1::Entry& entry) {
      seen.push_back(entry.sequence());
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok());
    return seen;
  }

  ListedEntries ledger_;
  ServerHistory history_{ledger_, 2000};
};

TEST_F(ServerHistoryTest, KeepsWhatIsNotDurableHoweverLargeItIs) {
  for (int i = 0; i < 5; ++i) Add(1000);
  history_.Forget(2);
  EXPECT_FALSE(history_.Next(0, 5));
  ASSERT_TRUE(history_.Next(2, 5));
  EXPECT_EQ(history_.After(2).size(), 3u);
}

TEST_F(ServerHistoryTest, ReadsOnFromTheLedgerToWhatIsAtHand) {
  for (int i = 0; i < 5; ++i) Add(1000);
  history_.Forget(5);
  EXPECT_THAT(Read(0, 5), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(Read(1, 2), ElementsAre(2));
  EXPECT_THAT(Read(4, 99), ElementsAre(5));
  EXPECT_THAT(Read(5, 5), ElementsAre());
}

TEST_F(ServerHistoryTest, KnowsEveryHashAndNoOther) {
  for (int i = 0; i < 5; ++i) Add(1000);
  history_.Forget(5);
  EXPECT_EQ(history_.HashAt(1), Sha256("1"));
  EXPECT_EQ(history_.HashAt(5), Sha256("5"));
  EXPECT_EQ(history_.HashAt(0), std::nullopt);
  EXPECT_EQ(history_.HashAt(6), std::nullopt);
  EXPECT_EQ(history_.head(), (ledger::Head{5, Sha256("5")}));
}

TEST_F(ServerHistoryTest, KnowsTheHashOfEveryChangeAndRefusal) {
  ReplicaId ana = ledger::cast::ReplicaOf("ana");
  ledger::ParsedChange first = ledger::cast::ChangeOf("ana", 1);
  history_.Add(EntryAt(1, 10), &first);
  v1::Refusal refusal;
  refusal.set_replica(std::string(ana.bytes()));
  refusal.set_first(2);
  refusal.set_last(3);
  refusal.set_hash(std::string(Sha256("three").bytes()));
  ChainedEntry refused = EntryAt(2, 0);
  refused.entry.set_kind(v1::REFUSAL);
  refused.entry.set_body(refusal.SerializeAsString());
  history_.Add(refused, nullptr);
  EXPECT_EQ(history_.ChangeHashAt(ana, 1), first.hash);
  EXPECT_EQ(history_.ChangeHashAt(ana, 2), std::nullopt);  // only the last of a range is known
  EXPECT_EQ(history_.ChangeHashAt(ana, 3), Sha256("three"));
  EXPECT_EQ(history_.ChangeHashAt(ana, 4), std::nullopt);
  EXPECT_EQ(history_.ChangeHashAt(ledger::cast::ReplicaOf("ben"), 1), std::nullopt);
}

}  // namespace
}  // namespace twinning::sync
