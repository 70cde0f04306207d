#include "tests/scenarios/runner/player.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "common/base/status.h"
#include "common/crypto/sha256.h"
#include "common/plan/mandate.h"
#include "common/words/words.h"
#include "tests/support/complete_state.h"

namespace twinning::scenarios {
namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kTenOClockMs = 10 * 3'600'000;
constexpr char kFirstDay[] = "2031-01-10";

absl::Status AtLine(int line, const absl::Status& status) {
  return status.ok() ? status : Within(fmt::format("line {}", line), status);
}

absl::Status Differs(std::string_view what, const std::vector<Outline>& expected,
                     const std::vector<Outline>& actual) {
  std::string difference = testing::Difference(expected, actual);
  if (difference.empty()) return absl::OkStatus();
  return Internal(fmt::format("{} is not as written (- written, + found):\n{}", what, difference));
}

// "refused: part of the reason" fits "refused: the whole reason".
bool Says(const std::string& answer, const std::string& expected) {
  size_t colon = expected.find(": ");
  if (colon == std::string::npos) return answer == expected;
  return answer.starts_with(expected.substr(0, colon + 2)) &&
         answer.find(expected.substr(colon + 2)) != std::string::npos;
}

}  // namespace

Player::Player(const Scenario& scenario, const Run& run, Stage& stage)
    : scenario_(scenario), run_(run), stage_(stage), today_(*ParseDate(kFirstDay) - 1) {}

absl::Status Player::Play() {
  for (const Person& person : run_.people) {
    TWINNING_RETURN_IF_ERROR(stage_.Join(person.name, person.town));
    TWINNING_RETURN_IF_ERROR(Confirm(person.name));
    now_.people.insert(person.name);
  }
  for (const Person& person : run_.people) {
    before_[person.name] = stage_.LastNumber(person.name);
  }
  TWINNING_RETURN_IF_ERROR(SyncAll());
  for (const Phase& phase : scenario_.phases) {
    if (phase.day) {
      today_ = *phase.day;
    } else if (phase.kind != Phase::kEverywhere) {
      ++today_;
    }
    TWINNING_RETURN_IF_ERROR(PlayPhase(phase));
  }
  return absl::OkStatus();
}

absl::Status Player::PlayPhase(const Phase& phase) {
  if (phase.kind == Phase::kEverywhere) return AtLine(phase.line, Everywhere(phase));
  for (const Step& step : phase.steps) {
    if (Applies(step)) TWINNING_RETURN_IF_ERROR(AtLine(step.line, PlayStep(phase, step)));
  }
  return AtLine(phase.line, phase.kind == Phase::kApart ? SyncInOrder() : SyncAll());
}

// What people do who are not there in this run is left out.
bool Player::Applies(const Step& step) const {
  if (step.kind != Step::kJoin && now_.people.count(step.person) == 0) return false;
  return std::all_of(step.conditions.begin(), step.conditions.end(),
                     [&](const std::string& condition) { return Holds(condition, now_); });
}

// Who is not the first of a town speaks for it once the first has said so.
absl::Status Player::Confirm(const std::string& name) {
  const TownId town = stage_.TownOf(name);
  const ReplicaId replica = ReplicaOfKey(stage_.Key(name).public_key());
  for (const Person& first : run_.people) {
    if (!now_.people.contains(first.name) || stage_.TownOf(first.name) != town) continue;
    TWINNING_RETURN_IF_ERROR(stage_.Sync(first.name));
    const plan::Plan& view = stage_.View(first.name);
    const plan::Member& member = *view.FindMember(replica);
    if (member.confirmed()) return absl::OkStatus();
    v1::MandateStatement said;
    said.set_decision(v1::MandateStatement::APPOINT);
    said.set_key(member.key);
    said.set_role(member.role);
    const SigningKey& key = stage_.Key(first.name);
    const plan::Member& author = *view.FindMember(ReplicaOfKey(key.public_key()));
    client::Replica::Draft draft;
    draft.edits.push_back(plan::MandateEdit(view, author, key, town, said));
    TWINNING_ASSIGN_OR_RETURN(auto refusal, stage_.Write(first.name, draft, ClockOf(first.name)));
    if (refusal) return Internal(refusal->detail);
    TWINNING_RETURN_IF_ERROR(stage_.Sync(first.name));
    return stage_.Sync(name);
  }
  return absl::OkStatus();
}

absl::Status Player::PlayStep(const Phase& phase, const Step& step) {
  switch (step.kind) {
    case Step::kSync:
      return stage_.Sync(step.person);
    case Step::kReceive:
      return stage_.Receive(step.person);
    case Step::kJoin:
      now_.people.insert(step.person);
      return stage_.Join(step.person, step.town);
    case Step::kClock:
      clocks_[step.person] = step.days;
      return absl::OkStatus();
    case Step::kSees:
      return Sees(step);
    default:
      return Command(phase, step);
  }
}

absl::Status Player::SyncInOrder() {
  now_.order = run_.orders[apart_++];
  for (const std::string& name : now_.order) TWINNING_RETURN_IF_ERROR(stage_.Sync(name));
  return SyncAll();
}

