#include "tests/scenarios/runner/scenario.h"

#include <fmt/core.h>

#include <algorithm>
#include <regex>

#include "common/base/status.h"

namespace twinning::scenarios {
namespace {

const std::regex kCondition(R"(((?:if|with|without) [^:"]*): *)");
const std::regex kHeading(R"((given|together|apart|everywhere)(?:, on (\d{4}-\d{2}-\d{2}))?)");
const std::regex kPerson(R"((\w+) at (.+))");
const std::regex kCommand(R"((\w+)(, with a modified client)?: *(.*))");
const std::regex kStage(R"((\w+) (syncs|receives|sees))");
const std::regex kJoins(R"((\w+) of (.+) joins)");
const std::regex kClock(R"((\w+)'s clock is (\d+) days? (ahead|behind))");
const std::regex kOrder(R"(if (\w+) (first|last|before (\w+)))");
const std::regex kPresence(R"((with|without) (\w+))");
const std::regex kInPlace(R"(once more with (\w+) at (.+) in place of (\w+))");
constexpr std::string_view kOnceMore = "once more with ";

absl::Status Unclear(const Outline& line, std::string_view expected) {
  return InvalidArgument(fmt::format("line {}: expected {}: {}", line.line, expected, line.text));
}

bool Matches(const std::string& text, const std::regex& pattern, std::smatch& match) {
  return std::regex_match(text, match, pattern);
}

// Words as a shell takes them apart: what is between double quotes stays together.
absl::StatusOr<std::vector<std::string>> WordsOf(const Outline& line, const std::string& text) {
  std::vector<std::string> words;
  bool quoted = false;
  bool begun = false;
  for (char c : text) {
    if (c == ' ' && !quoted) {
      begun = false;
      continue;
    }
    if (!begun) words.emplace_back();
    begun = true;
    if (c == '"') {
      quoted = !quoted;
    } else {
      words.back() += c;
    }
  }
  if (quoted || words.empty()) return Unclear(line, "a command with its quotes closed");
  return words;
}

class ScenarioReader {
 public:
  absl::StatusOr<Scenario> Read(const std::vector<Outline>& outline) {
    if (outline.empty()) return InvalidArgument("an empty scenario");
    size_t at = 0;
    TWINNING_RETURN_IF_ERROR(ReadPeople(outline[at++], "", scenario_.cast));
    while (at < outline.size() && outline[at].text.starts_with(kOnceMore)) {
      const Outline& line = outline[at++];
      std::smatch match;
      if (Matches(line.text, kInPlace, match)) continue;
      TWINNING_RETURN_IF_ERROR(ReadPeople(line, kOnceMore, scenario_.extra));
    }
    for (; at < outline.size(); ++at) TWINNING_RETURN_IF_ERROR(ReadPhase(outline[at]));
    if (scenario_.phases.empty() || scenario_.phases.back().kind != Phase::kEverywhere) {
      return InvalidArgument("a scenario ends with what is so everywhere");
    }
    return std::move(scenario_);
  }

 private:
  absl::Status ReadPeople(const Outline& line, std::string_view before,
                          std::vector<Person>& people) {
    std::string text = line.text.substr(before.size());
    for (size_t begin = 0; begin <= text.size();) {
      size_t end = std::min(text.find(", ", begin), text.size());
      std::string one = text.substr(begin, end - begin);
      std::smatch match;
      if (!Matches(one, kPerson, match)) return Unclear(line, "who is at which town");
      people.push_back({match[1], match[2]});
      names_.insert(match[1]);
      begin = end + 2;
    }
    return absl::OkStatus();
  }

