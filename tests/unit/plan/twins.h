// Ana and Ben with one shared objective and one seminar, and both orders of syncing.
#pragma once

#include <gmock/gmock.h>

#include "common/plan/conflicts.h"
#include "common/plan/standing.h"
#include "common/plan/terms.h"
#include "tests/support/world.h"

namespace twinning::plan {

using namespace twinning::testing;  // NOLINT: the tests' own words

inline const RecordId kSeminar = RecordNamed("seminar");
inline const RecordId kObjective = RecordNamed("objective");

// The parameter says who syncs first.
class Twins : public ::testing::TestWithParam<std::string> {
 protected:
  Twins() : world_({{"ana", "Exampleton"}, {"ben", "Exempleville"}}) {
    Must("ana", {Create(kSeminar, "activity"),
                 Write(kSeminar, "activity", "title", merge::StringValue("Teacher seminar")),
                 Write(kSeminar, "activity", "deadline", Date("2031-03-31"))});
    Must("ana", {Create(kObjective, "objective"),
                 Write(kObjective, "objective", "title", merge::StringValue("French")),
                 Splice(kObjective, "objective", "statement", "en",
                        {{0, 0, "Teach French. Visit schools."}})});
    world_.SyncAll();
  }

  void Must(std::string_view name, std::vector<v1::Edit> edits) {
    std::optional<Refusal> refusal = world_[name].Write(std::move(edits));
    ASSERT_FALSE(refusal) << refusal->detail;
  }

  // Both sync, the parameter first, and then hold the same.
  void SyncBoth() {
    std::string first = GetParam();
    std::string second = first == "ana" ? "ben" : "ana";
    world_.Sync(first);
    world_.Sync(second);
    world_.Sync(first);
    EXPECT_EQ(world_["ana"].confirmed().Digest(), world_["ben"].confirmed().Digest());
    EXPECT_EQ(world_["ana"].confirmed().Digest(), world_.server().Digest());
  }

  const Plan& plan() { return world_["ana"].view(); }
  const merge::Record& record(const RecordId& id) { return *plan().Find(id); }
  const merge::Value& shown(const RecordId& id, std::string_view field) {
    const merge::Record& found = record(id);
    return plan().Shown(found, plan().KindOf(found)->FieldByName(field)->number);
  }
  std::string statement(const RecordId& id) {
    return record(id).texts.begin()->second.document.text();
  }
  std::vector<merge::Value> candidates(const Conflict& conflict) {
    std::vector<merge::Value> values;
    for (const Candidate& candidate : conflict.candidates) values.push_back(candidate.value);
    return values;
  }

  World world_;
};

}  // namespace twinning::plan
