// What is different between two states of one record, field by field: for what a command did, for
// log and for diff. Pure.
#pragma once

#include <string>
#include <vector>

#include "client/cli/json.h"
#include "common/plan/plan.h"

namespace twinning::cli {

// A record in the plan that it is read with.
struct Reading {
  const plan::Plan& plan;
  const merge::Record* record;  // null: not there
};

struct FieldChange {
  std::string field;     // as in the schema; empty when the record itself came, went or came back
  std::string label;     // as people read it
  std::string language;  // of a text
  bool text = false;
  std::string before;  // in words; of a text the whole wording
  std::string after;
  std::vector<std::string> added;  // of a set
  std::vector<std::string> removed;
};

// By field, then language. A record that was not there before counts as one with nothing set.
std::vector<FieldChange> ChangesBetween(const Reading& before, const Reading& after);

// "deadline: 31 March 2031 -> 28 March 2031", "tags: + music - youth",
// "statement (fr): … [-deux-]{+trois+} écoles …"
std::string InWords(const FieldChange& change);
Json ChangeJson(const FieldChange& change);

}  // namespace twinning::cli
