// Two pages and another town write one text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/app/rooms.h"
#include "client/app/splicing.h"
#include "common/base/status.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/client/test_ledger.h"

namespace twinning::app {
namespace {

using client::Replica;
using client::TestLedger;
using testing::Create;
using testing::RecordNamed;
using testing::Splice;
using testing::Write;

const RecordId kSeminar = RecordNamed("seminar");
const TextName kText{kSeminar, "description", "en"};

class RoomsTest : public ::testing::Test {
 protected:
  RoomsTest()
      : rooms_([this](Json step) { told_.push_back(std::move(step)); }, [] { return "life"; }) {
    auto ana = ledger_.Enrol("ana", "Exampleton");
    ledger_.Enrol("ben", "Exempleville");
    ledger_.Write("ben",
                  {Create(kSeminar, "activity"),
                   Write(kSeminar, "activity", "title", merge::StringValue("Seminar")),
                   Splice(kSeminar, "activity", "description", "en", {{0, 0, "Für Töne."}})});
    auto made = Replica::Create(folder_ / "ana", ana, TestLedger::KeyOf("ana"));
    EXPECT_TRUE(made.ok()) << MessageOf(made.status());
    replica_ = *std::move(made);
    EXPECT_TRUE(*replica_->LockSync());
    Fetch();
  }

  void Fetch() {
    auto intake = replica_->ApplyEntries(ledger_.EntriesAfter(replica_->head().sequence));
    ASSERT_TRUE(intake.ok()) << MessageOf(intake.status());
    ASSERT_TRUE(replica_->Refresh().ok());
  }

  Json Open() {
    auto opened = rooms_.Open(*replica_, kText);
    EXPECT_TRUE(opened.ok()) << MessageOf(opened.status());
    return opened.ok() ? *opened : Json();
  }

  Json Type(uint64_t version, std::vector<text::Splice> splices, const std::string& page = "one",
            int64_t after_ms = 0) {
    auto typed = rooms_.Type(*replica_, kText, {"life", version, std::move(splices), page},
                             client::kTime + after_ms);
    EXPECT_TRUE(typed.ok()) << MessageOf(typed.status());
    return typed.ok() ? *typed : Json();
  }

  std::string Wording() {
    const merge::Record& record = *replica_->view().Find(kSeminar);
    return record.texts.begin()->second.document.text();
  }

