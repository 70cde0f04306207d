// Commands by which a town need not believe the machine in the middle: the drawer, the ledger's
// head and proofs.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/unit/client/cli_halls.h"

namespace twinning::cli {
namespace {

using ::testing::HasSubstr;

class CliTrust : public Halls {
 protected:
  CliTrust() {
    seminar_ = Add("ana", {"activity", "title=Teacher seminar", "place=Lille"});
    SyncBoth();
  }

  // Ben writes, and the ledger refuses it.
  void RefuseOneOfBens() {
    ben({"set", seminar_, "place=Amiens", "description=Two days."});
    auto replica = client::Replica::Open(DirectoryOf("ben"));
    ASSERT_TRUE(replica.ok());
    ledger_.RefuseNext(**replica, "no reason at all");
    replica->reset();
    Sync("ben");
  }

  std::string HeadOf(const std::string& person) {
    Json verified = Done(person, {"verify"});
    return std::to_string(verified["sequence"].get<int>()) + " " +
           verified["words"].get<std::string>();
  }

  std::string seminar_;
};

TEST_F(CliTrust, ARefusedChangeStaysWithItsReasonAndContent) {
  RefuseOneOfBens();
  Json drawer = Done("ben", {"refused"});
  ASSERT_EQ(drawer.size(), 1u);
  EXPECT_EQ(drawer[0]["detail"], "no reason at all");
  EXPECT_THAT(drawer[0]["what"][0].get<std::string>(), HasSubstr("Amiens"));
  EXPECT_THAT(ben({"refused"}).out, HasSubstr("no reason at all"));
  EXPECT_EQ(Done("ben", {"status"})["refused"], 1);
}

TEST_F(CliTrust, ARefusedChangeIsSaidAgainOnThePlanAsItIsNow) {
  RefuseOneOfBens();
  ana({"set", seminar_, "description=Bring pens."});
  SyncBoth();
  Json drawer = Done("ben", {"refused"});
  std::string number = std::to_string(drawer[0]["change"].get<int>());
  Ran retried = ben({"refused", "retry", number});
  EXPECT_EQ(retried.code, 0) << retried.err;
  EXPECT_EQ(Done("ben", {"refused"}).size(), 0u);
  SyncBoth();
  Json fields = Done("ana", {"show", seminar_})["fields"];
  EXPECT_EQ(fields["place"], "Amiens");
  EXPECT_THAT(fields["description"].dump(), HasSubstr("Two days."));
  EXPECT_THAT(fields["description"].dump(), HasSubstr("Bring pens."));
}

TEST_F(CliTrust, ARefusedChangeIsExportedAndThrownAwayOnlyWhenSaid) {
  RefuseOneOfBens();
  std::string file = folder_ / "drawer.json";
  EXPECT_EQ(ben({"refused", "export", file}).code, 0);
  std::ifstream in(file);
  Json exported = Json::parse(in);
  ASSERT_EQ(exported.size(), 1u);
  EXPECT_THAT(exported[0]["authored"].get<std::string>(), ::testing::Not(::testing::IsEmpty()));
  EXPECT_EQ(ben({"refused", "export", folder_ / "no/such/folder"}).code, 7);
  EXPECT_EQ(ben({"refused", "discard", "99"}).code, 3);
  EXPECT_EQ(ben({"refused", "burn", "1"}).code, 3);
  std::string number = std::to_string(exported[0]["change"].get<int>());
  EXPECT_EQ(ben({"refused", "discard", number}).code, 0);
  EXPECT_EQ(Done("ben", {"refused"}).size(), 0u);
}

TEST_F(CliTrust, TwoReplicasOfOneHistoryHaveTheSameWords) {
  std::string head = HeadOf("ana");
  EXPECT_EQ(head, HeadOf("ben"));
  EXPECT_EQ(ben({"verify", "--expect", head}).code, 0);
}

TEST_F(CliTrust, AnotherHistoryOrAMissingEndIsSaid) {
  std::string head = HeadOf("ana");
  Ran other = ben({"verify", "--expect", "2" + head.substr(head.find(' '))});
  EXPECT_EQ(other.code, 4);
  EXPECT_THAT(other.err, HasSubstr("Two histories"));
  Ran missing = ben({"verify", "--expect", "999" + head.substr(head.find(' '))});
  EXPECT_EQ(missing.code, 4);
  EXPECT_THAT(missing.err, HasSubstr("entries are missing"));
  EXPECT_EQ(ben({"verify", "--expect", "999 words"}).code, 3);
}

TEST_F(CliTrust, AProofNeedsNoReplicaAndOneByteBreaksIt) {
  std::string file = folder_ / "seminar.proof";
  EXPECT_EQ(ana({"proof", seminar_, "--output", file}).code, 4);
  ana({"agree", seminar_});
  ben({"agree", seminar_});
  SyncBoth();
  Ran made = ana({"proof", seminar_, "--output", file});
  ASSERT_EQ(made.code, 0) << made.err;
  Ran checked = Run("nobody", {"verify-proof", file});
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("Teacher seminar"));
  EXPECT_THAT(checked.out, HasSubstr("Exempleville: ben"));
  {
    std::fstream damage(file, std::ios::in | std::ios::out | std::ios::binary);
    damage.seekp(static_cast<std::streamoff>(std::filesystem::file_size(file) / 2));
    damage.put('\x7f');
  }
  EXPECT_EQ(Run("nobody", {"verify-proof", file}).code, 4);
  EXPECT_EQ(Run("nobody", {"verify-proof", folder_ / "nothing"}).code, 3);
}

TEST_F(CliTrust, WhatWaitsToBeSentIsListedAndExported) {
  Add("ana", {"activity", "title=Unsent market"});
  Json waiting = Done("ana", {"outbox"});
  ASSERT_EQ(waiting.size(), Done("ana", {"status"})["outbox"].get<size_t>());
  EXPECT_THAT(ana({"outbox"}).out, HasSubstr("Unsent market"));
  const std::string file = folder_ / "unsent.json";
  EXPECT_EQ(ana({"outbox", "export", file}).code, 0);
  Json exported = Json::parse(std::ifstream(file));
  ASSERT_EQ(exported.size(), waiting.size());
  v1::AuthoredChange authored;
  EXPECT_TRUE(
      authored.ParseFromString(*BytesOfHex(exported.back()["authored"].get<std::string>())));
  EXPECT_EQ(ana({"outbox", "export", folder_ / "no/such/folder"}).code, 7);
  EXPECT_EQ(ana({"outbox", "burn"}).code, 3);
  EXPECT_EQ(Done("ana", {"outbox"}), waiting);
}

TEST_F(CliTrust, AReplicaWithoutACertificateIsToldSoByStatus) {
  Json certificate = Done("ana", {"status"})["certificate"];
  EXPECT_TRUE(certificate["until"].is_null());
  EXPECT_THAT(certificate["problem"].get<std::string>(), HasSubstr("has no certificate"));
}

TEST_F(CliTrust, SomethingElseThanACodeTakesNoReplicaAnywhere) {
  Ran ran = ana({"rehome", "nonsense"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("not an invitation code"));
}

}  // namespace
}  // namespace twinning::cli
