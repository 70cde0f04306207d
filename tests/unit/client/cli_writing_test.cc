// Commands that write: one change each, or none.
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "tests/unit/client/cli_halls.h"

namespace twinning::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class CliWriting : public Halls {
 protected:
  CliWriting() {
    seminar_ = Add("ana", {"activity", "title=Teacher seminar", "deadline=2031-03-31",
                           "window=2031-03-03..2031-03-21",
                           "description=A seminar for teachers. Speakers from both towns."});
    SyncBoth();
  }

  Json Fields(const std::string& person) { return Done(person, {"show", seminar_})["fields"]; }

  // An "editor" that runs a shell command on the file named by $1.
  void EditWith(const std::string& command) {
    std::string script = folder_ / "editor";
    std::ofstream(script) << "#!/bin/sh\n" << command << "\n";
    unsetenv("VISUAL");
    setenv("EDITOR", ("sh " + script).c_str(), 1);
  }

  std::string seminar_;
};

TEST_F(CliWriting, EverythingInOneCommandIsOneChange) {
  Ran ran = ana({"set", seminar_, "deadline=2031-03-28", "place=Town hall", "tags+=music",
                 "window.to=2031-03-18",
                 "description=A long seminar for teachers. Speakers from "
                 "both towns."});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("Saved as change 2."));
  EXPECT_THAT(ran.out, HasSubstr("deadline: 31 March 2031 -> 28 March 2031"));
  EXPECT_THAT(ran.out, HasSubstr("description (en): A {+long +}seminar"));
  EXPECT_EQ(Outbox("ana"), 1u);
  SyncBoth();
  Json fields = Fields("ben");
  EXPECT_EQ(fields["deadline"], "2031-03-28");
  EXPECT_EQ(fields["window"]["from"], "2031-03-03");
  EXPECT_EQ(fields["window"]["to"], "2031-03-18");
  EXPECT_EQ(fields["tags"], Json::array({"music"}));
}

TEST_F(CliWriting, WhatIsSaidAlreadyIsNoChange) {
  Ran ran = ana({"set", seminar_, "deadline=2031-03-31"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("Nothing to change"));
  EXPECT_EQ(Done("ana", {"set", seminar_, "deadline=2031-03-31"})["change"], nullptr);
  EXPECT_EQ(Outbox("ana"), 0u);
}

TEST_F(CliWriting, BadInputIsOneSentenceAndChangesNothing) {
  const std::vector<Words> bad = {
      {"set", seminar_, "deadline=2031-02-31"},
      {"set", seminar_, "place=Hall", "deadline=soon"},
      {"set", seminar_, "frob=1"},
      {"set", seminar_, "title=\xff"},
      {"set", seminar_, "status=maybe"},
      {"set", seminar_, "title"},
      {"set", seminar_, "title="},
      {"set", seminar_, "window=2031-03-21..2031-03-03"},
      {"set", "0000", "title=x"},
      {"set", "xy", "title=x"},
      {"set", seminar_, "description=" + std::string(2 * 1024 * 1024, 'a')},
      {"add", "frob", "title=x"},
      {"add", "activity"},
      {"add", "activity", "title=x", "deadline=2031-02-31"},
      {"position", seminar_, "perhaps"},
      {"delete", "0000"},
      {"undo", "77"},
      {"undo", "x"},
      {"settle", "abcd", "--keep", "1"},
      {"edit", seminar_, "deadline", "--stdin"},
      {"confirm", seminar_, "title"}};
  for (const Words& words : bad) {
    Ran ran = ana(words);
    EXPECT_EQ(ran.code, 3) << words[0] << " " << ran.err;
    EXPECT_THAT(ran.out, ::testing::IsEmpty());
    EXPECT_THAT(ran.err, MatchesRegex("twinning: [^\n]*\n")) << words[0];
    Words as_json = words;
    as_json.insert(as_json.begin(), "--json");
    EXPECT_EQ(ana(as_json).json()["error"]["code"], "bad-input") << words[0];
  }
  EXPECT_EQ(Outbox("ana"), 0u);
}

TEST_F(CliWriting, WhatTheRulesForbidIsRefusedAndChangesNothing) {
  std::string own = Add("ben", {"objective", "title=Stages", "owner=Exempleville"});
  SyncBoth();
  const std::vector<Words> refused = {
      {"set", own, "title=x"},   {"add", "position", "about=" + own},
      {"add", "town", "name=x"}, {"agree", own},
      {"withdraw", seminar_},    {"restore", seminar_},
      {"confirm", seminar_}};
  for (const Words& words : refused) {
    Ran ran = ana(words);
    EXPECT_EQ(ran.code, 4) << words[0] << " " << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("Nothing was changed.")) << words[0];
  }
  EXPECT_EQ(Outbox("ana"), 0u);
}

