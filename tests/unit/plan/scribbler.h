// Somebody who writes this and that in two records, decided by a seed: for laws that hold whatever
// people write.
#pragma once

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/plan/conflicts.h"
#include "tests/support/world.h"

namespace twinning::plan {

struct Target {
  RecordId id;
  const char* kind;
  const char* text;
};

inline const std::array<Target, 2> kRecords = {{
    {testing::RecordNamed("objective"), "objective", "statement"},
    {testing::RecordNamed("activity"), "activity", "description"},
}};

class Scribbler {
 public:
  // Makes the two records.
  static void Begin(testing::Person& person) {
    for (const Target& target : kRecords) {
      person.Write({testing::Create(target.id, target.kind),
                    testing::Write(target.id, target.kind, "title", Word(0)),
                    testing::Splice(target.id, target.kind, target.text, "en",
                                    {{0, 0, "One two three. Four five six. Seven eight. "}})});
    }
  }

  // One to four changes; the same seed, the same changes.
  void Scribble(testing::Person& person, unsigned seed) {
    random_.seed(seed);
    for (unsigned steps = 1 + Below(4); steps > 0; --steps) WriteOne(person);
  }

  int divergences = 0;  // that were begun

 private:
  static merge::Value Word(unsigned which) {
    return merge::StringValue(std::string(1, static_cast<char>('a' + which)));
  }

  unsigned Below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

  void WriteOne(testing::Person& person) {
    const Target& target = kRecords[Below(2)];
    const auto& [id, kind, text] = target;
    switch (Below(8)) {
      case 0:
        person.Write({testing::Write(id, kind, "title", Word(Below(4)))});
        break;
      case 1:
      case 2:
        Type(person, target);
        break;
      case 3:
        person.Write({Below(2) == 0 ? testing::Add(id, kind, "tags", Word(Below(3)))
                                    : testing::Remove(id, kind, "tags", Word(Below(3)))});
        break;
      case 4:
        person.Write({Below(3) == 0 ? testing::Restore(id) : testing::Delete(id)});
        break;
      case 5:
        State(person, id);
        break;
      default:
        SettleOne(person);
    }
  }

  void Type(testing::Person& person, const Target& target) {
    const Plan& view = person.view();
    const merge::Record* record = view.Find(view.Routed(target.id, person.town()));
    int64_t size = 0;
    for (const auto& [key, text] : record->texts) size = text.document.size();
    auto position = static_cast<int64_t>(Below(static_cast<unsigned>(size) + 1));
    auto removed = std::min<int64_t>(Below(6), size - position);
    person.Write({testing::Splice(target.id, target.kind, target.text, "en",
                                  {{position, removed, Below(4) == 0 ? "Stop. " : "x"}})});
  }

  void State(testing::Person& person, const RecordId& id) {
    auto stance = static_cast<v1::StanceKind>(1 + Below(3));
    auto edits = StatePosition(person.view(), person.town(), id, stance, "", "en");
    if (edits.ok()) person.Write(*std::move(edits));
  }

  void SettleOne(testing::Person& person) {
    std::vector<Conflict> open = Conflicts(person.view(), false);
    if (open.empty()) return;
    const Conflict& conflict = open[Below(static_cast<unsigned>(open.size()))];
    Choice choice;
    choice.keep = Below(static_cast<unsigned>(conflict.candidates.size()));
    if (Below(4) == 0) choice.kind = Choice::kDiverge;
    absl::StatusOr<v1::Edit> edit = Settle(person.view(), conflict, choice);
    if (edit.ok() && !person.Write({*edit}) && edit->settle().diverge()) ++divergences;
  }

  std::mt19937 random_;
};

}  // namespace twinning::plan
