// A scenario as its file tells it: who is there, what they do in which phase, and what the plan
// says everywhere afterwards. The grammar is in ../README.md. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "tests/support/outline.h"

namespace twinning::scenarios {

using testing::Outline;

struct Person {
  std::string name;
  std::string town;
};

// Who is there in one run, and in which order they synced last.
struct Circumstances {
  std::set<std::string> people;
  std::vector<std::string> order;
};

// One line of a phase.
struct Step {
  enum Kind {
    kCommand,  // ana: set "Seminar" deadline=2031-03-28
    kForced,   // ana, with a modified client: ...
    kSync,     // ana syncs
    kReceive,  // ana receives
    kJoin,     // cleo of Beispielstadt joins
    kClock,    // ana's clock is 2 days ahead
    kSees,     // ana sees
  } kind = kCommand;
  int line = 0;
  std::vector<std::string> conditions;
  std::string person;
  std::string town;                // of kJoin
  int days = 0;                    // of kClock
  std::vector<std::string> words;  // of a command, quotes taken off
  std::vector<Outline> under;      // what is answered, or seen
};

struct Phase {
  enum Kind { kTogether, kApart, kEverywhere } kind = kTogether;
  int line = 0;
  std::optional<Days> day;
  std::vector<Step> steps;
  std::vector<Outline> expected;  // of kEverywhere
};

struct Scenario {
  std::vector<Person> cast;
  std::vector<Person> extra;  // each of them makes it once more
  std::vector<Phase> phases;
};

// The scenario, and for each line "once more with amy at Exampleton in place of ben" the same one
// as it is then: amy does what ben did, and ben looks on. InvalidArgument names the line and what
// was expected.
absl::StatusOr<std::vector<Scenario>> ParseScenarios(std::string_view file);

// Takes conditions ("if ana first:", "with cleo:") off the beginning of a line.
std::vector<std::string> TakeConditions(std::string_view& text);
bool Holds(const std::string& condition, const Circumstances& circumstances);

// The lines whose conditions hold, without them.
std::vector<Outline> Applying(const std::vector<Outline>& outline,
                              const Circumstances& circumstances);

}  // namespace twinning::scenarios