TEST_F(CliWriting, DeletedRecordsAreRestoredBeforeTheyAreWritten) {
  EXPECT_EQ(ana({"delete", seminar_}).code, 0);
  Ran ran = ana({"set", seminar_, "place=Hall"});
  EXPECT_EQ(ran.code, 4);
  EXPECT_THAT(ran.err, HasSubstr("twinning restore " + seminar_.substr(0, 8)));
  EXPECT_EQ(Done("ana", {"list", "activity"}).size(), 0u);
  EXPECT_EQ(ana({"restore", seminar_}).code, 0);
  EXPECT_EQ(Fields("ana")["title"], "Teacher seminar");
}

TEST_F(CliWriting, UndoTakesBackOnesOwnAndLeavesWhatOthersDid) {
  ana({"set", seminar_, "deadline=2031-03-28", "place=Hall"});
  SyncBoth();
  ben({"set", seminar_, "place=Mairie"});
  SyncBoth();
  Ran ran = ana({"undo"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out,
              HasSubstr("The place of activity \"Teacher seminar\" was changed since by ben"));
  EXPECT_EQ(Fields("ana")["deadline"], "2031-03-31");
  EXPECT_EQ(Fields("ana")["place"], "Mairie");
  ana({"undo", "1"});
  EXPECT_EQ(Outbox("ana"), 1u) << "others have used the record since";
}

TEST_F(CliWriting, RefusedChangesAreInTheDrawerAndUndoPassesOverThem) {
  ana({"set", seminar_, "place=Hall"});
  SyncBoth();
  ana({"set", seminar_, "place=Assembly rooms"});
  {
    auto replica = client::Replica::Open(DirectoryOf("ana"));
    ledger_.RefuseNext(**replica, "the server would not have it");
  }
  Sync("ana");
  Json status = Done("ana", {"status"});
  EXPECT_EQ(status["refused"], 1);
  EXPECT_EQ(status["drawer"][0]["change"], 3);
  EXPECT_EQ(status["drawer"][0]["detail"], "the server would not have it");
  EXPECT_THAT(ana({"status"}).out, HasSubstr("Assembly rooms"));
  EXPECT_EQ(ana({"undo", "3"}).code, 4);
  Ran ran = ana({"undo"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("place: Hall -> (nothing)"));
}

// Files cannot grow while it exists: what a full disk is like.
class FullDisk {
 public:
  FullDisk() {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit none = before_;
    none.rlim_cur = 1;
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_;
};

TEST_F(CliWriting, AFullDiskIsSaidSoAndChangesNothing) {
  Ran ran;
  {
    FullDisk full;
    ran = ana({"set", seminar_, "place=Hall"});
  }
  EXPECT_EQ(ran.code, 7) << ran.err;
  EXPECT_THAT(ran.err, MatchesRegex("twinning: [^\n]*\n"));
  EXPECT_EQ(Outbox("ana"), 0u);
  EXPECT_EQ(ana({"set", seminar_, "place=Hall"}).code, 0);
}

TEST_F(CliWriting, TwoTownsMakeOneMeetingOfASeries) {
  std::string series =
      Add("ana", {"series", "title=Committee", "body=Joint committee", "every_months=3"});
  SyncBoth();
  std::string first = Add("ana", {"meeting", "--series", series, "date=2031-10-10"});
  std::string second = Add("ben", {"meeting", "--series", "Committee", "date=2031-10-10"});
  EXPECT_EQ(first, second);
  SyncBoth();
  EXPECT_EQ(Done("ana", {"list", "meeting"}).size(), 1u);
  EXPECT_EQ(Done("ana", {"conflicts"}).size(), 0u);
  Ran again = ana({"add", "meeting", "--series", series, "date=2031-10-10"});
  EXPECT_EQ(again.code, 4);
  EXPECT_THAT(again.err, HasSubstr("The meeting of 10 October 2031 is there already"));
  EXPECT_EQ(ana({"add", "meeting", "--series", series}).code, 3);
  EXPECT_EQ(ana({"add", "meeting", "--series", seminar_, "date=2031-10-10"}).code, 3);
}

TEST_F(CliWriting, PersonalValuesAreShownAndKeptOutOfTheSignedBytes) {
  std::string person = Add("ana", {"person", "name=Ana Archer", "email=ana@example.org"});
  Json shown = Done("ana", {"show", person});
  EXPECT_EQ(shown["title"], "Ana Archer");
  EXPECT_EQ(shown["fields"]["town"], Done("ana", {"status"})["town_id"]);
  EXPECT_EQ(Done("ana", {"search", "archer"}).size(), 1u);
}

TEST_F(CliWriting, ATextFromStandardInput) {
  Ran ran = ana({"edit", seminar_, "description", "--stdin"},
                "A seminar for teachers. Speakers from three towns.\n");
  EXPECT_THAT(ran.out, HasSubstr("[-both-]{+three+}"));
  EXPECT_EQ(Fields("ana")["description"]["en"],
            "A seminar for teachers. Speakers from three towns.");
  ana({"edit", seminar_, "description:fr", "--stdin"}, "Un séminaire.");
  ana({"edit", seminar_, "place", "--stdin"}, "Town hall\n");
  EXPECT_EQ(Fields("ana")["description"]["fr"], "Un séminaire.");
  EXPECT_EQ(Fields("ana")["place"], "Town hall");
}

TEST_F(CliWriting, ATextThatIsNoTextOrTooLongIsNotTaken) {
  for (const std::string& typed :
       {std::string("a\0b", 3), std::string("a\xff"), std::string(2 * 1024 * 1024, 'a'),
        std::string(17 * 1024 * 1024, 'a')}) {
    Ran ran = ana({"edit", seminar_, "description", "--stdin"}, typed);
    EXPECT_EQ(ran.code, 3);
    EXPECT_THAT(ran.err, MatchesRegex("twinning: [^\n]*Nothing was changed.\n"));
  }
  EXPECT_EQ(Outbox("ana"), 0u);
}

TEST_F(CliWriting, ATextInOnesOwnEditor) {
  EditWith("sed -i 's/both/three/' \"$1\"");
  EXPECT_EQ(ana({"edit", seminar_, "description"}).code, 0);
  EXPECT_EQ(Fields("ana")["description"]["en"],
            "A seminar for teachers. Speakers from three towns.");
  EditWith("exit 1");
  Ran failed = ana({"edit", seminar_, "description"});
  EXPECT_EQ(failed.code, 4);
  EXPECT_THAT(failed.err, HasSubstr("ended with a failure. Nothing was changed"));
  EXPECT_EQ(Outbox("ana"), 1u);
}

TEST_F(CliWriting, WhatHappenedWhileTheEditorWasOpenIsKept) {
  // The editor waits for the gate, which this test opens when it has written the same text.
  std::string gate = folder_ / "gate";
  ASSERT_EQ(mkfifo(gate.c_str(), 0600), 0);
  EditWith("sed -i 's/A seminar/A long seminar/' \"$1\"; read line < " + gate);
  std::thread editing([&] { EXPECT_EQ(ana({"edit", seminar_, "description"}).code, 0); });
  std::ofstream opened(gate);  // waits for the editor
  ana({"set", seminar_, "description=A seminar for teachers. Speakers from three towns."});
  opened << "go on" << std::endl;
  editing.join();
  EXPECT_EQ(Fields("ana")["description"]["en"],
            "A long seminar for teachers. Speakers from three towns.");
}

TEST_F(CliWriting, WhatWasWrittenForNothingIsKeptInAFile) {
  EditWith("printf 'a\\000b' > \"$1\"");
  EXPECT_EQ(ana({"edit", seminar_, "description"}).code, 3);
  EditWith("head -c 300000 /dev/zero | tr '\\000' a > \"$1\"");
  Ran ran = ana({"edit", seminar_, "description"});
  EXPECT_EQ(ran.code, 3);
  ASSERT_THAT(ran.err, HasSubstr("What you wrote is kept in /"));
  std::string path = ran.err.substr(ran.err.find("kept in ") + 8);
  path = path.substr(0, path.find_last_not_of(".\n") + 1);
  std::ifstream kept(path);
  EXPECT_TRUE(kept.good()) << path;
  std::remove(path.c_str());
}

}  // namespace
}  // namespace twinning::cli