  absl::Status ReadPhase(const Outline& line) {
    std::smatch match;
    if (!Matches(line.text, kHeading, match)) {
      return Unclear(line, "given, together, apart or everywhere");
    }
    Phase& phase = scenario_.phases.emplace_back();
    phase.line = line.line;
    if (match[2].matched) phase.day = ParseDate(match[2].str());
    if (match[2].matched && !phase.day) return Unclear(line, "a date like 2031-01-10");
    if (match[1] == "everywhere") {
      phase.kind = Phase::kEverywhere;
      phase.expected = line.under;
      return CheckConditions(line.under);
    }
    if (match[1] == "apart") phase.kind = Phase::kApart;
    for (const Outline& one : line.under) {
      TWINNING_ASSIGN_OR_RETURN(Step step, ReadStep(one));
      phase.steps.push_back(std::move(step));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Step> ReadStep(const Outline& line) {
    Step step;
    step.line = line.line;
    std::string_view rest = line.text;
    step.conditions = TakeConditions(rest);
    for (const std::string& condition : step.conditions) {
      TWINNING_RETURN_IF_ERROR(CheckCondition(line, condition));
    }
    const std::string text(rest);
    std::smatch match;
    if (Matches(text, kCommand, match)) {
      step.kind = match[2].matched ? Step::kForced : Step::kCommand;
      TWINNING_ASSIGN_OR_RETURN(step.words, WordsOf(line, match[3]));
    } else if (Matches(text, kStage, match)) {
      step.kind = match[2] == "syncs"      ? Step::kSync
                  : match[2] == "receives" ? Step::kReceive
                                           : Step::kSees;
    } else if (Matches(text, kJoins, match)) {
      step.kind = Step::kJoin;
      step.town = match[2];
      names_.insert(match[1]);
    } else if (Matches(text, kClock, match)) {
      step.kind = Step::kClock;
      step.days = std::stoi(match[2]) * (match[3] == "ahead" ? 1 : -1);
    } else {
      return Unclear(line, "ana: a command, or what ana does");
    }
    step.person = match[1];
    if (names_.count(step.person) == 0) return Unclear(line, "somebody who is there");
    step.under = line.under;
    TWINNING_RETURN_IF_ERROR(CheckConditions(line.under));
    return step;
  }

  absl::Status CheckConditions(const std::vector<Outline>& outline) const {
    for (const Outline& line : outline) {
      std::string_view rest = line.text;
      for (const std::string& condition : TakeConditions(rest)) {
        TWINNING_RETURN_IF_ERROR(CheckCondition(line, condition));
      }
      TWINNING_RETURN_IF_ERROR(CheckConditions(line.under));
    }
    return absl::OkStatus();
  }

  absl::Status CheckCondition(const Outline& line, const std::string& condition) const {
    std::smatch match;
    bool known = false;
    if (Matches(condition, kOrder, match)) {
      known = names_.count(match[1]) > 0 && (!match[3].matched || names_.count(match[3]) > 0);
    } else if (Matches(condition, kPresence, match)) {
      known = names_.count(match[2]) > 0;
    }
    return known ? absl::OkStatus()
                 : Unclear(line,
                           "if ana first, if ana last, if ana before ben, with cleo, "
                           "without cleo");
  }

  Scenario scenario_;
  std::set<std::string> names_;
};

// Everywhere the one person's name instead of the other's, and the one's town.
std::vector<Outline> Recast(std::vector<Outline> outline, const Person& from, const Person& to) {
  const std::regex name("\\b" + from.name + "\\b");
  const std::regex town("\\b" + from.town + "\\b");
  for (Outline& line : outline) {
    if (line.text.starts_with(kOnceMore)) continue;
    line.text = std::regex_replace(line.text, name, to.name);
    line.text = std::regex_replace(line.text, town, to.town);
    line.under = Recast(std::move(line.under), from, to);
  }
  return outline;
}

}  // namespace

absl::StatusOr<std::vector<Scenario>> ParseScenarios(std::string_view file) {
  TWINNING_ASSIGN_OR_RETURN(const std::vector<Outline> outline, testing::ParseOutline(file));
  std::vector<Scenario> scenarios;
  TWINNING_ASSIGN_OR_RETURN(Scenario plain, ScenarioReader().Read(outline));
  for (const Outline& line : outline) {
    std::smatch match;
    if (!Matches(line.text, kInPlace, match)) continue;
    const std::string absent = match[3];
    auto replaced = std::find_if(plain.cast.begin(), plain.cast.end(),
                                 [&](const Person& person) { return person.name == absent; });
    if (replaced == plain.cast.end()) return Unclear(line, "somebody who is there");
    const Person stand_in{match[1], match[2]};
    TWINNING_ASSIGN_OR_RETURN(Scenario other,
                              ScenarioReader().Read(Recast(outline, *replaced, stand_in)));
    other.cast.push_back(*replaced);
    other.extra.clear();
    scenarios.push_back(std::move(other));
  }
  scenarios.insert(scenarios.begin(), std::move(plain));
  return scenarios;
}

std::vector<std::string> TakeConditions(std::string_view& text) {
  std::vector<std::string> conditions;
  std::match_results<std::string_view::const_iterator> match;
  while (std::regex_search(text.begin(), text.end(), match, kCondition,
                           std::regex_constants::match_continuous)) {
    conditions.push_back(match[1].str());
    text.remove_prefix(static_cast<size_t>(match.length()));
  }
  return conditions;
}

bool Holds(const std::string& condition, const Circumstances& now) {
  std::smatch match;
  if (Matches(condition, kPresence, match)) {
    return (now.people.count(match[2]) > 0) == (match[1] == "with");
  }
  if (!Matches(condition, kOrder, match) || now.order.empty()) return false;
  if (match[2] == "first") return now.order.front() == match[1];
  if (match[2] == "last") return now.order.back() == match[1];
  auto place = [&](const std::string& name) {
    return std::find(now.order.begin(), now.order.end(), name);
  };
  return place(match[1]) < place(match[3]);
}

std::vector<Outline> Applying(const std::vector<Outline>& outline, const Circumstances& now) {
  std::vector<Outline> applying;
  for (const Outline& line : outline) {
    std::string_view rest = line.text;
    std::vector<std::string> conditions = TakeConditions(rest);
    bool holds = std::all_of(conditions.begin(), conditions.end(),
                             [&](const std::string& one) { return Holds(one, now); });
    if (holds) applying.push_back({std::string(rest), Applying(line.under, now), line.line});
  }
  return applying;
}

}  // namespace twinning::scenarios
