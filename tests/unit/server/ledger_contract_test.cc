// What every Ledger owes, run against each implementation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "common/base/status.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/memory_ledger.h"
#include "server/ledger/sqlite_ledger.h"
#include "tests/support/temporary_folder.h"

namespace twinning::server {
namespace {

using sync::ChainedEntry;
using testing::ElementsAre;
using testing::IsEmpty;

const LedgerId kOne = *LedgerId::Of("partnership-0001");
const LedgerId kTwo = *LedgerId::Of("partnership-0002");

ChainedEntry EntryAt(Sequence sequence, const std::string& body) {
  ChainedEntry chained;
  chained.entry.set_sequence(sequence);
  chained.entry.set_kind(v1::CHANGE);
  chained.entry.set_time_ms(-5);
  chained.entry.set_body(body);
  chained.hash = Sha256(body);
  return chained;
}

Batch BatchOf(const LedgerId& ledger, ledger::Head expected, std::vector<std::string> bodies) {
  Batch batch{ledger, expected, {}};
  Sequence sequence = expected.sequence;
  for (const std::string& body : bodies) batch.entries.push_back(EntryAt(++sequence, body));
  return batch;
}

class MemoryMaker {
 public:
  Ledger& Get() { return ledger_; }

 private:
  MemoryLedger ledger_;
};

class SqliteMaker {
 public:
  SqliteMaker() : data_(*DataFolder::Open(folder_.path())), ledger_(data_.database()) {}
  Ledger& Get() { return ledger_; }

 private:
  TemporaryFolder folder_;
  DataFolder data_;
  SqliteLedger ledger_;
};

template <typename Maker>
class LedgerContract : public testing::Test {
 protected:
  Ledger& ledger() { return maker_.Get(); }

  absl::Status Append(const Batch& batch) { return ledger().Append({&batch, 1}); }

  std::vector<std::string> Bodies(const LedgerId& of, Sequence after = 0,
                                  Sequence up_to = UINT64_MAX) {
    std::vector<std::string> bodies;
    absl::Status status =
        ledger().Read(of, after, up_to, [&](ChainedEntry&& chained) -> absl::StatusOr<bool> {
          bodies.push_back(chained.entry.body());
          return true;
        });
    EXPECT_TRUE(status.ok()) << status;
    return bodies;
  }

  Maker maker_;
};

using Makers = testing::Types<MemoryMaker, SqliteMaker>;
TYPED_TEST_SUITE(LedgerContract, Makers);

TYPED_TEST(LedgerContract, StartsWithNothing) {
  EXPECT_THAT(*this->ledger().Partnerships(), IsEmpty());
  EXPECT_TRUE(absl::IsNotFound(this->ledger().HeadOf(kOne).status()));
  absl::Status read =
      this->ledger().Read(kOne, 0, 9, [](ChainedEntry&&) -> absl::StatusOr<bool> { return true; });
  EXPECT_TRUE(absl::IsNotFound(read));
}

TYPED_TEST(LedgerContract, FirstEntriesFoundAPartnership) {
  ASSERT_TRUE(this->Append(BatchOf(kOne, {}, {"a", "b"})).ok());
  EXPECT_EQ(*this->ledger().HeadOf(kOne), (ledger::Head{2, Sha256("b")}));
  ASSERT_EQ(this->ledger().Partnerships()->size(), 1u);
  EXPECT_EQ(this->ledger().Partnerships()->front().ledger, kOne);
}

TYPED_TEST(LedgerContract, EntriesComeBackExactlyAsGiven) {
  ChainedEntry given = EntryAt(1, std::string("\0\xff bytes", 8));
  given.entry.set_signature("signature");
  v1::PersonalValue& personal = *given.entry.add_personal();
  personal.set_commitment("c");
  personal.set_value("Ana");
  ASSERT_TRUE(this->Append({kOne, {}, {given, EntryAt(2, "")}}).ok());
  std::vector<ChainedEntry> back;
  ASSERT_TRUE(this->ledger()
                  .Read(kOne, 0, 9,
                        [&](ChainedEntry&& chained) -> absl::StatusOr<bool> {
                          back.push_back(std::move(chained));
                          return true;
                        })
                  .ok());
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0].entry.SerializeAsString(), given.entry.SerializeAsString());
  EXPECT_EQ(back[0].hash, given.hash);
  EXPECT_EQ(back[1].entry.body(), "");
}

