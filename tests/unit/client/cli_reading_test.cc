// Commands that read, and what every command has in common.
#include "tests/unit/client/cli_halls.h"

namespace twinning::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kCommands[] = {"join",    "status",    "list",   "show",     "search",
                                     "add",     "set",       "edit",   "delete",   "restore",
                                     "undo",    "position",  "agree",  "withdraw", "sync",
                                     "confirm", "digest",    "settle", "log",      "conflicts",
                                     "diff",    "attention", "outbox", "refused",  "rehome"};

class CliReading : public Halls {
 protected:
  CliReading() {
    seminar_ = Add("ana", {"activity", "title=Teacher seminar", "deadline=2031-03-31",
                           "description=A seminar for teachers."});
    SyncBoth();
  }
  std::string seminar_;
};

TEST_F(CliReading, EveryCommandExplainsItselfWithExamples) {
  for (const char* command : kCommands) {
    Ran ran = ana({command, "--help"});
    EXPECT_EQ(ran.code, 0) << command;
    EXPECT_THAT(ran.out, HasSubstr("Examples:\n  twinning ")) << command;
    EXPECT_THAT(ran.out, HasSubstr("--json")) << command;
  }
}

TEST_F(CliReading, WrongUsageHasItsOwnExitCode) {
  for (const Words& words : std::vector<Words>{{},
                                               {"frob"},
                                               {"set"},
                                               {"show"},
                                               {"show", "a", "b"},
                                               {"list", "--frob"},
                                               {"diff", "Teacher seminar"},
                                               {"settle", "abcd"},
                                               {"add"}}) {
    Ran ran = ana(words);
    EXPECT_EQ(ran.code, 2) << ran.err;
    EXPECT_THAT(ran.out, IsEmpty());
    EXPECT_THAT(ran.err, HasSubstr("twinning: "));
  }
  EXPECT_THAT(ana({"frob"}).err, HasSubstr("There is no command \"frob\""));
  EXPECT_EQ(ana({"--json", "frob"}).json()["error"]["code"], "usage");
}

TEST_F(CliReading, ADirectoryThatIsNoReplicaIsSaidSo) {
  Ran ran = Run("nobody", {"status"});
  EXPECT_EQ(ran.code, 5);
  EXPECT_THAT(ran.err, HasSubstr(DirectoryOf("nobody") + " is not a replica"));
  EXPECT_EQ(Run("nobody", {"--json", "list"}).json()["error"]["code"], "replica");
}

TEST_F(CliReading, StatusHasWhatScriptsNeed) {
  ana({"set", seminar_, "place=Town hall"});
  Json status = Done("ana", {"status"});
  for (const char* key : {"town", "partnership", "sequence", "outbox", "conflicts", "refused",
                          "awaited", "connected", "synced", "digest"}) {
    EXPECT_TRUE(status.contains(key)) << key;
  }
  EXPECT_EQ(status["town"], "Exampleton");
  EXPECT_EQ(status["partnership"], "Link with France");
  EXPECT_EQ(status["outbox"], 1);
  EXPECT_EQ(status["synced"], false);
  EXPECT_EQ(status["connected"], false);
  EXPECT_THAT(ana({"status"}).out, HasSubstr("1 change to be sent"));
}

TEST_F(CliReading, DigestsAreEqualAtOneSequence) {
  EXPECT_EQ(ana({"digest"}).out, ben({"digest"}).out);
  EXPECT_EQ(Done("ana", {"digest"})["digest"], Done("ben", {"status"})["digest"]);
}

TEST_F(CliReading, ListShowsAKindByTitleOrTheKinds) {
  Add("ana", {"activity", "title=Élèves", "status=planned"});
  Add("ana", {"activity", "title=Zoo", "order=a"});
  Json records = Done("ana", {"list", "activities"});
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0]["title"], "Zoo");  // by list position first
  EXPECT_EQ(records[1]["title"], "Élèves");
  EXPECT_EQ(records[2]["title"], "Teacher seminar");
  EXPECT_EQ(Done("ana", {"list", "activity", "status=planned"}).size(), 1u);
  EXPECT_EQ(Done("ana", {"list", "activity", "status="}).size(), 2u);
  EXPECT_EQ(Done("ana", {"list", "activity", "title=ELEVES"}).size(), 1u);
  EXPECT_EQ(Done("ana", {"list", "activity", "description=teachers seminar"}).size(), 1u);
  EXPECT_THAT(ana({"list", "meeting"}).out, HasSubstr("No meetings."));
  EXPECT_THAT(ana({"list"}).out, HasSubstr("3  activity"));
  EXPECT_EQ(ana({"list", "activity", "frob=1"}).code, 3);
}

