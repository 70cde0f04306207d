// That a scenario which is not so fails, and how files are read.
#include <gmock/gmock.h>

#include "common/base/status.h"
#include "tests/scenarios/runner/bare_stage.h"
#include "tests/scenarios/runner/player.h"

namespace twinning::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const std::string kBegin = R"(
ana at Exampleton, ben at Exempleville

given
  ana: add meeting body="Steering group" date=2031-03-21
apart
  ana: set "Steering group" place=Lille
  ben: set "Steering group" date=2031-03-28
)";

// The message of the first run that fails; empty when all are as written.
std::string Play(const std::string& file) {
  absl::StatusOr<std::vector<Scenario>> scenarios = ParseScenarios(file);
  if (!scenarios.ok()) return MessageOf(scenarios.status());
  for (const Scenario& scenario : *scenarios) {
    for (const Run& run : RunsOf(scenario, true)) {
      BareStage stage;
      absl::Status played = Player(scenario, run, stage).Play();
      if (!played.ok()) return MessageOf(played);
    }
  }
  return "";
}

TEST(Scenarios, WhatIsSoPassesInAnyOrderOfLines) {
  EXPECT_EQ(Play(kBegin + R"(
everywhere
  meeting "Steering group"
    place: Lille
    date: 28 March 2031
)"),
            "");
}

TEST(Scenarios, AnythingFoundThatIsNotWrittenFails) {
  EXPECT_THAT(Play(kBegin + R"(
everywhere
  meeting "Steering group"
    date: 28 March 2031
)"),
              HasSubstr("+   place: Lille"));
}

TEST(Scenarios, AnythingWrittenThatIsNotFoundFails) {
  EXPECT_THAT(Play(kBegin + R"(
everywhere
  meeting "Steering group"
    date: 28 March 2031
    place: Lille
    open conflict about date
)"),
              HasSubstr("-   open conflict about date"));
}

TEST(Scenarios, ARefusalThatIsNotWrittenFails) {
  EXPECT_THAT(Play(kBegin + R"(
together
  ana: restore "Steering group"
everywhere
)"),
              HasSubstr("not written: refused"));
}

TEST(Scenarios, ARefusalThatDoesNotComeFails) {
  EXPECT_THAT(Play(kBegin + R"(
together
  ana: delete "Steering group"
    refused: no right
everywhere
)"),
              HasSubstr("lacks \"refused: no right\""));
}

TEST(Scenarios, AFileThatChecksNothingAtItsEndIsNone) {
  EXPECT_THAT(Play(kBegin), HasSubstr("everywhere"));
}

TEST(Scenarios, AMisspeltNameOrHeadingIsNamedWithItsLine) {
  EXPECT_THAT(Play(kBegin + "everywhere\n  if anna first: meeting\n"), HasSubstr("line 10"));
  EXPECT_THAT(Play(kBegin + "apart\n  anna: delete\neverywhere\n"), HasSubstr("line 10"));
  EXPECT_THAT(Play(kBegin + "elsewhere\n"), HasSubstr("line 9"));
}

TEST(Scenarios, ALineIndentedLikeNothingAboveItIsNamed) {
  EXPECT_THAT(Play(kBegin + "everywhere\n    meeting\n  meeting\n"), HasSubstr("line 11"));
}

TEST(Scenarios, EveryOrderOfThoseWhoWroteIsPlayedInEveryPhase) {
  auto scenarios = ParseScenarios(kBegin + R"(
apart
  ana: delete "Steering group"
  ben: delete "Steering group"
everywhere
)");
  ASSERT_TRUE(scenarios.ok());
  EXPECT_THAT(RunsOf(scenarios->front(), true), SizeIs(4));
  EXPECT_THAT(RunsOf(scenarios->front(), false), SizeIs(2));
}

TEST(Scenarios, SomebodyInPlaceOfAnotherDoesAndIsNamedAsThatOne) {
  auto scenarios = ParseScenarios(R"(
ana at Exampleton, ben at Exempleville
once more with amy at Exampleton in place of ben
given
  ben: add meeting body="Steering group"
everywhere
  meeting "Steering group"
    by ben of Exempleville
)");
  ASSERT_TRUE(scenarios.ok());
  ASSERT_THAT(*scenarios, SizeIs(2));
  const Scenario& recast = scenarios->back();
  EXPECT_THAT(recast.cast, SizeIs(3));
  EXPECT_EQ(recast.phases[0].steps[0].person, "amy");
  EXPECT_EQ(recast.phases[1].expected[0].under[0].text, "by amy of Exampleton");
}

TEST(Scenarios, LinesOfTheOrderAreChosenByIt) {
  const std::vector<Outline> lines = {
      {"if ana first: a", {}}, {"if ana last: b", {}}, {"with cleo: c", {}}};
  Circumstances now{{"ana", "ben"}, {"ben", "ana"}};
  std::vector<Outline> applying = Applying(lines, now);
  ASSERT_THAT(applying, SizeIs(1));
  EXPECT_EQ(applying[0].text, "b");
}

}  // namespace
}  // namespace twinning::scenarios
