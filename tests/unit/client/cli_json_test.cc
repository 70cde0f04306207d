#include "client/desk/field_changes.h"
#include "client/desk/json.h"
#include "client/desk/report.h"
#include "client/desk/searching.h"
#include "tests/unit/client/cli_twins.h"

namespace twinning::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CliJson : public Twins {
 protected:
  plan::Conflict DifferOnDeadline() {
    Must("ben", {Write(kSeminar, "activity", "deadline", Date("2031-04-04"))});
    Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
    world_.Sync("ben");
    world_.SyncAll();
    return plan::Conflicts(plan(), false).at(0);
  }
};

TEST_F(CliJson, TimesAreIsoInUtc) {
  EXPECT_EQ(TimeJson(1932473100000), "2031-03-28T14:05:00Z");
  EXPECT_EQ(TimeJson(1932473107999), "2031-03-28T14:05:07Z");
}

TEST_F(CliJson, ValuesByTheirType) {
  Must(
      "ana",
      {Write(kSeminar, "activity", "status", merge::IntegerValue(3)),
       Write(kSeminar, "activity", "public", merge::IntegerValue(1)),
       Write(kSeminar, "activity", "lead", merge::ReferenceValue(town())),
       Write(kSeminar, "activity", "window",
             merge::PairValue({{1, Date("2031-03-03")}, {2, Date("2031-03-21")}})),
       Add(kSeminar, "activity", "tags", merge::StringValue("music")),
       Write(kRoom, "budget_line", "planned",
             merge::PairValue({{1, merge::IntegerValue(62000)}, {2, merge::StringValue("EUR")}}))});
  Json fields = ShortJson(plan(), record(kSeminar))["fields"];
  EXPECT_EQ(fields["title"], "Teacher seminar");
  EXPECT_EQ(fields["deadline"], "2031-03-31");
  EXPECT_EQ(fields["status"], "under_way");
  EXPECT_EQ(fields["public"], true);
  EXPECT_EQ(fields["lead"], town().hex());
  EXPECT_EQ(fields["window"], (Json{{"from", "2031-03-03"}, {"to", "2031-03-21"}}));
  EXPECT_EQ(fields["tags"], Json::array({"music"}));
  EXPECT_EQ(fields["description"]["en"], "A seminar for teachers. Speakers from both towns.");
  EXPECT_FALSE(fields.contains("place"));
  EXPECT_EQ(ShortJson(plan(), record(kRoom))["fields"]["planned"],
            (Json{{"amount", "620.00"}, {"currency", "EUR"}}));
}

TEST_F(CliJson, ARecordHasItsAgreementAndStanding) {
  Must("ana", {Agree(world_["ana"], kSeminar)});
  Json json = RecordJson(plan(), record(kSeminar));
  EXPECT_EQ(json["id"], kSeminar.hex());
  EXPECT_EQ(json["kind"], "activity");
  EXPECT_EQ(json["deleted"], false);
  EXPECT_EQ(json["conflicts"], Json::array());
  EXPECT_EQ(json["signed"], false);
  EXPECT_EQ(json["agreement"]["agreed"], false);
  EXPECT_EQ(json["agreement"]["towns"][0]["state"], "agrees");
  EXPECT_EQ(json["agreement"]["towns"][1]["state"], "none");
  EXPECT_EQ(json["standing"]["in_the_plan"], false);
  EXPECT_EQ(json["standing"]["positions"][0]["stance"], nullptr);
  EXPECT_EQ(RecordJson(plan(), record(kRoom))["agreement"], nullptr);
}

TEST_F(CliJson, AConflictHasEveryCandidateWithWhoAndWhen) {
  plan::Conflict conflict = DifferOnDeadline();
  Json json = ConflictJson(plan(), conflict);
  EXPECT_EQ(json["id"], HexOf(conflict.id.bytes()));
  EXPECT_EQ(json["record"], kSeminar.hex());
  EXPECT_EQ(json["record_title"], "Teacher seminar");
  EXPECT_EQ(json["field"], "deadline");
  EXPECT_EQ(json["language"], nullptr);
  EXPECT_EQ(json["kind"], "values");
  EXPECT_EQ(json["settled"], nullptr);
  ASSERT_EQ(json["candidates"].size(), 2u);
  const Json& first = json["candidates"][0];
  EXPECT_EQ(first["value"], "2031-04-04");
  EXPECT_EQ(first["author"], "ben");
  EXPECT_EQ(first["town"], "Exempleville");
  EXPECT_EQ(first["time"], "2031-03-28T14:05:00Z");
  EXPECT_EQ(first["shown"], false);
  EXPECT_EQ(json["candidates"][1]["shown"], true);
}

