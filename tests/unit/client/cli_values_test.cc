#include "client/desk/values.h"
#include "common/words/words.h"
#include "tests/unit/client/cli_twins.h"

namespace twinning::cli {
namespace {

using ::testing::HasSubstr;

class CliValues : public Twins {
 protected:
  absl::StatusOr<merge::Value> Read(std::string_view kind, std::string_view name,
                                    std::string_view text, const merge::Value& shown = {}) {
    return ValueReader(plan(), town()).Read(field(kind, name), text, shown);
  }
  absl::StatusOr<merge::Value> ReadPart(std::string_view kind, std::string_view name,
                                        std::string_view part, std::string_view text,
                                        const merge::Value& shown = {}) {
    return ValueReader(plan(), town()).ReadPart(field(kind, name), part, text, shown);
  }
  // The value as people read it, or why there is none.
  std::string Words(std::string_view kind, std::string_view name, std::string_view text,
                    const merge::Value& shown = {}) {
    auto value = Read(kind, name, text, shown);
    return value.ok() ? words::FormatValue(plan(), field(kind, name), *value) : Why(value);
  }
};

TEST_F(CliValues, NothingClearsAField) {
  EXPECT_EQ(*Read("activity", "deadline", ""), "");
  EXPECT_EQ(*Read("budget_line", "planned", ""), "");
}

TEST_F(CliValues, ADateThatDoesNotExistIsSaidSo) {
  EXPECT_EQ(*Read("activity", "deadline", "2031-03-28"), Date("2031-03-28"));
  EXPECT_EQ(Words("activity", "deadline", "2031-02-31"),
            "deadline: \"2031-02-31\" is no day of the calendar, February 2031 has 28 days.");
  EXPECT_THAT(Words("activity", "deadline", "2032-02-30"), HasSubstr("February 2032 has 29 days"));
  EXPECT_THAT(Words("activity", "deadline", "2031-13-01"), HasSubstr("there is no month 13"));
  EXPECT_THAT(Words("activity", "deadline", "0000-01-01"), HasSubstr("there is no year 0"));
  EXPECT_EQ(Words("activity", "deadline", "28.3.2031"),
            "deadline is a date written like 2031-03-28, not \"28.3.2031\".");
}

TEST_F(CliValues, WholeNumbersOnly) {
  EXPECT_EQ(*Read("outcome", "target", "10"), merge::IntegerValue(10));
  EXPECT_EQ(*Read("outcome", "target", "+10"), merge::IntegerValue(10));
  EXPECT_EQ(*Read("outcome", "target", "-3"), merge::IntegerValue(-3));
  EXPECT_EQ(Words("outcome", "target", "ten"), "target is a whole number, not \"ten\".");
  EXPECT_EQ(Words("outcome", "target", "1.5"), "target is a whole number, not \"1.5\".");
  EXPECT_THAT(Words("outcome", "target", "9223372036854775808"), HasSubstr("too large a number"));
}

TEST_F(CliValues, YesAndNoInSeveralWords) {
  for (const char* yes : {"yes", "Yes", "true", "1", "on"}) {
    EXPECT_EQ(*Read("activity", "public", yes), merge::IntegerValue(1)) << yes;
  }
  for (const char* no : {"no", "false", "0", "OFF"}) {
    EXPECT_EQ(*Read("activity", "public", no), merge::IntegerValue(0)) << no;
  }
  EXPECT_EQ(Words("activity", "public", "maybe"), "public is yes or no, not \"maybe\".");
}

TEST_F(CliValues, EnumsByNameHoweverItIsSpacedAndByAnUnambiguousBeginning) {
  for (const char* text : {"under_way", "under way", "Under-Way", "und"}) {
    EXPECT_EQ(Words("activity", "status", text), "under way") << text;
  }
  EXPECT_EQ(Words("activity", "flexibility", "flexible"), "flexible");
  EXPECT_EQ(Words("activity", "flexibility", "f"),
            "flexibility cannot be \"f\": choose one of fixed, flexible, tentative.");
  EXPECT_THAT(Words("objective", "theme", "music"), HasSubstr("choose one of education, business"));
}

TEST_F(CliValues, ReferencesByIdOrExactTitleWithoutAccentsAndCase) {
  merge::Value visit = merge::ReferenceValue(kVisit);
  EXPECT_EQ(*Read("activity", "depends_on", kVisit.hex()), visit);
  EXPECT_EQ(*Read("activity", "depends_on", kVisit.hex().substr(0, 8)), visit);
  EXPECT_EQ(*Read("activity", "depends_on", "visite a l'ecole"), visit);
  EXPECT_EQ(*Read("activity", "lead", "EXEMPLEVILLE"),
            merge::ReferenceValue(world_.Town("Exempleville")));
  EXPECT_EQ(Words("activity", "depends_on", "Visite"),
            "depends on names an activity, by its id or its exact title; \"Visite\" is neither.");
  EXPECT_THAT(Words("activity", "lead", kVisit.hex()),
              HasSubstr("names a town; " + kVisit.hex() + " is the activity \"Visite"));
}

TEST_F(CliValues, ATitleOfTwoRecordsIsNotGuessed) {
  RecordId twin = RecordNamed("twin");
  Must("ana", {Create(twin, "activity"),
               Write(twin, "activity", "title", merge::StringValue("Teacher Seminar"))});
  std::string why = Words("activity", "depends_on", "Teacher seminar");
  EXPECT_THAT(why, HasSubstr("fits 2 records"));
  EXPECT_THAT(why, HasSubstr(kSeminar.hex().substr(0, 8)));
  EXPECT_THAT(why, HasSubstr(twin.hex().substr(0, 8)));
}

TEST_F(CliValues, WindowsWithBothEndsOneEndOrOneDay) {
  EXPECT_EQ(Words("activity", "window", "2031-03-03..2031-03-21"), "3 March 2031 to 21 March 2031");
  EXPECT_EQ(Words("activity", "window", " 2031-03-03 .. 2031-03-21 "),
            "3 March 2031 to 21 March 2031");
  EXPECT_EQ(Words("activity", "window", "2031-03-03.."), "from 3 March 2031");
  EXPECT_EQ(Words("activity", "window", "..2031-03-21"), "until 21 March 2031");
  EXPECT_EQ(Words("activity", "window", "2031-03-03"), "3 March 2031");
  EXPECT_THAT(Words("activity", "window", ".."), HasSubstr("2031-03-03..2031-03-21"));
  EXPECT_EQ(Words("activity", "window", "2031-03-21..2031-03-03"),
            "window would end on 2031-03-03, before it begins on 2031-03-21.");
  EXPECT_THAT(Words("activity", "window", "2031-03-03..2031-02-30"), HasSubstr("no day"));
}

TEST_F(CliValues, APartOfAWindowBuildsOnTheOneShown) {
  merge::Value shown = *Read("activity", "window", "2031-03-03..2031-03-21");
  merge::Value shorter = *ReadPart("activity", "window", "to", "2031-03-18", shown);
  EXPECT_EQ(shorter, *Read("activity", "window", "2031-03-03..2031-03-18"));
  EXPECT_EQ(*ReadPart("activity", "window", "from", "", shown),
            *Read("activity", "window", "..2031-03-21"));
  EXPECT_EQ(*ReadPart("activity", "window", "to", "", *Read("activity", "window", "..2031-03-21")),
            "");
  EXPECT_THAT(Why(ReadPart("activity", "window", "to", "2031-03-01", shown)), HasSubstr("before"));
  EXPECT_THAT(Why(ReadPart("activity", "window", "middle", "2031-03-01", shown)),
              HasSubstr("no part \"middle\""));
  EXPECT_THAT(Why(ReadPart("activity", "title", "to", "x")), HasSubstr("has no parts"));
}

TEST_F(CliValues, MoneyInMinorUnitsOfItsCurrency) {
  EXPECT_EQ(Words("budget_line", "planned", "620.00 EUR"), "620.00 EUR");
  EXPECT_EQ(Words("budget_line", "planned", "620 eur"), "620.00 EUR");
  EXPECT_EQ(Words("budget_line", "planned", "620,5 EUR"), "620.50 EUR");
  EXPECT_EQ(Words("budget_line", "planned", "EUR 620.05"), "620.05 EUR");
  EXPECT_EQ(Words("budget_line", "planned", "-0.05 GBP"), "-0.05 GBP");
  EXPECT_EQ(Words("budget_line", "planned", "5000 JPY"), "5000 JPY");
  EXPECT_EQ(Words("budget_line", "planned", "1.234 KWD"), "1.234 KWD");
}

TEST_F(CliValues, MoneyThatCannotBeIsSaidSo) {
  EXPECT_EQ(Words("budget_line", "planned", "620.005 EUR"),
            "planned: amounts in EUR have at most 2 decimals.");
  EXPECT_EQ(Words("budget_line", "planned", "620.5 JPY"),
            "planned: amounts in JPY have no decimals.");
  for (const char* text : {"abc EUR", "6.2.0 EUR", "620. EUR", "620 EURO", ". EUR", "620 €"}) {
    EXPECT_THAT(Words("budget_line", "planned", text), HasSubstr("written like 620.00 EUR"))
        << text;
  }
  EXPECT_THAT(Words("budget_line", "planned", "99999999999999999999 EUR"), HasSubstr("too large"));
}

TEST_F(CliValues, MoneyKeepsTheCurrencyShownAndNeverGuessesOne) {
  merge::Value shown = *Read("budget_line", "planned", "620.00 GBP");
  EXPECT_EQ(Words("budget_line", "planned", "650", shown), "650.00 GBP");
  EXPECT_EQ(*ReadPart("budget_line", "planned", "amount", "650", shown),
            *Read("budget_line", "planned", "650 GBP"));
  EXPECT_EQ(Words("budget_line", "planned", "650"), "planned: say the currency too, like 650 EUR.");
}

TEST_F(CliValues, TimesOfDayHaveAZone) {
  EXPECT_EQ(Words("meeting", "when", "2031-10-10 14:30 Europe/Paris"),
            "10 October 2031, 14:30 (Europe/Paris)");
  merge::Value shown = *Read("meeting", "when", "2031-10-10T14:30 Europe/Paris");
  EXPECT_EQ(Words("meeting", "when", "2031-10-11 09:05", shown),
            "11 October 2031, 09:05 (Europe/Paris)");
  EXPECT_THAT(Words("meeting", "when", "2031-10-10 14:30"), HasSubstr("time zone"));
  EXPECT_THAT(Words("meeting", "when", "2031-10-10 25:30 Europe/Paris"), HasSubstr("time of day"));
  EXPECT_THAT(Words("meeting", "when", "2031-10-10"), HasSubstr("written like 2031-10-10 14:30"));
  EXPECT_EQ(*ReadPart("meeting", "when", "minutes", "15:00", shown),
            *Read("meeting", "when", "2031-10-10 15:00 Europe/Paris"));
}

TEST_F(CliValues, AStanceIsStatedByItsOwnCommand) {
  EXPECT_THAT(Words("position", "stance", "supports"), HasSubstr("twinning position"));
}

TEST_F(CliValues, APersonalValueIsReadInPlain) {
  EXPECT_EQ(*Read("person", "name", "Ana Archer"), merge::StringValue("Ana Archer"));
}

}  // namespace
}  // namespace twinning::cli