  TestLedger ledger_;
  TemporaryFolder folder_;
  std::unique_ptr<Replica> replica_;
  std::vector<Json> told_;
  Rooms rooms_;
};

TEST_F(RoomsTest, WhatIsTypedOnThePresentVersionIsSavedAndTold) {
  Json opened = Open();
  EXPECT_EQ(opened["text"], "Für Töne.");
  Json answer = Type(0, {{4, 4, "Ohren"}, {9, 0, "!"}});
  EXPECT_EQ(answer["accepted"], true);
  EXPECT_EQ(answer["version"], 1);
  EXPECT_EQ(Wording(), "Für Ohren!.");
  EXPECT_EQ(replica_->outbox(), 1u);
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(told_[0]["client"], "one");
  EXPECT_EQ(told_[0]["splices"], SplicesJson({{4, 4, "Ohren"}, {9, 0, "!"}}));
}

TEST_F(RoomsTest, WhoIsBehindGetsTheStepsThatAreMissingAndNothingIsWritten) {
  Open();
  Type(0, {{0, 0, "A"}}, "one");
  Json behind = Type(0, {{9, 0, "Z"}}, "two");
  EXPECT_EQ(behind["accepted"], false);
  EXPECT_EQ(behind["version"], 1);
  EXPECT_FALSE(behind.contains("text"));
  EXPECT_EQ(behind["steps"][0]["splices"], SplicesJson({{0, 0, "A"}}));
  EXPECT_EQ(Wording(), "AFür Töne.");
  EXPECT_EQ(Type(1, {{10, 0, "Z"}}, "two")["accepted"], true);
  EXPECT_EQ(Wording(), "AFür Töne.Z");
}

TEST_F(RoomsTest, WhatAnotherTownWroteIsToldInSplicesThatTouchNothingElse) {
  Open();
  ledger_.Write("ben", {Splice(kSeminar, "activity", "description", "en", {{4, 0, "die "}})});
  Fetch();
  rooms_.Follow(replica_->view(), replica_->identity().town);
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(told_[0]["client"], "");
  EXPECT_EQ(told_[0]["splices"], SplicesJson({{4, 0, "die "}}));
}

TEST_F(RoomsTest, TypingOnWhileAnotherTownWritesKeepsBoth) {
  Open();
  ledger_.Write("ben", {Splice(kSeminar, "activity", "description", "en", {{9, 0, " Ben."}})});
  Fetch();
  Json behind = Type(0, {{0, 0, "Ana. "}});
  EXPECT_EQ(behind["accepted"], false);
  EXPECT_EQ(Type(1, {{0, 0, "Ana. "}})["accepted"], true);
  EXPECT_EQ(Wording(), "Ana. Für Töne. Ben.");
}

TEST_F(RoomsTest, ABurstOfTypingIsOneChangeSetAndAPauseEndsIt) {
  Open();
  auto set_of = [&](const Json& answer) {
    return replica_->OwnChange(answer["change"].get<Number>())->authored.change_set;
  };
  const ChangeSetId first = set_of(Type(0, {{0, 0, "a"}}));
  EXPECT_EQ(set_of(Type(1, {{1, 0, "b"}}, "one", 300)), first);
  EXPECT_NE(set_of(Type(2, {{2, 0, "c"}}, "two", 400)), first);
  EXPECT_NE(set_of(Type(3, {{3, 0, "d"}}, "one", 60'000)), first);
}

TEST_F(RoomsTest, APageThatTheRoomDoesNotRememberGetsTheTextOnce) {
  Open();
  Type(0, {{0, 0, "x"}});
  for (const Typed& lost : {Typed{"an earlier life", 1, {{0, 0, "y"}}, "one"},
                            Typed{"life", 999, {{0, 0, "y"}}, "one"}}) {
    auto answer = rooms_.Type(*replica_, kText, lost, client::kTime);
    ASSERT_TRUE(answer.ok()) << MessageOf(answer.status());
    EXPECT_EQ((*answer)["accepted"], false);
    EXPECT_EQ((*answer)["text"], "xFür Töne.");
    EXPECT_EQ((*answer)["life"], "life");
  }
  EXPECT_EQ(replica_->outbox(), 1u);
}

TEST_F(RoomsTest, OnlySoManyTextsAreHeldOpen) {
  Open();
  for (size_t i = 0; i <= Rooms::kOpen; ++i) {
    TextName other{kSeminar, "description",
                   "x" + std::string(1, static_cast<char>('a' + i % 26)) + "-" + std::to_string(i)};
    ASSERT_TRUE(rooms_.Open(*replica_, other).ok());
  }
  EXPECT_TRUE(Type(0, {{0, 0, "y"}}).contains("text"));
}

TEST_F(RoomsTest, WhatLiesOutsideTheTextOrIsNoTextIsRefused) {
  Open();
  for (const text::Splice& splice :
       {text::Splice{10, 0, "x"}, text::Splice{0, 10, ""}, text::Splice{0, 0, "\xFF"}}) {
    auto typed = rooms_.Type(*replica_, kText, {"life", 0, {splice}, "one"}, client::kTime);
    EXPECT_FALSE(typed.ok());
  }
  EXPECT_EQ(replica_->outbox(), 0u);
  EXPECT_FALSE(rooms_.Open(*replica_, {kSeminar, "title", "en"}).ok());
  EXPECT_FALSE(rooms_.Open(*replica_, {RecordNamed("nothing"), "description", "en"}).ok());
}

TEST(Splicing, FindsTheKeystrokeInALongText) {
  std::string before;
  for (int i = 0; i < 5000; ++i) before += "élève ";
  std::string after = before;
  after.insert(after.size() / 2 / 8 * 8, "ü");
  auto splices = SplicesBetween(before, after);
  ASSERT_EQ(splices.size(), 1u);
  EXPECT_EQ(splices[0].removed, 0);
  EXPECT_EQ(*Spliced(before, splices), after);
}

TEST(Splicing, NeverCutsACharacter) {
  for (auto [from, to] : {std::pair("é", "è"), std::pair("aé", "aéé"), std::pair("日本", "日木本"),
                          std::pair("", "ß"), std::pair("ß", ""), std::pair("😀😁", "😁😀")}) {
    auto splices = SplicesBetween(from, to);
    auto made = Spliced(from, splices);
    ASSERT_TRUE(made.ok()) << from << " " << to;
    EXPECT_EQ(*made, to);
  }
}

}  // namespace
}  // namespace twinning::app