TEST_F(CliReading, ASearchWordThatIsACommandIsAWord) {
  EXPECT_EQ(Done("ana", {"search", "SEMINAR", "teachers"}).size(), 1u);
  EXPECT_THAT(ana({"search", "list"}).out, HasSubstr("Nothing found."));
}

TEST_F(CliReading, ARecordAsItWas) {
  std::string before = std::to_string(Done("ana", {"status"})["sequence"].get<int>());
  ana({"set", seminar_, "deadline=2031-03-28", "description=A long seminar for teachers."});
  Sync("ana");
  EXPECT_THAT(ana({"show", seminar_}).out, HasSubstr("28 March 2031"));
  EXPECT_THAT(ana({"show", seminar_, "--at", before}).out, HasSubstr("31 March 2031"));
  Ran diff = ana({"diff", seminar_, "--from", before});
  EXPECT_THAT(diff.out, HasSubstr("deadline: 31 March 2031 -> 28 March 2031"));
  EXPECT_THAT(diff.out, HasSubstr("A {+long +}seminar"));
  EXPECT_THAT(ana({"diff", seminar_, "--from", before, "--to", before}).out,
              HasSubstr("says the same"));
  EXPECT_THAT(ana({"show", seminar_, "--at", "1"}).err, HasSubstr("not there yet at sequence 1"));
  EXPECT_EQ(ana({"show", seminar_, "--at", "99999"}).code, 3);
  EXPECT_EQ(ana({"show", seminar_, "--at", "-1"}).code, 3);
}

TEST_F(CliReading, TheLogHasUnsentChangesAndValuesBeforeAndAfter) {
  ana({"set", seminar_, "deadline=2031-03-28"});
  Json log = Done("ana", {"log", seminar_});
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[0]["author"], "ana");
  EXPECT_EQ(log[0]["town"], "Exampleton");
  EXPECT_TRUE(log[0]["sequence"].is_number());
  EXPECT_EQ(log[1]["sequence"], nullptr);
  EXPECT_EQ(log[1]["changes"][0]["fields"][0]["before"], "31 March 2031");
  EXPECT_EQ(log[1]["changes"][0]["fields"][0]["after"], "28 March 2031");
  EXPECT_THAT(ana({"log", "--limit", "1"}).out, HasSubstr("not sent yet  "));
  EXPECT_EQ(Done("ana", {"log"}).size(), static_cast<size_t>(ledger_.head()) + 1);
}

TEST_F(CliReading, AttentionOfADay) {
  EXPECT_THAT(ana({"attention", "--today", "2031-03-31"}).out, Not(HasSubstr("deadline")));
  Json items = Done("ana", {"attention", "--today", "2031-04-01"});
  bool overdue = false;
  for (const Json& item : items) overdue = overdue || item["need"] == "overdue";
  EXPECT_TRUE(overdue);
  EXPECT_EQ(ana({"attention", "--today", "2031-02-31"}).code, 3);
}

TEST_F(CliReading, WhatAPartnerWroteCannotSteerTheTerminal) {
  ben({"edit", seminar_, "description", "--stdin"},
      "Red \x1b[31mwords\x07 \xE2\x80\xAE.\nSecond line.");
  SyncBoth();
  std::string out = ana({"show", seminar_}).out;
  EXPECT_THAT(out, HasSubstr("Red [31mwords"));
  EXPECT_THAT(out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(out, Not(HasSubstr("\xE2\x80\xAE")));
  EXPECT_THAT(out, HasSubstr("\n      Second line."));
}

}  // namespace
}  // namespace twinning::cli
