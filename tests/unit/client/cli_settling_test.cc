// Commands by which towns come to terms: conflicts, positions, agreements, divergence.
#include "tests/unit/client/cli_halls.h"

namespace twinning::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CliSettling : public Halls {
 protected:
  CliSettling() {
    seminar_ = Add("ana", {"activity", "title=Teacher seminar", "deadline=2031-03-31",
                           "description=A seminar for teachers."});
    aim_ = Add("ana", {"objective", "title=Small businesses", "statement=To cooperate."});
    SyncBoth();
  }

  // Both write the deadline offline; the conflict's id.
  std::string Differ() {
    ana({"set", seminar_, "deadline=2031-03-28"});
    ben({"set", seminar_, "deadline=2031-04-04"});
    SyncBoth();
    Json conflicts = Done("ana", {"conflicts"});
    EXPECT_EQ(conflicts.size(), 1u);
    return conflicts[0].value("id", "");
  }

  std::string seminar_;
  std::string aim_;
};

TEST_F(CliSettling, AConflictIsShownWithBothValuesAndSettledByName) {
  std::string id = Differ();
  std::string shown = ben({"conflicts"}).out;
  EXPECT_THAT(shown, HasSubstr("the deadline of activity \"Teacher seminar\""));
  EXPECT_THAT(shown, HasSubstr("1  28 March 2031"));
  EXPECT_THAT(shown, HasSubstr("2  4 April 2031"));
  EXPECT_THAT(shown, HasSubstr("ana (Exampleton)"));
  Ran plain = ana({"set", seminar_, "deadline=2031-04-01"});
  EXPECT_EQ(plain.code, 4);
  EXPECT_THAT(plain.err, HasSubstr("twinning settle " + id.substr(0, 8)));
  EXPECT_EQ(ana({"settle", id.substr(0, 6), "--keep", "3"}).code, 3);
  Ran settled = ana({"settle", id.substr(0, 6), "--keep", "1"});
  EXPECT_EQ(settled.code, 0) << settled.err;
  EXPECT_THAT(settled.out, HasSubstr("4 April 2031 -> 28 March 2031"));
  SyncBoth();
  EXPECT_EQ(Done("ben", {"show", seminar_})["fields"]["deadline"], "2031-03-28");
  EXPECT_THAT(ben({"conflicts"}).out, HasSubstr("No open conflicts."));
  EXPECT_EQ(Done("ben", {"conflicts", "--all"})[0]["settled"]["by"], "ana");
}

TEST_F(CliSettling, SettlingAgainSaysWhoDidAndHow) {
  std::string id = Differ();
  ana({"settle", id, "--value", "2031-04-01"});
  Ran again = ana({"settle", id, "--keep", "2"});
  EXPECT_EQ(again.code, 4);
  EXPECT_THAT(again.err, HasSubstr("is not open any more"));
  EXPECT_THAT(again.err, HasSubstr("by ana (Exampleton): 1 April 2031"));
  EXPECT_EQ(ana({"settle", id, "--keep", "1", "--diverge"}).code, 2);
}

TEST_F(CliSettling, UndoingASettlementOpensTheConflictAgain) {
  std::string id = Differ();
  ana({"settle", id, "--keep", "1"});
  EXPECT_EQ(ana({"undo"}).code, 0);
  Json again = Done("ana", {"conflicts"});
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(ana({"settle", again[0]["id"], "--keep", "2"}).code, 0);
  EXPECT_EQ(Done("ana", {"conflicts"}).size(), 0u);
  EXPECT_EQ(ana({"settle", id, "--keep", "1"}).code, 4);
}

TEST_F(CliSettling, ABadValueSettlesNothing) {
  std::string id = Differ();
  EXPECT_EQ(ana({"settle", id, "--value", "2031-02-31"}).code, 3);
  EXPECT_EQ(ana({"settle", id, "--keep", "x"}).code, 3);
  EXPECT_EQ(Done("ana", {"conflicts"}).size(), 1u);
}

TEST_F(CliSettling, ADeletionConflictIsSettledByKeepingASide) {
  ana({"delete", seminar_});
  ben({"set", seminar_, "place=Mairie"});
  SyncBoth();
  std::string id = Done("ana", {"conflicts"})[0]["id"];
  EXPECT_THAT(ana({"conflicts"}).out, HasSubstr("whether activity \"Teacher seminar\" is deleted"));
  EXPECT_EQ(ana({"settle", id, "--value", "no"}).code, 4);
  EXPECT_EQ(ana({"settle", id, "--keep", "2"}).code, 0);
  EXPECT_EQ(Done("ana", {"list", "activity"}).size(), 1u);
}