absl::Status Player::SyncAll() {
  for (const std::string& name : now_.people) TWINNING_RETURN_IF_ERROR(stage_.Sync(name));
  return absl::OkStatus();
}

absl::Status Player::Command(const Phase& phase, const Step& step) {
  const bool together = phase.kind == Phase::kTogether;
  if (together) TWINNING_RETURN_IF_ERROR(stage_.Sync(step.person));
  TWINNING_ASSIGN_OR_RETURN(std::vector<std::string> answers, Answer(step));
  for (const Outline& expected : Applying(step.under, now_)) {
    auto found = std::find_if(answers.begin(), answers.end(), [&](const std::string& answer) {
      return Says(answer, expected.text);
    });
    if (found == answers.end()) {
      return Internal(fmt::format("the answer lacks \"{}\"; it is: {}", expected.text,
                                  fmt::join(answers, "; ")));
    }
    answers.erase(found);
  }
  if (!answers.empty()) {
    return Internal(fmt::format("answered, and not written: {}", fmt::join(answers, "; ")));
  }
  return together ? stage_.Sync(step.person) : absl::OkStatus();
}

// What the person is told that needs their attention; nothing when all went as they wanted.
absl::StatusOr<std::vector<std::string>> Player::Answer(const Step& step) {
  const std::string& name = step.person;
  Typist typist{stage_.View(name),
                stage_.Confirmed(name),
                stage_.TownOf(name),
                stage_.Key(name),
                stage_.LastNumber(name) - before_[name],
                [&](Number number) {
                  // A scenario counts from what it tells.
                  return stage_.OwnChange(name, number + before_[name]);
                }};
  auto typed = Type(
      typist, names_, [this](size_t size) { return Random(size); }, step.words);
  if (!typed.ok()) return std::vector<std::string>{"refused: " + MessageOf(typed.status())};
  std::vector<std::string> answers;
  for (const std::string& one : typed->left_alone) answers.push_back("left alone: " + one);
  if (typed->draft.edits.empty()) {
    answers.push_back("nothing to change");
    return answers;
  }
  absl::Status saved = Save(step, *typed);
  if (absl::IsInternal(saved)) return saved;
  if (!saved.ok()) answers.push_back("refused: " + MessageOf(saved));
  return answers;
}

absl::Status Player::Save(const Step& step, const Typed& typed) {
  const int64_t time_ms = ClockOf(step.person);
  if (step.kind == Step::kForced) return stage_.Force(step.person, typed.draft, time_ms);
  TWINNING_ASSIGN_OR_RETURN(std::optional<plan::Refusal> refusal,
                            stage_.Write(step.person, typed.draft, time_ms));
  if (refusal) return FailedPrecondition(refusal->detail);
  if (typed.name.empty() || names_.Give(typed.name, typed.made)) return absl::OkStatus();
  return Internal(fmt::format("another record is called \"{}\"", typed.name));
}

absl::Status Player::Sees(const Step& step) {
  std::vector<Outline> found = testing::CompleteState(stage_.View(step.person), names_, today_);
  return Differs("what " + step.person + " sees", Applying(step.under, now_), found);
}

absl::Status Player::Everywhere(const Phase& phase) {
  TWINNING_RETURN_IF_ERROR(stage_.CheckEqual());
  const std::vector<Outline> expected = Applying(phase.expected, now_);
  TWINNING_ASSIGN_OR_RETURN(const std::vector<Outline> drawers, Drawers());
  for (const std::string& name : now_.people) {
    std::vector<Outline> found = testing::CompleteState(stage_.View(name), names_, today_);
    found.insert(found.end(), drawers.begin(), drawers.end());
    TWINNING_RETURN_IF_ERROR(Differs("the plan of " + name, expected, found));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Outline>> Player::Drawers() {
  std::vector<Outline> drawers;
  for (const std::string& name : now_.people) {
    TWINNING_ASSIGN_OR_RETURN(Stage::Drawer drawer, stage_.Refused(name));
    if (drawer.empty()) continue;
    Outline& one = drawers.emplace_back();
    one.text = "refused drawer of " + name;
    for (const auto& [change, reason] : drawer) {
      std::vector<std::string> what = words::DescribeEdits(stage_.View(name), change.edits);
      one.under.push_back(
          {fmt::format("{}: {}", fmt::join(what, "; "), words::Reason(reason)), {}});
    }
  }
  return drawers;
}

int64_t Player::ClockOf(const std::string& name) const {
  auto ahead = clocks_.find(name);
  return (today_ + (ahead != clocks_.end() ? ahead->second : 0)) * kDayMs + kTenOClockMs;
}

// The same in every run, so that ids do not depend on who syncs first.
std::string Player::Random(size_t size) {
  std::string bytes;
  while (bytes.size() < size) bytes += Sha256(fmt::format("drawn {}", drawn_++)).bytes();
  return bytes.substr(0, size);
}

}  // namespace twinning::scenarios
