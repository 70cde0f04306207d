// What a restore lost comes back and merges as its authors meant it: but for which candidate is
// shown, the plan is the one that there would be had nothing been lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/status.h"
#include "common/ledger/readmission.h"
#include "common/plan/codec.h"
#include "tests/support/world.h"
#include "tests/unit/plan/scribbler.h"
#include "tests/unit/plan/telling.h"

namespace twinning::plan {
namespace {

using namespace twinning::testing;  // NOLINT: the tests' own words

// A ledger that went on in its own way after `fork` entries of another.
class Restored {
 public:
  Restored(const MemoryEntries& lost, Sequence fork) : lost_(lost), plan_(past_) {
    Hash previous;
    for (const v1::Entry& entry : lost.entries) {
      LedgerId ledger = *LedgerId::Of("partnership-0001");
      hashes_.push_back(previous = ledger::EntryHash(ledger, previous, entry));
    }
    for (Sequence s = 1; s <= fork; ++s) Append(lost.entries[s - 1]);
  }

  void Append(v1::Entry entry) {
    entry.set_sequence(plan_.head().sequence + 1);
    LedgerId ledger = *LedgerId::Of("partnership-0001");
    Hash hash = ledger::EntryHash(ledger, plan_.head().hash, entry);
    past_.entries.push_back(entry);
    absl::StatusOr<Applied> applied = plan_.Apply(entry, hash);
    ASSERT_TRUE(applied.ok()) << MessageOf(applied.status());
    if (applied->lapsed || applied->ignored) ++passed_over;
  }

  void Push(const std::vector<Change>& changes) {
    for (const Change& change : changes) {
      if (plan_.Judge(change)) ++passed_over;
      v1::Entry entry;
      entry.set_kind(v1::CHANGE);
      entry.set_body(change.authored.bytes);
      Append(entry);
    }
  }

  void Readmit(Sequence first, Sequence last) {
    for (Sequence s = first; s <= last; ++s) {
      v1::Entry entry;
      entry.set_kind(v1::READMISSION);
      entry.set_body(
          ledger::EncodeReadmission(lost_.entries[s - 1], hashes_[s - 2], hashes_[s - 1], 0, {}));
      Append(entry);
    }
  }

  const Plan& plan() const { return plan_; }
  int passed_over = 0;

 private:
  const MemoryEntries& lost_;
  std::vector<Hash> hashes_;
  MemoryEntries past_;
  Plan plan_;
};

struct Cast {
  World world{{{"ana", "Exampleton"}, {"amy", "Exampleton"}, {"ben", "Exempleville"}}};
  Scribbler scribbler;
  Sequence fork = 0;
  Sequence lost = 0;  // the last lost entry

  // Ana and amy write and see each other's; ben has been away since the fork. Then all write on.
  explicit Cast(unsigned seed) {
    Scribbler::Begin(world["ana"]);
    world.SyncAll();
    fork = world.ledger().entries.size();
    for (unsigned round = 1 + seed % 3; round > 0; --round) {
      scribbler.Scribble(world["ana"], seed * 100 + round);
      world.Sync("ana");
      scribbler.Scribble(world["amy"], seed * 100 + 10 + round);
      world.Sync("amy");
      if (round > 1) world.Sync("ana");
    }
    lost = world.ledger().entries.size();
    for (const char* name : {"ana", "amy", "ben"}) {
      scribbler.Scribble(world[name], seed * 100 + 50 + static_cast<unsigned>(name[1]));
    }
  }

