#include "common/words/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/ledger/personal.h"
#include "tests/support/world.h"

namespace twinning::words {
namespace {

using ::testing::ElementsAre;
using namespace twinning::testing;  // NOLINT: the edits that tests write

const RecordId kSeminar = RecordNamed("seminar");

class WordsTest : public ::testing::Test {
 protected:
  WordsTest() {
    Ana({Create(kSeminar, "activity"),
         Write(kSeminar, "activity", "title", merge::StringValue("Teacher seminar"))});
  }

  void Ana(std::vector<v1::Edit> edits) {
    std::optional<plan::Refusal> refusal = world_["ana"].Write(std::move(edits));
    EXPECT_FALSE(refusal) << refusal->detail;
    world_.Sync("ana");
  }

  // What the newest entry says.
  std::vector<std::string> Last() {
    return Describe(world_.server(), world_.ledger().entries.back());
  }

  std::string Format(std::string_view kind, std::string_view field, const merge::Value& value) {
    const merge::Kind* found = world_.server().schema().KindByName(kind);
    return FormatValue(world_.server(), *found->FieldByName(field), value);
  }

  World world_{{{"ana", "Exampleton"}, {"ben", "Exempleville"}}};
};

TEST(Words, DaysHaveTheNamesOfTheirMonths) {
  EXPECT_EQ(FormatDay(*ParseDate("2031-03-28")), "28 March 2031");
  EXPECT_EQ(FormatDay(*ParseDate("2032-02-29")), "29 February 2032");
  EXPECT_EQ(FormatDay(*ParseDate("0001-12-01")), "1 December 1");
}

TEST_F(WordsTest, ScalarsReadAsPeopleWriteThem) {
  EXPECT_EQ(Format("activity", "deadline", Date("2031-03-28")), "28 March 2031");
  EXPECT_EQ(Format("activity", "public", merge::IntegerValue(1)), "yes");
  EXPECT_EQ(Format("activity", "public", merge::IntegerValue(0)), "no");
  EXPECT_EQ(Format("activity", "status", merge::IntegerValue(3)), "under way");
  EXPECT_EQ(Format("activity", "status", merge::IntegerValue(99)), "99");
  EXPECT_EQ(Format("series", "every_months", merge::IntegerValue(5)), "5 months");
  EXPECT_EQ(Format("activity", "place", ""), "");
}

TEST_F(WordsTest, MoneyHasAsManyDecimalsAsItsCurrency) {
  auto money = [&](int64_t minor, std::string_view currency) {
    return Format(
        "budget_line", "planned",
        merge::PairValue({{1, merge::IntegerValue(minor)}, {2, merge::StringValue(currency)}}));
  };
  EXPECT_EQ(money(62000, "EUR"), "620.00 EUR");
  EXPECT_EQ(money(5, "GBP"), "0.05 GBP");
  EXPECT_EQ(money(-1234567, "EUR"), "-12345.67 EUR");
  EXPECT_EQ(money(620, "JPY"), "620 JPY");
  EXPECT_EQ(money(1, "TND"), "0.001 TND");
  EXPECT_EQ(money(INT64_MIN, "EUR"), "-92233720368547758.08 EUR");
}

TEST_F(WordsTest, WindowsSayWhereTheyBeginAndEnd) {
  merge::Value from = Date("2031-03-03");
  merge::Value to = Date("2031-03-21");
  auto window = [&](const merge::PairMembers& members) {
    return Format("activity", "window", merge::PairValue(members));
  };
  EXPECT_EQ(window({{1, from}, {2, to}}), "3 March 2031 to 21 March 2031");
  EXPECT_EQ(window({{1, from}, {2, from}}), "3 March 2031");
  EXPECT_EQ(window({{1, from}}), "from 3 March 2031");
  EXPECT_EQ(window({{2, to}}), "until 21 March 2031");
}

TEST_F(WordsTest, OtherPairsReadAsOneThing) {
  EXPECT_EQ(Format("meeting", "when",
                   merge::PairValue({{1, Date("2031-06-14")},
                                     {2, merge::IntegerValue(14 * 60 + 5)},
                                     {3, merge::StringValue("Europe/London")}})),
            "14 June 2031, 14:05 (Europe/London)");
  EXPECT_EQ(Format("position", "stance",
                   merge::PairValue({{1, merge::IntegerValue(2)},
                                     {2, merge::BytesValue(std::string(32, 'x'))}})),
            "supports with reservation");
}

TEST_F(WordsTest, ReferencesAreTitles) {
  EXPECT_EQ(Format("activity", "depends_on", merge::ReferenceValue(kSeminar)), "Teacher seminar");
  EXPECT_EQ(Format("activity", "lead", merge::ReferenceValue(world_.Town("Exampleton"))),
            "Exampleton");
  RecordId unknown = *RecordId::Of(std::string(16, '\x3f'));
  EXPECT_EQ(Format("activity", "lead", merge::ReferenceValue(unknown)), "record 3f3f3f3f");
}

TEST_F(WordsTest, APersonalValueThatIsNotHereSaysSo) {
  EXPECT_EQ(Format("person", "name", merge::CommitmentValue(std::string(32, 'x'))), "(erased)");
}

TEST_F(WordsTest, RecordsAreNamedByKindAndTitle) {
  EXPECT_EQ(NameRecord(world_.server(), kSeminar), "activity \"Teacher seminar\"");
  EXPECT_EQ(NameRecord(world_.server(), RecordNamed("nothing")).substr(0, 7), "record ");
}

TEST_F(WordsTest, WhatPeopleWroteCannotSteerATerminal) {
  Ana({Write(kSeminar, "activity", "title",
             merge::StringValue("Red\x1b[31m\nalert \u202Eback\u0085"))});
  EXPECT_EQ(NameRecord(world_.server(), kSeminar), "activity \"Red[31m alert back\"");
}

TEST_F(WordsTest, EveryEditIsASentenceWithItsAuthor) {
  EXPECT_THAT(Last(), ElementsAre("ana (Exampleton) added activity \"Teacher seminar\""));
  Ana({Write(kSeminar, "activity", "deadline", Date("2031-03-28")),
       Add(kSeminar, "activity", "tags", merge::StringValue("school")),
       Splice(kSeminar, "activity", "description", "en", {{0, 0, "Héllo"}})});
  EXPECT_THAT(
      Last(),
      ElementsAre("ana (Exampleton) set deadline of activity \"Teacher seminar\" to 28 March 2031",
                  "ana (Exampleton) added \"school\" to tags of activity \"Teacher seminar\"",
                  "ana (Exampleton) edited description (en) of activity \"Teacher seminar\": 5 "
                  "characters added"));
  Ana({Write(kSeminar, "activity", "deadline", ""),
       Remove(kSeminar, "activity", "tags", merge::StringValue("school")),
       Splice(kSeminar, "activity", "description", "en", {{0, 1, "h"}, {4, 1, ""}})});
  EXPECT_THAT(
      Last(),
      ElementsAre("ana (Exampleton) cleared deadline of activity \"Teacher seminar\"",
                  "ana (Exampleton) removed \"school\" from tags of activity \"Teacher seminar\"",
                  "ana (Exampleton) edited description (en) of activity \"Teacher seminar\": 1 "
                  "character added, 2 removed"));
}

TEST_F(WordsTest, DeletingAndRestoringReadAsThat) {
  Ana({Delete(kSeminar)});
  EXPECT_THAT(Last(), ElementsAre("ana (Exampleton) deleted activity \"Teacher seminar\""));
  Ana({Restore(kSeminar)});
  EXPECT_THAT(Last(), ElementsAre("ana (Exampleton) restored activity \"Teacher seminar\""));
}

TEST_F(WordsTest, AgreeingReadsAsThat) {
  Ana({Agree(world_["ana"], kSeminar)});
  EXPECT_THAT(Last(), ElementsAre("ana (Exampleton) agreed to activity \"Teacher seminar\""));
  Ana({Withdraw(kSeminar)});
  EXPECT_THAT(
      Last(),
      ElementsAre("ana (Exampleton) withdrew the agreement to activity \"Teacher seminar\""));
}

TEST_F(WordsTest, CountersSayBothWays) {
  RecordId outcome = RecordNamed("outcome");
  Ana({Create(outcome, "outcome"),
       Write(outcome, "outcome", "title", merge::StringValue("Visits"))});
  Ana({Increment(outcome, "outcome", "achieved", 3)});
  EXPECT_THAT(Last(), ElementsAre("ana (Exampleton) added 3 to achieved of outcome \"Visits\""));
  Ana({Increment(outcome, "outcome", "achieved", -2)});
  EXPECT_THAT(Last(), ElementsAre("ana (Exampleton) took 2 from achieved of outcome \"Visits\""));
}

TEST_F(WordsTest, ANewRecordIsOneSentenceWithWhatItWasGiven) {
  RecordId visit = RecordNamed("visit");
  Ana({Create(visit, "activity"), Write(visit, "activity", "title", merge::StringValue("Visit")),
       Write(visit, "activity", "deadline", Date("2031-03-28")),
       Add(visit, "activity", "tags", merge::StringValue("youth"))});
  EXPECT_THAT(Last(),
              ElementsAre("ana (Exampleton) added activity \"Visit\" with deadline 28 March "
                          "2031, tags \"youth\""));
}

TEST_F(WordsTest, AChangeInAnOutboxIsNamedByItsOwnTitle) {
  RecordId visit = RecordNamed("visit");
  v1::Edits edits;
  *edits.add_edits() = Create(visit, "activity");
  *edits.add_edits() = Write(visit, "activity", "title", merge::StringValue("Visit"));
  EXPECT_THAT(DescribeEdits(world_.server(), edits), ElementsAre("added activity \"Visit\""));
}

TEST_F(WordsTest, StatementsOfTheServerHaveNoAuthor) {
  const std::vector<v1::Entry>& entries = world_.ledger().entries;
  EXPECT_THAT(Describe(world_.server(), entries[0]),
              ElementsAre("the partnership \"Link with France\" was founded"));
  EXPECT_THAT(Describe(world_.server(), entries[1]),
              ElementsAre("Exampleton joined the partnership"));
  EXPECT_THAT(Describe(world_.server(), entries[2]),
              ElementsAre("ana joined for Exampleton as representative"));
}

TEST_F(WordsTest, ARefusalSaysWhoseChangeAndWhy) {
  world_["ben"].Force(
      {Write(world_.Town("Exampleton"), "town", "country", merge::StringValue("France"))});
  world_.Sync("ben");
  ASSERT_EQ(Last().size(), 1u);
  EXPECT_THAT(Last()[0], ::testing::StartsWith("ben (Exempleville) had change 1 refused: no right "
                                               "to write this ("));
}

TEST_F(WordsTest, EntriesThatCannotBeReadStillSaySomething) {
  for (int kind = 0; kind <= 12; ++kind) {
    v1::Entry entry;
    entry.set_kind(static_cast<v1::EntryKind>(kind));
    entry.set_body("\xff\xff\xff");
    EXPECT_FALSE(Describe(world_.server(), entry).empty());
  }
}

}  // namespace
}  // namespace twinning::words
