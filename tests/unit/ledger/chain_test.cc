#include "common/ledger/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/ledger/personal.h"
#include "tests/unit/ledger/scribe.h"

namespace twinning::ledger {
namespace {

using ::testing::HasSubstr;

// A ledger that ana and ben are enrolled in: entries 1 to 3.
class ChainTest : public ::testing::Test {
 protected:
  ChainTest() {
    scribe_.Found();
    scribe_.Enrol("ana");
    scribe_.Enrol("ben");
  }

  Chain Fresh() const { return Chain(scribe_.HashAt(), scribe_.ChangeHashAt()); }

  // Follows everything written; fails the test where an entry does not follow.
  Chain Followed() const {
    Chain chain = Fresh();
    for (const v1::Entry& entry : scribe_.entries()) {
      absl::StatusOr<Hash> hash = chain.Follow(entry);
      EXPECT_TRUE(hash.ok()) << hash.status();
    }
    EXPECT_EQ(chain.head(), scribe_.head());
    return chain;
  }

  // Follows up to `sequence`, spoils that entry and tells why it did not follow; the chain must be
  // as before, so that the good entry follows still.
  std::string WhyNot(Sequence sequence, const std::function<void(v1::Entry&)>& spoil) const {
    Chain chain = Fresh();
    for (Sequence s = 1; s < sequence; ++s) {
      EXPECT_TRUE(chain.Follow(scribe_.entries()[s - 1]).ok());
    }
    v1::Entry entry = scribe_.entries()[sequence - 1];
    spoil(entry);
    std::string before = chain.Encode();
    bool between = chain.between_frames();
    absl::StatusOr<Hash> hash = chain.Follow(entry);
    EXPECT_FALSE(hash.ok());
    EXPECT_EQ(chain.Encode(), before);
    EXPECT_EQ(chain.between_frames(), between);
    EXPECT_TRUE(chain.Follow(scribe_.entries()[sequence - 1]).ok());
    return MessageOf(hash.status());
  }

  // The entry after everything written, as it would be with this body.
  std::string WhyNotNext(v1::EntryKind kind, const std::string& body,
                         const std::string& signature = "") const {
    Chain chain = Followed();
    v1::Entry entry;
    entry.set_sequence(scribe_.head().sequence + 1);
    entry.set_kind(kind);
    entry.set_body(body);
    entry.set_signature(signature);
    std::string before = chain.Encode();
    absl::StatusOr<Hash> hash = chain.Follow(entry);
    EXPECT_FALSE(hash.ok());
    EXPECT_EQ(chain.Encode(), before);
    return MessageOf(hash.status());
  }