TEST_F(CliJson, ASettledConflictSaysByWhomAndHow) {
  plan::Conflict conflict = DifferOnDeadline();
  Must("ana", {*plan::Settle(plan(), conflict, {plan::Choice::kKeep, 0, ""})});
  Json json = ConflictJson(plan(), plan::Conflicts(plan(), true).at(0));
  EXPECT_EQ(json["settled"]["by"], "ana");
  EXPECT_EQ(json["settled"]["town"], "Exampleton");
  EXPECT_EQ(json["settled"]["outcome"], "2031-04-04");
  EXPECT_EQ(json["settled"]["diverged"], false);
  EXPECT_EQ(json["settled"]["reopened"], false);
}

TEST_F(CliJson, ADeletionConflictSaysWhoDeletedAndWhoWentOn) {
  Must("ana", {Delete(kSeminar)});
  Must("ben", {Write(kSeminar, "activity", "place", merge::StringValue("Mairie"))});
  world_.SyncAll();
  plan::Conflict conflict = plan::Conflicts(plan(), false).at(0);
  Json json = ConflictJson(plan(), conflict);
  EXPECT_EQ(json["kind"], "deletion");
  EXPECT_EQ(json["field"], nullptr);
  EXPECT_EQ(json["candidates"][0]["value"], "deleted");
  EXPECT_EQ(json["candidates"][1]["value"], "kept");
  EXPECT_EQ(json["candidates"][1]["edited"], kSeminar.hex());
  Must("ana", {*plan::Settle(plan(), conflict, {plan::Choice::kKeep, 1, ""})});
  EXPECT_EQ(ConflictJson(plan(), plan::Conflicts(plan(), true).at(0))["settled"]["outcome"],
            "kept");
}

TEST_F(CliJson, APassageConflictHasBothVersions) {
  Must("ana", {Splice(kSeminar, "activity", "description", "en", {{0, 9, "One seminar"}})});
  Must("ben", {Splice(kSeminar, "activity", "description", "en", {{2, 7, "workshop"}})});
  world_.SyncAll();
  Json json = ConflictJson(plan(), plan::Conflicts(plan(), false).at(0));
  EXPECT_EQ(json["kind"], "passage");
  EXPECT_EQ(json["field"], "description");
  EXPECT_EQ(json["language"], "en");
  EXPECT_EQ(json["candidates"].size(), 2u);
}

TEST_F(CliJson, AReportHasLabelsMonthNamesAndTheWayToSettle) {
  plan::Conflict conflict = DifferOnDeadline();
  std::string report = RecordReport(plan(), record(kSeminar), ShortIds(plan()));
  EXPECT_THAT(report, HasSubstr("activity \"Teacher seminar\""));
  EXPECT_THAT(report, HasSubstr("deadline               28 March 2031   (open conflict)"));
  EXPECT_THAT(report, HasSubstr("1  4 April 2031"));
  EXPECT_THAT(report, HasSubstr("twinning settle " + HexOf(conflict.id.bytes()).substr(0, 8)));
  EXPECT_THAT(report, HasSubstr("awaiting agreement by Exempleville"));
}

TEST_F(CliJson, ChangesAreToldFieldByField) {
  merge::Record before = record(kSeminar);
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28")),
               Add(kSeminar, "activity", "tags", merge::StringValue("music")),
               Splice(kSeminar, "activity", "description", "en", {{2, 0, "long "}})});
  std::vector<std::string> lines;
  for (const FieldChange& change : ChangesBetween({plan(), &before}, {plan(), &record(kSeminar)})) {
    lines.push_back(InWords(change));
  }
  EXPECT_THAT(lines, ElementsAre("description (en): A {+long +}seminar for teachers. Speakers from "
                                 "both …",
                                 "deadline: 31 March 2031 -> 28 March 2031", "tags: + music"));
}

TEST_F(CliJson, SearchingLeavesOutAccentsAndCaseAndWantsEveryWord) {
  auto found = FindWords(plan(), "ecole VISITE");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].record->id, kVisit);
  EXPECT_THAT(found[0].fields, ElementsAre("title"));
  EXPECT_EQ(FindWords(plan(), "seminar").size(), 2u);
  EXPECT_EQ(FindWords(plan(), "seminar speakers").size(), 1u);
  EXPECT_TRUE(FindWords(plan(), "").empty());
  Must("ana", {Delete(kVisit)});
  EXPECT_TRUE(FindWords(plan(), "ecole").empty());
}

}  // namespace
}  // namespace twinning::cli
