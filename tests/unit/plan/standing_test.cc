// Positions of a town with two replicas, and when a charter counts as signed.
#include "common/plan/standing.h"

#include <gmock/gmock.h>

#include "common/plan/conflicts.h"
#include "common/plan/terms.h"
#include "tests/support/world.h"

namespace twinning::plan {
namespace {

using namespace twinning::testing;  // NOLINT: the tests' own words
using ::testing::IsEmpty;
using ::testing::SizeIs;

const RecordId kFrench = RecordNamed("objective");
const RecordId kCharter = RecordNamed("charter");

class Standings : public ::testing::Test {
 protected:
  Standings() : world_({{"ana", "Exampleton"}, {"amy", "Exampleton"}, {"ben", "Exempleville"}}) {
    Must("ana", {Create(kFrench, "objective"),
                 Write(kFrench, "objective", "title", merge::StringValue("French")),
                 Splice(kFrench, "objective", "statement", "en",
                        {{0, 0, "Teach French. Visit schools."}})});
    world_.SyncAll();
  }

  void Must(std::string_view name, std::vector<v1::Edit> edits) {
    std::optional<Refusal> refusal = world_[name].Write(std::move(edits));
    ASSERT_FALSE(refusal) << refusal->detail;
  }

  void State(std::string_view name, v1::StanceKind stance) {
    Person& person = world_[name];
    Must(name, *StatePosition(person.view(), person.town(), kFrench, stance, "", "en"));
  }

  void Ratify(std::string_view name) {
    RecordId id = RecordNamed("ratification by " + std::string(name));
    const Plan& view = world_[name].view();
    std::string digest(WordsDigest(view, *view.Find(kCharter)).bytes());
    Must(name, {Create(id, "ratification"),
                Write(id, "ratification", "town", merge::ReferenceValue(world_[name].town())),
                Write(id, "ratification", "charter", merge::ReferenceValue(kCharter)),
                Write(id, "ratification", "resolution", merge::StringValue("7")),
                Write(id, "ratification", "digest", merge::BytesValue(digest))});
  }

  void MakeCharter() {
    Must("ana", {Create(kCharter, "charter"),
                 Write(kCharter, "charter", "title", merge::StringValue("Charter"))});
    world_.SyncAll();
  }

  bool CharterIsSigned() { return Signed(plan(), *plan().Find(kCharter)); }
  const Plan& plan() { return world_["ben"].view(); }
  Standing standing() { return StandingOf(plan(), *plan().Find(kFrench)); }

  World world_;
};

TEST_F(Standings, TwoOfOneTownWhoStateItAtOnceMakeOnePosition) {
  State("ana", v1::SUPPORTS);
  State("amy", v1::SUPPORTS);
  world_.SyncAll();
  EXPECT_THAT(world_.Refused("ana"), IsEmpty());
  EXPECT_THAT(world_.Refused("amy"), IsEmpty());
  EXPECT_THAT(Conflicts(plan(), true), IsEmpty());
  EXPECT_TRUE(standing().positions[0].current);
}

TEST_F(Standings, ATownThatContradictsItselfSupportsNothing) {
  State("ben", v1::SUPPORTS);
  State("ana", v1::SUPPORTS);
  State("amy", v1::RESERVATION);
  world_.SyncAll();
  EXPECT_THAT(Conflicts(plan(), false), SizeIs(1));
  EXPECT_TRUE(standing().positions[0].conflict);
  EXPECT_FALSE(standing().in_the_plan);
}

TEST_F(Standings, TheSameStanceOnDifferentWordsIsNoConflict) {
  State("ana", v1::SUPPORTS);
  world_.SyncAll();
  Must("ana", {Splice(kFrench, "objective", "statement", "en", {{0, 5, "Offer"}})});
  Must("amy", {Splice(kFrench, "objective", "statement", "en", {{27, 0, " often"}})});
  world_.SyncAll();
  EXPECT_THAT(Conflicts(plan(), true), IsEmpty());
  EXPECT_EQ(standing().positions[0].stance, v1::SUPPORTS);
  EXPECT_FALSE(standing().positions[0].current);
}

TEST_F(Standings, OfSeveralWhoSayTheSameOneWhoReadTheWordsIsEnough) {
  State("ana", v1::SUPPORTS);
  world_.SyncAll();
  Must("ana", {Splice(kFrench, "objective", "statement", "en", {{0, 5, "Offer"}})});
  State("amy", v1::SUPPORTS);
  world_.Sync("ana");
  world_.Sync("amy");
  world_.SyncAll();
  EXPECT_TRUE(standing().positions[0].current);
}

TEST_F(Standings, ACharterWithAnOpenConflictIsNotSigned) {
  MakeCharter();
  Must("ana", {Write(kCharter, "charter", "title", merge::StringValue("Oath"))});
  Must("ben", {Write(kCharter, "charter", "title", merge::StringValue("Pact"))});
  world_.SyncAll();
  Ratify("ana");
  Ratify("ben");
  world_.SyncAll();
  EXPECT_FALSE(CharterIsSigned());
}

TEST_F(Standings, ACharterIsSignedOnlyWithEveryLanguageConfirmed) {
  MakeCharter();
  Must("ana", {Splice(kCharter, "charter", "commitments", "en", {{0, 0, "We visit."}}),
               Splice(kCharter, "charter", "commitments", "fr", {{0, 0, "Nous visitons."}})});
  world_.SyncAll();
  Ratify("ana");
  Ratify("ben");
  world_.SyncAll();
  EXPECT_FALSE(CharterIsSigned());

  v1::Edit confirm = Splice(kCharter, "charter", "commitments", "en", {});
  uint32_t field = confirm.splice().field();
  confirm.mutable_confirm()->set_field(field);
  confirm.mutable_confirm()->set_language("en");
  v1::Counterpart& french = *confirm.mutable_confirm()->add_counterparts();
  french.set_language("fr");
  french.set_digest(std::string(Sha256("Nous visitons.").bytes()));
  Must("ana", {confirm});
  world_.SyncAll();
  EXPECT_TRUE(CharterIsSigned());
}

}  // namespace
}  // namespace twinning::plan
