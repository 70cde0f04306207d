// A proof stands alone, and one flipped byte of it is found.
#include "common/plan/proof.h"

#include "common/base/status.h"
#include "tests/unit/plan/twins.h"

namespace twinning::plan {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class ProofTest : public Twins {
 protected:
  void BothAgree() {
    Must("ana", {Splice(kSeminar, "activity", "description", "en", {{0, 0, "Two days."}})});
    world_.SyncAll();
    for (const char* name : {"ana", "ben"}) Must(name, {Agree(world_[name], kSeminar)});
    world_.SyncAll();
    Must("ben", {Write(kObjective, "objective", "theme", merge::IntegerValue(2))});
    world_.SyncAll();
  }
  v1::Proof Message() {
    auto proof = MakeProof(world_.server(), *world_.server().Find(kSeminar));
    EXPECT_TRUE(proof.ok()) << MessageOf(proof.status());
    return proof.ok() ? *proof : v1::Proof();
  }
  std::string Proof() { return SealProof(Message()); }

  // Amy, whom Ana confirmed, and Ben.
  void AmyAndBenAgree() {
    world_.Join("amy", "Exampleton");
    world_.SyncAll();
    for (const char* name : {"amy", "ben"}) Must(name, {Agree(world_[name], kSeminar)});
    world_.SyncAll();
  }
  static void Fold(v1::ProofLink& link) {
    v1::Entry entry = link.whole();
    link.mutable_folded()->set_kind(entry.kind());
    link.mutable_folded()->set_time_ms(entry.time_ms());
    link.mutable_folded()->set_body_hash(std::string(ledger::BodyHash(entry).bytes()));
    link.mutable_folded()->set_signature(entry.signature());
  }
};
INSTANTIATE_TEST_SUITE_P(One, ProofTest, ::testing::Values("ana"));

TEST_P(ProofTest, ShowsTheWordsAndWhoAgreedToThem) {
  BothAgree();
  auto proven = CheckProof(Proof());
  ASSERT_TRUE(proven.ok()) << MessageOf(proven.status());
  EXPECT_EQ(proven->partnership, "Link with France");
  EXPECT_EQ(proven->head.hash, world_.server().head().hash);
  ASSERT_THAT(proven->agreements, SizeIs(2));
  ASSERT_THAT(proven->terms, SizeIs(3));
  EXPECT_EQ(proven->terms[0].values[0], merge::StringValue("Teacher seminar"));
  EXPECT_EQ(proven->terms[1].values[0], "Two days.");
}

TEST_P(ProofTest, IsNotMadeOfWhatIsNotAgreed) {
  EXPECT_FALSE(MakeProof(world_.server(), *world_.server().Find(kSeminar)).ok());
}

TEST_P(ProofTest, AChangedWordIsFound) {
  BothAgree();
  v1::Proof proof = Message();
  std::string& words = *proof.mutable_terms(0)->mutable_canonical();
  words.replace(words.find("Two"), 3, "Ten");
  EXPECT_THAT(MessageOf(CheckProof(SealProof(proof)).status()), HasSubstr("other words"));
}

TEST_P(ProofTest, EveryFlippedByteIsFound) {
  BothAgree();
  std::string proof = Proof();
  // The schema is most of a proof, and one byte of it as good as another.
  for (size_t at = 0; at<proof.size(); at += at> 200 && at + 4000 < proof.size() ? 97 : 1) {
    std::string changed = proof;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(CheckProof(changed).ok()) << at;
  }
}

TEST_P(ProofTest, AForgedMemberOrTimeChangesTheHead) {
  BothAgree();
  Hash head = world_.server().head().hash;
  v1::Proof proof = Message();
  for (v1::ProofLink& link : *proof.mutable_links()) {
    if (link.has_whole()) link.mutable_whole()->set_time_ms(1);
  }
  auto proven = CheckProof(SealProof(proof));
  ASSERT_TRUE(proven.ok());
  EXPECT_TRUE(proven->head.hash != head);
}

TEST_P(ProofTest, ATownThatIsLeftOutIsMissed) {
  BothAgree();
  v1::Proof proof = Message();
  for (v1::ProofLink& link : *proof.mutable_links()) {
    if (!link.has_whole() || link.whole().kind() != v1::CHANGE) continue;
    Fold(link);
    break;
  }
  EXPECT_THAT(MessageOf(CheckProof(SealProof(proof)).status()), HasSubstr("not agreed"));
}

TEST_P(ProofTest, ShowsOnWhoseKeyATownsWordRests) {
  AmyAndBenAgree();
  auto proven = CheckProof(Proof());
  ASSERT_TRUE(proven.ok()) << MessageOf(proven.status());
  for (const ProvenAgreement& agreement : proven->agreements) {
    const bool hers = agreement.member == "amy";
    EXPECT_EQ(agreement.root, hers ? "ana" : "ben");
    EXPECT_EQ(agreement.root_key, world_[hers ? "ana" : "ben"].key().public_key());
  }
}

TEST_P(ProofTest, WithoutTheTownsWordOnItsMemberNothingIsProven) {
  AmyAndBenAgree();
  v1::Proof proof = Message();
  for (v1::ProofLink& link : *proof.mutable_links()) {
    if (!link.has_whole() || link.whole().kind() != v1::CHANGE) continue;
    Fold(link);  // what Ana said of Amy comes first
    break;
  }
  EXPECT_THAT(MessageOf(CheckProof(SealProof(proof)).status()),
              HasSubstr("amy, who agreed in entry"));
}

}  // namespace
}  // namespace twinning::plan