  Scribe scribe_;
};

TEST_F(ChainTest, FollowsTwoReplicasWhoBuildOnEachOther) {
  scribe_.AddFrame("ana", scribe_.AuthorMany("ana", 1, scribe_.head()));
  scribe_.AddFrame("ben", scribe_.AuthorMany("ben", 1, scribe_.head()));
  scribe_.AddFrame("ana", scribe_.AuthorMany("ana", 1, scribe_.head()));
  Chain chain = Followed();
  EXPECT_EQ(chain.ledger(), cast::Partnership());
  EXPECT_EQ(chain.Find(cast::ReplicaOf("ana"))->number, 2u);
  EXPECT_EQ(chain.Find(cast::ReplicaOf("ana"))->base, 5u);
  EXPECT_EQ(chain.Find(cast::ReplicaOf("ben"))->number, 1u);
}

TEST_F(ChainTest, AFrameOfManyChangesIsTakenWhole) {
  scribe_.AddFrame("ana", scribe_.AuthorMany("ana", 3, scribe_.head()));
  Chain chain = Fresh();
  std::vector<bool> between;
  for (const v1::Entry& entry : scribe_.entries()) {
    ASSERT_TRUE(chain.Follow(entry).ok());
    between.push_back(chain.between_frames());
  }
  EXPECT_THAT(between, ::testing::ElementsAre(true, true, true, false, false, true));
}

TEST_F(ChainTest, ARefusalInsideAFrameKeepsNumbersGapless) {
  std::vector<ParsedChange> changes = scribe_.AuthorMany("ana", 4, scribe_.head());
  scribe_.AddChange(changes[0]);
  scribe_.AddRefusal(2, changes[2]);
  scribe_.AddChange(changes[3], SignFrame(cast::KeyOf("ana"), FrameEnd::Of(changes[3])));
  EXPECT_EQ(Followed().Find(cast::ReplicaOf("ana"))->number, 4u);
}

TEST_F(ChainTest, ARefusalThatEndsAFrameCarriesItsSignature) {
  std::vector<ParsedChange> changes = scribe_.AuthorMany("ana", 3, scribe_.head());
  scribe_.AddChange(changes[0]);
  scribe_.AddRefusal(2, changes[2], SignFrame(cast::KeyOf("ana"), FrameEnd::Of(changes[2])));
  scribe_.AddFrame("ana", scribe_.AuthorMany("ana", 1, scribe_.head()));
  EXPECT_TRUE(Followed().between_frames());
  std::string why = WhyNot(5, [](v1::Entry& e) { (*e.mutable_signature())[9] ^= 1; });
  EXPECT_THAT(why, HasSubstr("entry 5: the signature"));
}

TEST_F(ChainTest, AnEntryOutOfTurnDoesNotFollow) {
  scribe_.AddFrame("ana", scribe_.AuthorMany("ana", 1, scribe_.head()));
  EXPECT_THAT(WhyNot(4, [](v1::Entry& e) { e.set_sequence(5); }),
              HasSubstr("entry 5: it comes after entry 3"));
  EXPECT_THAT(WhyNot(4, [](v1::Entry& e) { e.set_sequence(3); }), HasSubstr("entry 3"));
}

TEST_F(ChainTest, AChangedByteOfAChangeIsFound) {
  scribe_.AddFrame("ana", scribe_.AuthorMany("ana", 1, scribe_.head()));
  size_t size = scribe_.entries()[3].body().size();
  for (size_t at = 0; at < size; ++at) {
    EXPECT_THAT(WhyNot(4, [at](v1::Entry& e) { (*e.mutable_body())[at] ^= 1; }),
                HasSubstr("entry 4: "));
  }
}

TEST_F(ChainTest, AChangedByteInsideAFrameIsFoundAtTheNextEntryAtTheLatest) {
  std::vector<ParsedChange> changes = scribe_.AuthorMany("ana", 2, scribe_.head());
  scribe_.AddFrame("ana", changes);
  Chain chain = Fresh();
  for (Sequence s = 1; s <= 3; ++s) ASSERT_TRUE(chain.Follow(scribe_.entries()[s - 1]).ok());
  ParsedChange forged = changes[0];
  forged.payload = "other words";
  v1::Entry entry = scribe_.entries()[3];
  entry.set_body(EncodeChange(forged));
  ASSERT_TRUE(chain.Follow(entry).ok());
  EXPECT_FALSE(chain.between_frames());
  EXPECT_THAT(MessageOf(chain.Follow(scribe_.entries()[4]).status()),
              HasSubstr("entry 5: change 2 of replica"));
}

TEST_F(ChainTest, ASkippedNumberARepeatAndABrokenLinkAreFound) {
  ParsedChange first = scribe_.Author("ana", scribe_.head());
  scribe_.AddFrame("ana", {first});
  ParsedChange skipped = cast::ChangeOf("ana", 3, first.hash);
  EXPECT_THAT(WhyNotNext(v1::CHANGE, skipped.bytes), HasSubstr("entry 5: change 3"));
  EXPECT_THAT(WhyNotNext(v1::CHANGE, first.bytes), HasSubstr("comes after number 1"));
  ParsedChange astray = cast::ChangeOf("ana", 2, Sha256("other"), {3, *scribe_.HashAt()(3)});
  EXPECT_THAT(WhyNotNext(v1::CHANGE, astray.bytes), HasSubstr("follows another change"));
}

TEST_F(ChainTest, ABaseThatFallsIsNotThereOrIsOfAnotherHistoryIsFound) {
  ParsedChange first = scribe_.Author("ana", scribe_.head());
  scribe_.AddFrame("ana", {first});
  auto on = [&](Sequence sequence, Hash hash) {
    return cast::ChangeOf("ana", 2, first.hash, {sequence, hash}).bytes;
  };
  EXPECT_THAT(WhyNotNext(v1::CHANGE, on(2, *scribe_.HashAt()(2))), HasSubstr("falls back"));
  EXPECT_THAT(WhyNotNext(v1::CHANGE, on(5, Sha256("?"))), HasSubstr("not before it"));
  EXPECT_THAT(WhyNotNext(v1::CHANGE, on(4, Sha256("?"))), HasSubstr("another history"));
}

TEST_F(ChainTest, ARewrittenEntryIsFoundByTheFirstChangeThatSawTheOriginal) {
  scribe_.AddFrame("ana", scribe_.AuthorMany("ana", 1, scribe_.head()));
  scribe_.AddFrame("ben", scribe_.AuthorMany("ben", 1, scribe_.head()));
  std::vector<Hash> hashes;
  Chain chain([&](Sequence s) { return std::optional<Hash>(hashes[s - 1]); },
              scribe_.ChangeHashAt());
  for (v1::Entry entry : scribe_.entries()) {
    if (entry.sequence() == 3) entry.set_time_ms(0);
    absl::StatusOr<Hash> hash = chain.Follow(entry);
    if (entry.sequence() < 4) {
      ASSERT_TRUE(hash.ok());
      hashes.push_back(*hash);
      continue;
    }
    EXPECT_THAT(MessageOf(hash.status()), HasSubstr("entry 4: change 1"));
    EXPECT_THAT(MessageOf(hash.status()), HasSubstr("entry 3 is not the one it saw"));
    break;
  }
}

TEST_F(ChainTest, ASignatureOfSomeoneElseIsFoundUnlessItWasCheckedBefore) {
  ParsedChange change = scribe_.Author("ana", scribe_.head());
  std::string bens = SignFrame(cast::KeyOf("ben"), FrameEnd::Of(change));
  EXPECT_THAT(WhyNotNext(v1::CHANGE, change.bytes, bens), HasSubstr("entry 4: the signature"));
  Chain chain = Followed();
  v1::Entry entry;
  entry.set_sequence(4);
  entry.set_kind(v1::CHANGE);
  entry.set_body(change.bytes);
  entry.set_signature(bens);
  EXPECT_TRUE(chain.Follow(entry, &change, true).ok());
}

TEST_F(ChainTest, NothingStandsInsideAnotherReplicasFrame) {
  std::vector<ParsedChange> changes = scribe_.AuthorMany("ana", 2, scribe_.head());
  ParsedChange bens = scribe_.Author("ben", scribe_.head());
  scribe_.AddChange(changes[0]);
  EXPECT_THAT(WhyNotNext(v1::CHANGE, bens.bytes), HasSubstr("entry 5: it stands inside a frame"));
  EXPECT_THAT(WhyNotNext(v1::MEMBERSHIP, ""), HasSubstr("stands inside a frame"));
}

TEST_F(ChainTest, AFrameHasAnEnd) {
  std::vector<ParsedChange> changes =
      scribe_.AuthorMany("ana", kMaxChangesPerFrame + 1, scribe_.head());
  Chain chain = Followed();
  v1::Entry entry;
  entry.set_kind(v1::CHANGE);
  for (size_t i = 0; i < kMaxChangesPerFrame; ++i) {
    entry.set_sequence(4 + i);
    entry.set_body(changes[i].bytes);
    ASSERT_TRUE(chain.Follow(entry).ok());
  }
  entry.set_sequence(4 + kMaxChangesPerFrame);
  entry.set_body(changes.back().bytes);
  EXPECT_THAT(MessageOf(chain.Follow(entry).status()), HasSubstr("more than 4096 changes"));
}

TEST_F(ChainTest, WhoIsNotEnrolledOrWasRevokedWritesNothing) {
  EXPECT_THAT(WhyNotNext(v1::CHANGE, cast::ChangeOf("cleo", 1).bytes), HasSubstr("not enrolled"));
  scribe_.Revoke("ben");
  EXPECT_THAT(WhyNotNext(v1::CHANGE, cast::ChangeOf("ben", 1).bytes), HasSubstr("revoked"));
  EXPECT_TRUE(Followed().Find(cast::ReplicaOf("ben"))->revoked);
}

TEST_F(ChainTest, AChangeOfAnotherPartnershipDoesNotFollow) {
  ParsedChange change = cast::ChangeOf("ana", 1);
  change.ledger = *LedgerId::Of("partnership-0002");
  EXPECT_THAT(WhyNotNext(v1::CHANGE, EncodeChange(change)), HasSubstr("another partnership"));
}

TEST_F(ChainTest, ARefusalMustFitTheReplicasChain) {
  ParsedChange change = scribe_.Author("ana", scribe_.head());
  v1::Refusal good;
  good.set_replica(std::string(change.replica.bytes()));
  good.set_first(1);
  good.set_last(1);
  good.set_hash(std::string(change.hash.bytes()));
  auto why = [&](const std::function<void(v1::Refusal&)>& spoil) {
    v1::Refusal refusal = good;
    spoil(refusal);
    return WhyNotNext(v1::REFUSAL, refusal.SerializeAsString());
  };
  EXPECT_THAT(why([](v1::Refusal& r) { r.set_first(2); }), HasSubstr("after number 0"));
  EXPECT_THAT(why([](v1::Refusal& r) { r.set_last(0); }), HasSubstr("after number 0"));
  EXPECT_THAT(why([](v1::Refusal& r) { r.set_last(UINT64_MAX); }), HasSubstr("more than 4096"));
  EXPECT_THAT(why([](v1::Refusal& r) { r.clear_hash(); }), HasSubstr("hash"));
  EXPECT_THAT(why([](v1::Refusal& r) { r.set_replica("?"); }), HasSubstr("no replica"));
  EXPECT_THAT(WhyNotNext(v1::REFUSAL, "\xff"), HasSubstr("does not read as a refusal"));
}

TEST_F(ChainTest, AKeyMustBeTheReplicasAndEnrolledOnce) {
  v1::Membership membership;
  membership.set_action(v1::Membership::ENROL);
  membership.set_replica(std::string(cast::ReplicaOf("cleo").bytes()));
  membership.set_key(cast::KeyOf("ben").public_key());
  EXPECT_THAT(WhyNotNext(v1::MEMBERSHIP, membership.SerializeAsString()), HasSubstr("the key"));
  membership.set_replica(std::string(cast::ReplicaOf("ben").bytes()));
  EXPECT_THAT(WhyNotNext(v1::MEMBERSHIP, membership.SerializeAsString()),
              HasSubstr("enrolled already"));
}

TEST_F(ChainTest, ALedgerIsFoundedOnceAndFirst) {
  EXPECT_THAT(WhyNotNext(v1::FOUNDING, scribe_.entries()[0].body()), HasSubstr("founded"));
  EXPECT_THAT(WhyNot(1, [](v1::Entry& e) { e.set_kind(v1::SCHEMA); }), HasSubstr("entry 1"));
  EXPECT_THAT(WhyNot(1, [](v1::Entry& e) { e.clear_body(); }), HasSubstr("founds no ledger"));
}

TEST_F(ChainTest, AKindThatOnlyANewerProgramKnowsSaysSo) {
  EXPECT_THAT(WhyNotNext(static_cast<v1::EntryKind>(99), ""), HasSubstr("update it"));
}

TEST_F(ChainTest, APersonalValueThatDoesNotFitIsFound) {
  scribe_.AddFrame("ana", scribe_.AuthorMany("ana", 1, scribe_.head()));
  std::string why = WhyNot(4, [](v1::Entry& e) {
    *e.add_personal() = MakePersonal(std::string(kSaltSize, 's'), "Ana");
    e.mutable_personal(0)->set_value("Ben");
  });
  EXPECT_THAT(why, HasSubstr("entry 4: a personal value"));
}

TEST_F(ChainTest, GoesOnFromItsCheckpoint) {
  scribe_.AddFrame("ana", scribe_.AuthorMany("ana", 2, scribe_.head()));
  scribe_.Revoke("ben");
  std::string bytes = Followed().Encode();
  absl::StatusOr<Chain> chain = Chain::Decode(bytes, scribe_.HashAt(), scribe_.ChangeHashAt());
  ASSERT_TRUE(chain.ok()) << chain.status();
  EXPECT_EQ(chain->Encode(), bytes);
  EXPECT_EQ(chain->head(), scribe_.head());
  EXPECT_TRUE(chain->Find(cast::ReplicaOf("ben"))->revoked);
  scribe_.AddFrame("ana", scribe_.AuthorMany("ana", 1, scribe_.head()));
  EXPECT_TRUE(chain->Follow(scribe_.entries().back()).ok());
}

TEST_F(ChainTest, ADamagedCheckpointIsRefused) {
  std::string bytes = Followed().Encode();
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] ^= 4;
    EXPECT_FALSE(Chain::Decode(damaged, scribe_.HashAt(), scribe_.ChangeHashAt()).ok());
    EXPECT_FALSE(Chain::Decode(bytes.substr(0, at), scribe_.HashAt(), scribe_.ChangeHashAt()).ok());
  }
}

}  // namespace
}  // namespace twinning::ledger