  bool refused() {
    return !world.Refused("ana").empty() || !world.Refused("amy").empty() ||
           !world.Refused("ben").empty();
  }
};

// TWINNING_LAW_SEEDS sets how many it is tried on.
TEST(Readmitted, WhatComesBackMergesAsIfItHadNeverBeenLost) {
  const char* wanted = std::getenv("TWINNING_LAW_SEEDS");
  unsigned seeds = wanted != nullptr ? static_cast<unsigned>(std::stoul(wanted)) : 400;
  unsigned compared = 0;
  for (unsigned seed = 1; seed <= seeds && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Cast cast(seed);
    if (cast.refused()) continue;
    Restored restored(cast.world.ledger(), cast.fork);
    restored.Push(cast.world["ben"].outbox());
    restored.Readmit(cast.fork + 1, cast.lost);
    restored.Push(cast.world["ana"].outbox());
    restored.Push(cast.world["amy"].outbox());
    for (const char* name : {"ben", "ana", "amy"}) cast.world.Sync(name);
    // Of two who let the same record diverge the first decides, and a refusal depends on what came
    // before.
    if (restored.passed_over > 0 || cast.refused() || cast.scribbler.divergences > 1) continue;
    ++compared;
    ASSERT_EQ(Tell(restored.plan()), Tell(cast.world.server()));
  }
  EXPECT_GT(compared, seeds / 3);
}

// Ben deletes what ana had lost an edit of: neither had seen the other's.
TEST(Readmitted, ALostEditStandsAgainstADeletionThatCameMeanwhile) {
  World world({{"ana", "Exampleton"}, {"ben", "Exempleville"}});
  RecordId day = RecordNamed("sports day");
  world["ana"].Write({Create(day, "activity"),
                      testing::Write(day, "activity", "title", merge::StringValue("Sports day"))});
  world.SyncAll();
  Sequence fork = world.ledger().entries.size();
  world["ana"].Write({testing::Write(day, "activity", "place", merge::StringValue("The park"))});
  world.Sync("ana");
  world["ben"].Write({Delete(day)});
  Restored restored(world.ledger(), fork);
  restored.Push(world["ben"].outbox());
  EXPECT_TRUE(restored.plan().Find(day)->existence.deleted());
  restored.Readmit(fork + 1, fork + 1);
  EXPECT_FALSE(restored.plan().Find(day)->existence.deleted());
  EXPECT_EQ(Conflicts(restored.plan(), false).size(), 1u);
}

TEST(Readmitted, AnAgreementThatComesBackCounts) {
  World world({{"ana", "Exampleton"}, {"ben", "Exempleville"}});
  RecordId visit = RecordNamed("visit");
  world["ana"].Write({Create(visit, "activity"),
                      testing::Write(visit, "activity", "title", merge::StringValue("Visit"))});
  world.SyncAll();
  Sequence fork = world.ledger().entries.size();
  world["ana"].Write({testing::Write(visit, "activity", "place", merge::StringValue("Hall"))});
  world.SyncAll();
  world["ben"].Write({Agree(world["ben"], visit)});
  world.SyncAll();
  Restored restored(world.ledger(), fork);
  v1::Entry recovery;
  recovery.set_kind(v1::RECOVERY);
  restored.Append(recovery);
  restored.Readmit(fork + 1, world.ledger().entries.size());
  EXPECT_EQ(restored.passed_over, 0);
  EXPECT_EQ(restored.plan().Find(visit)->consents.size(), 1u);
}

// Ana's replica was revoked after the restore: what she had lost is kept in the ledger, and is no
// part of the plan.
TEST(Readmitted, WhatARevokedReplicaHadLostStaysOutOfThePlan) {
  World world({{"ana", "Exampleton"}, {"ben", "Exempleville"}});
  Sequence fork = world.ledger().entries.size();
  RecordId visit = RecordNamed("visit");
  world["ana"].Write({Create(visit, "activity"),
                      testing::Write(visit, "activity", "title", merge::StringValue("Visit"))});
  world.SyncAll();
  Restored restored(world.ledger(), fork);
  v1::Membership revoke;
  revoke.set_action(v1::Membership::REVOKE);
  revoke.set_replica(std::string(world["ana"].replica().bytes()));
  v1::Entry entry;
  entry.set_kind(v1::MEMBERSHIP);
  entry.set_body(revoke.SerializeAsString());
  restored.Append(entry);
  restored.Readmit(fork + 1, fork + 1);
  EXPECT_EQ(restored.passed_over, 1);
  EXPECT_EQ(restored.plan().Find(visit), nullptr);
}

TEST(Readmitted, ACheckpointKnowsWhatCameBack) {
  Cast cast(2);
  Restored restored(cast.world.ledger(), cast.fork);
  restored.Push(cast.world["ben"].outbox());
  restored.Readmit(cast.fork + 1, cast.lost);
  MemoryEntries none;
  absl::StatusOr<Plan> read = DecodeFacts(EncodeFacts(restored.plan()), none);
  ASSERT_TRUE(read.ok());
  const std::vector<ledger::Lost>& lost = restored.plan().lineage().all();
  ASSERT_EQ(lost.size(), cast.lost - cast.fork);
  EXPECT_EQ(read->lineage().NumbersAt(lost.back().hash),
            restored.plan().lineage().NumbersAt(lost.back().hash));
}

}  // namespace
}  // namespace twinning::plan
