// From assignments to the edits of one record, existing or new: what a person wrote in one command
// becomes one change. Pure but for the random bytes that it is given.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/desk/assignment.h"
#include "client/desk/values.h"
#include "client/replica/replica.h"

namespace twinning::desk {

// As many random bytes as asked for.
using RandomBytes = std::function<std::string(size_t)>;

class RecordDraft {
 public:
  // Of an existing record, as `view` shows it. `town` is the town of who writes.
  RecordDraft(const plan::Plan& view, const TownId& town, const merge::Record& record,
              RandomBytes random);
  // Of a new record: begins with its creation. `rule` may be empty.
  RecordDraft(const plan::Plan& view, const TownId& town, const merge::Kind& kind,
              const RecordId& id, const RecordId& rule, RandomBytes random);

  // InvalidArgument when the field is unknown or the value does not fit; FailedPrecondition when
  // the field has an open conflict, with the command that settles it.
  absl::Status Assign(const Assignment& assignment);
  // The same with a canonical value at hand, for what defaults; only registers that are not set
  // yet.
  void Default(const merge::Field& field, const merge::Value& value);
  // A text's new wording, in splices against the shown one.
  absl::Status SetText(const merge::Field& field, std::string_view language,
                       std::string_view wording);

  // Names of the required fields that have no value: what keeps a new record from being complete.
  std::vector<std::string> Missing() const;
  bool HasValue(const merge::Field& field) const;
  // What the register holds after the assignments so far; personal ones in plain.
  merge::Value ValueOf(const merge::Field& field) const;

  // The edits, by field; nothing that would leave a field as it is. InvalidArgument when they are
  // too much for one change.
  absl::StatusOr<client::Replica::Draft> Finish() const;

 private:
  absl::Status AssignRegister(const merge::Field& field, const Assignment& assignment);
  absl::Status AssignSet(const merge::Field& field, const Assignment& assignment);
  absl::Status AssignCounter(const merge::Field& field, const Assignment& assignment);
  absl::Status CheckNoConflict(const merge::Field& field) const;
  absl::Status CheckNotSigned(const merge::Field& field) const;
  merge::Value ShownPlain(uint32_t field) const;  // of a personal field the value itself
  std::set<merge::Value> ShownSet(uint32_t field) const;
  std::string DefaultLanguage() const;
  void AddRegisterEdits(client::Replica::Draft& draft) const;
  void AddSetEdits(client::Replica::Draft& draft) const;
  void AddTextEdits(client::Replica::Draft& draft) const;

  const plan::Plan& view_;
  TownId town_;
  const merge::Kind& kind_;
  const merge::Record* record_;  // null: a new one
  RecordId id_;
  RecordId rule_;
  RandomBytes random_;
  ValueReader reader_;
  std::map<uint32_t, merge::Value> registers_;
  std::set<uint32_t> whole_;  // registers that were given whole, not by a part
  std::map<uint32_t, std::set<merge::Value>> sets_;  // as they shall be
  std::set<uint32_t> replaced_;                      // sets that were given whole
  std::map<uint32_t, int64_t> increments_;
  std::map<merge::TextKey, std::string> texts_;
};

// The splices as edits carry them.
v1::Edit SpliceEdit(const RecordId& record, const merge::TextKey& key, std::string_view from,
                    std::string_view to);

// InvalidArgument when the edits take more room than one change has.
absl::Status CheckRoom(const client::Replica::Draft& draft);

// The first language of a town, "en" when it names none.
std::string LanguageOf(const plan::Plan& plan, const TownId& town);

}  // namespace twinning::desk
