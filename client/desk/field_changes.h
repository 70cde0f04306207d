// What is different between two states of one record, field by field: for what a command did, for
// log and for diff. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "client/desk/json.h"
#include "common/plan/plan.h"

namespace twinning::desk {

// What a text says, by field and language.
using Wordings = std::map<merge::TextKey, std::string>;

// A record in the plan that it is read with.
struct Reading {
  const plan::Plan& plan;
  const merge::Record* record;         // null: not there
  const Wordings* wordings = nullptr;  // when given, the texts that may be different, as they read
};

// A record as it is now, for later comparison. The texts are kept as they read, because a document
// that is shared is copied whole when it next changes.
class Snapshot {
 public:
  // `texts` are those that may change until the comparison.
  Snapshot(const merge::Record& record, const std::set<merge::TextKey>& texts);

  Reading In(const plan::Plan& plan) const { return {plan, &record_, &wordings_}; }

 private:
  merge::Record record_;
  Wordings wordings_;
};

// The texts of `record`, addressed so in edits, that they write.
std::set<merge::TextKey> TextsWritten(const RecordId& record, const v1::Edits& edits);

struct FieldChange {
  std::string field;     // as in the schema; empty when the record itself came, went or came back
  std::string label;     // as people read it
  std::string language;  // of a text
  bool text = false;
  std::string before;  // in words; of a text the whole wording
  std::string after;
  std::vector<std::string> added;  // of a set
  std::vector<std::string> removed;
  // The same as values, for readers of other languages; null of a text and of what is not set.
  Json before_value;
  Json after_value;
  Json added_values = Json::array();
  Json removed_values = Json::array();
};

// By field, then language. A record that was not there before counts as one with nothing set.
std::vector<FieldChange> ChangesBetween(const Reading& before, const Reading& after);

// "deadline: 31 March 2031 -> 28 March 2031", "tags: + music - youth",
// "statement (fr): … [-deux-]{+trois+} écoles …"
std::string InWords(const FieldChange& change);
// {"field", "before", "after", "before_value", "after_value"}, of a text with "language" and
// "difference", of a set {"field", "added", "removed", "added_values", "removed_values"}.
Json ChangeJson(const FieldChange& change);

}  // namespace twinning::desk
