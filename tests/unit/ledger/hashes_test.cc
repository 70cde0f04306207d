#include "common/ledger/hashes.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/unit/ledger/cast.h"

namespace twinning::ledger {
namespace {

v1::Entry AnEntry() {
  v1::Entry entry;
  entry.set_sequence(7);
  entry.set_kind(v1::CHANGE);
  entry.set_time_ms(1932473100000);
  entry.set_body("body");
  entry.set_signature(std::string(64, 's'));
  return entry;
}

Hash HashAfter(const std::function<void(v1::Entry&)>& alter) {
  v1::Entry entry = AnEntry();
  alter(entry);
  return EntryHash(cast::Partnership(), Sha256("previous"), entry);
}

TEST(EntryHash, CoversEveryPartOfTheEntry) {
  Hash hash = HashAfter([](v1::Entry&) {});
  EXPECT_NE(hash, HashAfter([](v1::Entry& entry) { entry.set_sequence(8); }));
  EXPECT_NE(hash, HashAfter([](v1::Entry& entry) { entry.set_kind(v1::REFUSAL); }));
  EXPECT_NE(hash, HashAfter([](v1::Entry& entry) { entry.set_time_ms(1); }));
  EXPECT_NE(hash, HashAfter([](v1::Entry& entry) { entry.set_body("bodies"); }));
  EXPECT_NE(hash, HashAfter([](v1::Entry& entry) { entry.clear_signature(); }));
  EXPECT_NE(hash, EntryHash(cast::Partnership(), Sha256("another"), AnEntry()));
  EXPECT_NE(hash, EntryHash(*LedgerId::Of("partnership-0002"), Sha256("previous"), AnEntry()));
}

TEST(EntryHash, LeavesPersonalValuesOut) {
  EXPECT_EQ(HashAfter([](v1::Entry&) {}),
            HashAfter([](v1::Entry& entry) { entry.add_personal()->set_value("Ana"); }));
}

// Pinned: a build that computes another hash cannot read existing ledgers.
TEST(EntryHash, IsTheOneThatLedgersHold) {
  EXPECT_EQ(HexOf(ChangeHash("body").bytes()),
            "5e145b38bc33221467330eb5ccd6d01973939f2f4f1402885947e4d3d1948137");
  EXPECT_EQ(HexOf(StatementHash("body").bytes()),
            "0fc0cc85bda35e5100e4dde736af78262d5265c93ad324facbce383b61d6ea32");
  EXPECT_EQ(HexOf(HashAfter([](v1::Entry&) {}).bytes()),
            "2b2a0de7ad06819c3bd1d2f8322f70f9fdf5c67fa31547c7165d415c0575578b");
}

TEST(EndsFrame, IsTheSignedEntryOfAFrameAndEveryStatement) {
  v1::Entry entry = AnEntry();
  EXPECT_TRUE(EndsFrame(entry));
  entry.clear_signature();
  EXPECT_FALSE(EndsFrame(entry));
  entry.set_kind(v1::REFUSAL);
  EXPECT_FALSE(EndsFrame(entry));
  entry.set_kind(v1::MEMBERSHIP);
  EXPECT_TRUE(EndsFrame(entry));
}

}  // namespace
}  // namespace twinning::ledger
