// Ana and ben with a small plan in memory, as the tests of the command line's pure parts read it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/context.h"
#include "common/base/status.h"
#include "tests/support/world.h"

namespace twinning::cli {

using namespace twinning::testing;  // NOLINT: the tests' own words

inline const RecordId kSeminar = RecordNamed("seminar");
inline const RecordId kVisit = RecordNamed("visit");
inline const RecordId kRoom = RecordNamed("room");

class Twins : public ::testing::Test {
 protected:
  Twins() : world_({{"ana", "Exampleton"}, {"ben", "Exempleville"}}) {
    Must("ana", {Create(kSeminar, "activity"),
                 Write(kSeminar, "activity", "title", merge::StringValue("Teacher seminar")),
                 Write(kSeminar, "activity", "deadline", Date("2031-03-31")),
                 Splice(kSeminar, "activity", "description", "en",
                        {{0, 0, "A seminar for teachers. Speakers from both towns."}})});
    Must("ana", {Create(kVisit, "activity"),
                 Write(kVisit, "activity", "title", merge::StringValue("Visite à l'École"))});
    Must("ana",
         {Create(kRoom, "budget_line"),
          Write(kRoom, "budget_line", "town", merge::ReferenceValue(world_.Town("Exampleton"))),
          Write(kRoom, "budget_line", "heading", merge::StringValue("Seminar room"))});
    world_.SyncAll();
  }

  void Must(std::string_view name, std::vector<v1::Edit> edits) {
    std::optional<plan::Refusal> refusal = world_[name].Write(std::move(edits));
    ASSERT_FALSE(refusal) << refusal->detail;
  }

  const plan::Plan& plan() { return world_["ana"].view(); }
  TownId town() const { return world_.Town("Exampleton"); }
  const merge::Record& record(const RecordId& id) { return *plan().Find(id); }
  const merge::Field& field(std::string_view kind, std::string_view name) {
    return *plan().schema().KindByName(kind)->FieldByName(name);
  }
  const merge::Value& shown(const RecordId& id, std::string_view name) {
    const merge::Record& found = record(id);
    return plan().Shown(found, plan().KindOf(found)->FieldByName(name)->number);
  }

  World world_;
};

template <typename T>
std::string Why(const absl::StatusOr<T>& answer) {
  return answer.ok() ? "it was taken" : MessageOf(answer.status());
}
inline std::string Why(const absl::Status& answer) {
  return answer.ok() ? "it was taken" : MessageOf(answer);
}

}  // namespace twinning::cli