TYPED_TEST(LedgerContract, RangesAreReadInOrder) {
  ASSERT_TRUE(this->Append(BatchOf(kOne, {}, {"a", "b"})).ok());
  ASSERT_TRUE(this->Append(BatchOf(kOne, {2, Sha256("b")}, {"c", "d"})).ok());
  EXPECT_THAT(this->Bodies(kOne), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(this->Bodies(kOne, 1, 3), ElementsAre("b", "c"));
  EXPECT_THAT(this->Bodies(kOne, 4), IsEmpty());
  EXPECT_THAT(this->Bodies(kOne, 40), IsEmpty());
}

TYPED_TEST(LedgerContract, ReadingEndsWhenItsReaderHasEnough) {
  ASSERT_TRUE(this->Append(BatchOf(kOne, {}, {"a", "b", "c"})).ok());
  int seen = 0;
  auto first = [&](ChainedEntry&&) -> absl::StatusOr<bool> {
    ++seen;
    return false;
  };
  EXPECT_TRUE(this->ledger().Read(kOne, 0, 9, first).ok());
  EXPECT_EQ(seen, 1);
  absl::Status failed = this->ledger().Read(
      kOne, 0, 9, [](ChainedEntry&&) -> absl::StatusOr<bool> { return DataLoss("no"); });
  EXPECT_EQ(MessageOf(failed), "no");
}

TYPED_TEST(LedgerContract, AReaderMayReadAgainWhileItReads) {
  ASSERT_TRUE(this->Append(BatchOf(kOne, {}, {"a", "b"})).ok());
  std::vector<std::string> within;
  absl::Status status =
      this->ledger().Read(kOne, 0, 9, [&](ChainedEntry&&) -> absl::StatusOr<bool> {
        for (const std::string& body : this->Bodies(kOne)) within.push_back(body);
        return true;
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(within, ElementsAre("a", "b", "a", "b"));
}

TYPED_TEST(LedgerContract, AnotherHeadThanExpectedChangesNothing) {
  ASSERT_TRUE(this->Append(BatchOf(kOne, {}, {"a"})).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(this->Append(BatchOf(kOne, {}, {"b"}))));
  EXPECT_TRUE(absl::IsFailedPrecondition(this->Append(BatchOf(kOne, {1, Sha256("other")}, {"b"}))));
  EXPECT_FALSE(this->Append(BatchOf(kTwo, {1, Sha256("a")}, {"b"})).ok());
  EXPECT_THAT(this->Bodies(kOne), ElementsAre("a"));
}

TYPED_TEST(LedgerContract, ManyPartnershipsAreAppendedTogetherOrNotAtAll) {
  ASSERT_TRUE(this->Append(BatchOf(kOne, {}, {"a"})).ok());
  std::vector<Batch> both = {BatchOf(kTwo, {}, {"x"}), BatchOf(kOne, {1, Sha256("a")}, {"b"})};
  std::vector<Batch> wrong = {BatchOf(kTwo, {}, {"x"}), BatchOf(kOne, {}, {"b"})};
  EXPECT_FALSE(this->ledger().Append(wrong).ok());
  EXPECT_TRUE(absl::IsNotFound(this->ledger().HeadOf(kTwo).status()));
  EXPECT_TRUE(this->ledger().Append(both).ok());
  EXPECT_THAT(this->Bodies(kTwo), ElementsAre("x"));
  EXPECT_THAT(this->Bodies(kOne), ElementsAre("a", "b"));
}

TYPED_TEST(LedgerContract, ABatchWithAGapIsRefused) {
  Batch gap{kOne, {}, {EntryAt(1, "a"), EntryAt(3, "b")}};
  EXPECT_FALSE(this->Append(gap).ok());
  EXPECT_FALSE(this->Append({kOne, {}, {}}).ok());
  EXPECT_TRUE(absl::IsNotFound(this->ledger().HeadOf(kOne).status()));
}

TYPED_TEST(LedgerContract, RemembersWhatIsArchivedUntilItIsTakenBack) {
  EXPECT_TRUE(absl::IsNotFound(this->ledger().SetArchived(kOne, 1)));
  ASSERT_TRUE(this->Append(BatchOf(kOne, {}, {"a"})).ok());
  EXPECT_EQ(this->ledger().ArchivedSince(kOne).value_or(-1), 0);
  ASSERT_TRUE(this->ledger().SetArchived(kOne, 1932473100000).ok());
  EXPECT_EQ(this->ledger().ArchivedSince(kOne).value_or(-1), 1932473100000);
  ASSERT_TRUE(this->ledger().SetArchived(kOne, 0).ok());
  EXPECT_EQ(this->ledger().ArchivedSince(kOne).value_or(-1), 0);
}

TYPED_TEST(LedgerContract, WatcherLearnsOfEveryNewHead) {
  std::vector<Sequence> heads;
  this->ledger().Watch([&](const Partnership& at) { heads.push_back(at.head.sequence); });
  ASSERT_TRUE(this->Append(BatchOf(kOne, {}, {"a", "b"})).ok());
  ASSERT_FALSE(this->Append(BatchOf(kOne, {}, {"c"})).ok());
  ASSERT_TRUE(this->Append(BatchOf(kOne, {2, Sha256("b")}, {"c"})).ok());
  EXPECT_THAT(heads, ElementsAre(2, 3));
  this->ledger().Watch({});
  EXPECT_TRUE(this->Append(BatchOf(kTwo, {}, {"a"})).ok());
}

TEST(SqliteLedger, KeepsItsEntriesWhenTheServerStartsAgain) {
  TemporaryFolder folder;
  {
    DataFolder data = *DataFolder::Open(folder.path());
    Batch batch = BatchOf(kOne, {}, {"a"});
    ASSERT_TRUE(SqliteLedger(data.database()).Append({&batch, 1}).ok());
  }
  DataFolder data = *DataFolder::Open(folder.path());
  EXPECT_EQ(SqliteLedger(data.database()).HeadOf(kOne)->sequence, 1u);
}

TEST(DataFolder, ASecondServerIsToldWhoHasIt) {
  TemporaryFolder folder;
  absl::StatusOr<DataFolder> first = DataFolder::Open(folder / "data");
  ASSERT_TRUE(first.ok());
  EXPECT_THAT(MessageOf(DataFolder::Open(folder / "data").status()),
              testing::HasSubstr("already running"));
}

}  // namespace
}  // namespace twinning::server