TEST_F(CliSettling, TownsMayGoOnWithTheirOwn) {
  ana({"set", aim_, "title=Small firms"});
  ben({"set", aim_, "title=Petites entreprises"});
  SyncBoth();
  std::string id = Done("ana", {"conflicts"})[0]["id"];
  EXPECT_EQ(ana({"settle", id, "--diverge"}).code, 0);
  SyncBoth();
  EXPECT_EQ(Done("ben", {"list", "objective"}).size(), 2u);
  // Written by the shared record's id, it goes to the town's own branch.
  EXPECT_EQ(ben({"set", aim_, "theme=business"}).code, 0);
  Json own = Done("ben", {"list", "objective", "owner=Exempleville"});
  ASSERT_EQ(own.size(), 1u);
  EXPECT_EQ(own[0]["title"], "Petites entreprises");
  EXPECT_EQ(own[0]["fields"]["theme"], "business");
  EXPECT_THAT(ben({"show", aim_}).out, HasSubstr("Each town goes on with its own"));
  std::string shown = ben({"show", own[0]["id"]}).out;
  EXPECT_THAT(shown, HasSubstr("Counterpart of Exampleton\n"));
  Json counterparts = Done("ana", {"show", own[0]["id"]})["counterparts"];
  ASSERT_EQ(counterparts.size(), 1u);
  EXPECT_EQ(counterparts[0]["title"], "Small firms");
}

TEST_F(CliSettling, PositionsAreAboutTheWordsAsTheyAre) {
  EXPECT_EQ(ana({"position", aim_, "supports", "--reason", "It helps."}).code, 0);
  EXPECT_EQ(ben({"position", aim_, "reservation"}).code, 0);
  SyncBoth();
  EXPECT_EQ(Done("ana", {"show", aim_})["standing"]["in_the_plan"], true);
  Ran reworded = ana({"set", aim_, "statement=To cooperate every year."});
  EXPECT_THAT(reworded.out, HasSubstr("The position of Exempleville on objective"));
  EXPECT_THAT(reworded.out, HasSubstr("stance: supports -> supports, as it reads now"));
  SyncBoth();
  std::string shown = ben({"show", aim_}).out;
  EXPECT_THAT(shown, HasSubstr("Not yet in the plan"));
  EXPECT_THAT(shown, HasSubstr("Exempleville supports with reservation, of earlier words"));
  EXPECT_THAT(shown, HasSubstr("Exampleton supports\n"));
  EXPECT_EQ(ben({"position", aim_, "supports"}).code, 0);
  EXPECT_EQ(Done("ben", {"show", aim_})["standing"]["in_the_plan"], true);
  EXPECT_EQ(ana({"position", "Exampleton", "supports"}).code, 4);
}

TEST_F(CliSettling, AnAgreementIsToExactlyTheWordsShown) {
  EXPECT_THAT(ana({"agree", seminar_}).out, HasSubstr("Awaiting agreement by Exempleville."));
  EXPECT_EQ(ana({"agree", seminar_}).code, 4);
  SyncBoth();
  EXPECT_THAT(ben({"agree", seminar_}).out, HasSubstr("Every town has agreed to these words."));
  SyncBoth();
  EXPECT_EQ(Done("ana", {"show", seminar_})["agreement"]["agreed"], true);
  EXPECT_THAT(ben({"set", seminar_, "place=Mairie"}).out,
              HasSubstr("The agreement of Exampleton on activity \"Teacher seminar\""));
  SyncBoth();
  std::string shown = ana({"show", seminar_}).out;
  EXPECT_THAT(shown, HasSubstr("Not yet agreed"));
  EXPECT_THAT(shown, HasSubstr("Since Exampleton agreed:\n  place: (nothing) -> Mairie"));
  for (const Json& town : Done("ana", {"show", seminar_})["agreement"]["towns"]) {
    ASSERT_EQ(town["state"], "lapsed");
    EXPECT_EQ(town["since"][0]["field"], "place");
  }
}

