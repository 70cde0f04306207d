// A plan that was written down and read back goes on as if nothing had happened.
#include "common/plan/codec.h"

#include "common/merge/record_codec.h"
#include "tests/unit/plan/twins.h"

namespace twinning::plan {
namespace {

using Codec = Twins;
INSTANTIATE_TEST_SUITE_P(One, Codec, ::testing::Values("ana"));

TEST_P(Codec, AReadPlanMergesOnAndHasTheSameDigest) {
  Must("ana", {Splice(kObjective, "objective", "statement", "en", {{0, 5, "Offer"}})});
  Must("ben", {Splice(kObjective, "objective", "statement", "en", {{6, 6, "English"}})});
  world_.Sync("ana");
  Plan read = *DecodeFacts(EncodeFacts(world_.server()), world_.ledger());
  world_.server().records().ForEach([&](const merge::Record& record) {
    ASSERT_TRUE(LoadRecord(read, merge::EncodeRecord(record), true).ok());
  });
  EXPECT_EQ(read.Digest(), world_.server().Digest());
  world_.Sync("ben");
  while (read.head().sequence < world_.ledger().entries.size()) {
    const v1::Entry& entry = world_.ledger().entries[read.head().sequence];
    Hash hash = ledger::EntryHash(read.ledger(), read.head().hash, entry);
    ASSERT_TRUE(read.Apply(entry, hash).ok());
  }
  EXPECT_EQ(read.Digest(), world_.server().Digest());
  EXPECT_EQ(Conflicts(read, false).size(), 1u);
}

TEST_P(Codec, DamagedFactsAreRefused) {
  std::string facts = EncodeFacts(world_.server());
  EXPECT_FALSE(DecodeFacts(facts.substr(0, facts.size() / 2), world_.ledger()).ok());
  EXPECT_FALSE(DecodeFacts("", world_.ledger()).ok());
}

}  // namespace
}  // namespace twinning::plan
