// twinning members: who acts for which town, and what the town's coordinator says of that.
#include "client/desk/members.h"
#include "common/crypto/spoken.h"
#include "tests/unit/client/cli_halls.h"

namespace twinning::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CliMembers : public Halls {
 protected:
  CliMembers() {
    seminar_ = Add("ana", {"activity", "title=Teacher seminar"});
    Found("una", "Exempleville");  // by the operator alone
    SyncAll();
  }

  void SyncAll() {
    SyncBoth();
    Sync("una");
  }
  Json Member(const std::string& person, const std::string& asked_by = "ana") {
    const Json all = Done(asked_by, {"members"});
    for (const Json& member : all["members"]) {
      if (member["name"] == person) return member;
    }
    return nullptr;
  }

  std::string seminar_;
};

TEST_F(CliMembers, TellsWhoIsConfirmedAndTheWordsOfTheirKeys) {
  Json ana = Member("ana");
  EXPECT_EQ(ana["role"], "coordinator");
  EXPECT_EQ(ana["first"], true);
  EXPECT_EQ(ana["confirmed"], true);
  Json una = Member("una");
  EXPECT_EQ(una["confirmed"], false);
  EXPECT_EQ(una["words"], SpokenForm(Sha256(client::TestLedger::KeyOf("una").public_key())));
  EXPECT_THAT(Run("ana", {"members"}).out, HasSubstr("NOT CONFIRMED by Exempleville"));
  EXPECT_EQ(Member("una", "ben")["may"]["confirm"], true);
  EXPECT_EQ(Member("una", "ana")["may"]["confirm"], false) << "not of her town";
}

TEST_F(CliMembers, WhoIsNotConfirmedIsToldWhyAndByWhomItIsCured) {
  Ran agreed = Run("una", {"agree", seminar_});
  EXPECT_EQ(agreed.code, 4);
  EXPECT_THAT(agreed.err, HasSubstr("not confirmed by Exempleville"));
  Json can = Done("una", {"can", seminar_});
  for (const Json& deed : can["deeds"]) {
    const bool speaks = deed["name"] == "agree" || deed["name"] == "position";
    EXPECT_EQ(deed["may"], !speaks) << deed;
  }
  EXPECT_EQ(Done("ben", {"attention"})[0]["need"].is_string(), true);
  EXPECT_THAT(ben({"attention"}).out, HasSubstr("enrolled for your town by the server's operator"));
}

TEST_F(CliMembers, OnceConfirmedByItsCoordinatorItSpeaks) {
  EXPECT_EQ(Run("una", {"members", "confirm", "una"}).code, 4);
  EXPECT_EQ(ana({"members", "confirm", "una"}).code, 4) << "another town's colleague";
  Ran confirmed = ben({"members", "confirm", "una"});
  ASSERT_EQ(confirmed.code, 0) << confirmed.err;
  SyncAll();
  EXPECT_EQ(Member("una")["confirmed_by"]["name"], "ben");
  EXPECT_EQ(Run("una", {"agree", seminar_}).code, 0);
  EXPECT_EQ(ben({"members", "confirm", "una"}).code, 4) << "it is already";
}

TEST_F(CliMembers, AnotherTownsCoordinatorIsComparedByEightWords) {
  const std::string words = Member("ben")["words"];
  Ran wrong = ana({"members", "confirm", "ben", "--words", Member("una")["words"]});
  EXPECT_EQ(wrong.code, 4);
  EXPECT_THAT(wrong.err, HasSubstr("not what was read out"));
  EXPECT_EQ(ana({"members", "confirm", "ben", "--words", "one two"}).code, 3);
  ASSERT_EQ(ana({"members", "confirm", "ben", "--words", words}).code, 0);
  SyncAll();
  EXPECT_EQ(Member("ben")["compared"].size(), 1u);
  EXPECT_THAT(ana({"members"}).out, HasSubstr("your town has compared the key"));
}

TEST_F(CliMembers, ACoordinatorChangesRolesAndShutsOut) {
  ASSERT_EQ(ben({"members", "role", "una", "editor"}).code, 0);
  SyncAll();
  EXPECT_EQ(Member("una")["role"], "editor");
  EXPECT_EQ(ben({"members", "role", "una", "king"}).code, 3);
  EXPECT_EQ(ben({"members", "role", "nobody", "editor"}).code, 3);
  EXPECT_EQ(ben({"members", "revoke", "ben"}).code, 4) << "the last coordinator";
  ASSERT_EQ(ben({"members", "revoke", "una"}).code, 0);
  SyncAll();
  EXPECT_FALSE(Member("una")["revoked"].is_null());
  EXPECT_THAT(ben({"log"}).out, HasSubstr("Shut out una of Exempleville"));
}

TEST_F(CliMembers, NobodyIsInvitedWhereNobodyCanJoin) {
  Ran invited = ana({"invite"});
  EXPECT_EQ(invited.code, 4);
  EXPECT_THAT(invited.err, HasSubstr("takes no enrolments"));
}

}  // namespace
}  // namespace twinning::cli