Json Named(const Json& rights, const std::string& list, const std::string& name) {
  for (const Json& right : rights[list]) {
    if (right["name"] == name) return right;
  }
  return nullptr;
}

TEST_F(CliSettling, WhatOneMayDoIsAskedOfTheSameRules) {
  std::string own = Add("ana", {"objective", "title=Twelve schools", "owner=Exampleton"});
  SyncBoth();
  Json bens = Done("ben", {"can", own});
  EXPECT_EQ(Named(bens, "fields", "title")["may"], false);
  EXPECT_THAT(std::string(Named(bens, "fields", "title")["reason"]), HasSubstr("Exampleton"));
  EXPECT_EQ(Named(bens, "deeds", "position")["may"], true);
  EXPECT_EQ(Named(Done("ana", {"can", own}), "fields", "statement")["may"], true);
  Differ();
  Json torn = Done("ana", {"can", seminar_});
  EXPECT_EQ(Named(torn, "fields", "deadline")["may"], false);
  EXPECT_EQ(Named(torn, "fields", "place")["may"], true);
  EXPECT_EQ(Named(torn, "deeds", "agree")["may"], false);
  EXPECT_EQ(Named(torn, "fields", "methods")["may"], true);
  EXPECT_EQ(Named(torn, "fields", "tags")["may"], true);
}

TEST_F(CliSettling, WhatAChangeWouldOpenAgainIsSaidBefore) {
  ben({"agree", seminar_});
  ben({"position", seminar_, "supports"});
  SyncBoth();
  Json rights = Done("ana", {"can", seminar_});
  EXPECT_EQ(Named(rights, "deeds", "agree")["may"], true);
  EXPECT_EQ(Named(Done("ben", {"can", seminar_}), "deeds", "agree")["may"], false);
  EXPECT_EQ(rights["ends_agreements"], Json::array({"Exempleville"}));
  EXPECT_EQ(rights["reopens_positions"], Json::array({"Exempleville"}));
  EXPECT_THAT(ana({"can", seminar_}).out,
              HasSubstr("Changing its terms ends the agreement of Exempleville."));
}

TEST_F(CliSettling, AnAgreementCanBeWithdrawn) {
  ana({"agree", seminar_});
  EXPECT_EQ(ana({"withdraw", seminar_}).code, 0);
  EXPECT_EQ(Done("ana", {"show", seminar_})["agreement"]["towns"][0]["state"], "withdrawn");
}

TEST_F(CliSettling, NobodyAgreesToTermsInConflict) {
  std::string id = Differ();
  Ran ran = ana({"agree", seminar_});
  EXPECT_EQ(ran.code, 4);
  EXPECT_THAT(ran.err, HasSubstr("twinning settle " + id.substr(0, 8)));
}

TEST_F(CliSettling, ASignedCharterSaysHowToAmendIt) {
  std::string charter = Add("ana", {"charter", "title=Charter", "commitments=We meet every year."});
  SyncBoth();
  EXPECT_EQ(ana({"add", "ratification", "charter=Charter", "resolution=12/31"}).code, 0);
  SyncBoth();
  EXPECT_EQ(ben({"add", "ratification", "charter=" + charter, "resolution=D-7"}).code, 0);
  SyncBoth();
  EXPECT_EQ(Done("ana", {"show", charter})["signed"], true);
  Ran ran = ana({"set", charter, "commitments=We meet twice a year."});
  EXPECT_EQ(ran.code, 4);
  EXPECT_THAT(ran.err, HasSubstr("twinning add charter title=… amends=" + charter.substr(0, 8)));
  EXPECT_EQ(ana({"add", "charter", "title=Charter, amended", "amends=" + charter}).code, 0);
}

TEST_F(CliSettling, LanguagesAreConfirmedToSayTheSame) {
  std::string charter = Add("ana", {"charter", "title=Charter", "commitments=We meet every year.",
                                    "commitments:fr=Nous nous rencontrons chaque année."});
  EXPECT_THAT(ana({"attention"}).out, HasSubstr("en and fr of its commitments"));
  EXPECT_EQ(ana({"confirm", charter}).code, 0);
  EXPECT_THAT(ana({"attention"}).out, Not(HasSubstr("en and fr of its commitments")));
  EXPECT_EQ(ana({"confirm", charter}).code, 4);
}

}  // namespace
}  // namespace twinning::cli
