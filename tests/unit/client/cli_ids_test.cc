#include "client/desk/ids.h"
#include "tests/unit/client/cli_twins.h"

namespace twinning::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CliIds : public Twins {
 protected:
  // A record whose id begins with the hex digits given.
  RecordId AddBeginning(std::string_view hex, std::string_view title) {
    RecordId id = *RecordId::Of(*BytesOfHex(std::string(hex) + std::string(32 - hex.size(), '0')));
    Must("ana",
         {Create(id, "activity"), Write(id, "activity", "title", merge::StringValue(title))});
    return id;
  }
};

TEST_F(CliIds, AnyUnambiguousBeginningOfFourDigitsMeansTheRecord) {
  EXPECT_EQ((*FindRecord(plan(), kSeminar.hex()))->id, kSeminar);
  EXPECT_EQ((*FindRecord(plan(), kSeminar.hex().substr(0, 4)))->id, kSeminar);
  std::string upper = kSeminar.hex().substr(0, 8);
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ((*FindRecord(plan(), upper))->id, kSeminar);
  EXPECT_THAT(Why(FindRecord(plan(), kSeminar.hex().substr(0, 3))), HasSubstr("No record"));
  EXPECT_THAT(Why(FindRecord(plan(), kSeminar.hex() + "00")), HasSubstr("No record"));
}

TEST_F(CliIds, AnAmbiguousBeginningListsWhatItFits) {
  AddBeginning("abcd1", "First");
  AddBeginning("abcd2", "Second");
  std::string why = Why(FindRecord(plan(), "abcd"));
  EXPECT_THAT(why, HasSubstr("\"abcd\" fits 2 records; write more digits of the id:"));
  EXPECT_THAT(why, HasSubstr("abcd1000  activity \"First\""));
  EXPECT_THAT(why, HasSubstr("abcd2000  activity \"Second\""));
  EXPECT_TRUE(FindRecord(plan(), "abcd1").ok());
}

TEST_F(CliIds, AnExactTitleDoesAsWell) {
  EXPECT_EQ((*FindRecord(plan(), "teacher SEMINAR"))->id, kSeminar);
  EXPECT_THAT(Why(FindRecord(plan(), "teacher")), HasSubstr("No record is called \"teacher\""));
  EXPECT_THAT(Why(FindRecord(plan(), "\xff")), HasSubstr("UTF-8"));
  EXPECT_THAT(Why(FindRecord(plan(), "")), HasSubstr("No record"));
}

TEST_F(CliIds, ATitleMeansADeletedRecordOnlyWhenNoOtherHasIt) {
  Must("ana", {Delete(kSeminar)});
  EXPECT_EQ((*FindRecord(plan(), "Teacher seminar"))->id, kSeminar);
  RecordId anew = AddBeginning("abcd1", "Teacher seminar");
  EXPECT_EQ((*FindRecord(plan(), "Teacher seminar"))->id, anew);
}

TEST_F(CliIds, ShortIdsAreEightDigitsOrAsManyAsItTakes) {
  RecordId first = AddBeginning("abcdef0123", "First");
  RecordId second = AddBeginning("abcdef0124", "Second");
  ShortIds ids(plan());
  EXPECT_EQ(ids.Of(kSeminar), kSeminar.hex().substr(0, 8));
  EXPECT_EQ(ids.Of(first), "abcdef0123");
  EXPECT_EQ(ids.Of(second), "abcdef0124");
  EXPECT_EQ((*FindRecord(plan(), ids.Of(second)))->id, second);
}

TEST_F(CliIds, AConflictIsFoundOpenOrOver) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  Must("ben", {Write(kSeminar, "activity", "deadline", Date("2031-04-04"))});
  world_.SyncAll();
  std::vector<plan::Conflict> open = plan::Conflicts(plan(), false);
  ASSERT_EQ(open.size(), 1u);
  std::string id = HexOf(open[0].id.bytes());
  EXPECT_FALSE(FindConflict(plan(), id.substr(0, 6))->settled);
  EXPECT_EQ(FindConflictAbout(plan(), kSeminar.hex(), "deadline")->id, open[0].id);
  EXPECT_THAT(Why(FindConflictAbout(plan(), kSeminar.hex(), "place")), HasSubstr("is open"));
  EXPECT_THAT(Why(FindConflictAbout(plan(), kSeminar.hex(), "colour")), HasSubstr("no field"));
  Must("ana", {*plan::Settle(plan(), open[0], {plan::Choice::kKeep, 0, ""})});
  EXPECT_TRUE(FindConflict(plan(), id.substr(0, 6))->settled);
  EXPECT_THAT(Why(FindConflict(plan(), "0000")), HasSubstr("No conflict"));
  EXPECT_THAT(Why(FindConflict(plan(), "xyz")), HasSubstr("is not an id"));
}

TEST_F(CliIds, KindsByNameOrPluralAndAListOfThemOtherwise) {
  EXPECT_EQ((*FindKind(plan(), "budget-lines"))->name, "budget_line");
  EXPECT_EQ((*FindKind(plan(), "Activity"))->name, "activity");
  EXPECT_THAT(Why(FindKind(plan(), "frob")), HasSubstr("there are partnership, town, person"));
}

}  // namespace
}  // namespace twinning::cli
