// The names by which a scenario calls its records. A name is given once, at the record's making,
// and stays when the title changes.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "common/base/ids.h"
#include "common/plan/plan.h"

namespace twinning::testing {

class RecordNames {
 public:
  // False when another record has the name.
  bool Give(const std::string& name, const RecordId& id);
  std::optional<RecordId> Find(const std::string& name) const;

  // The name of a record, or of what it is a branch of; its title when it has none.
  std::string TitleOf(const plan::Plan& plan, const merge::Record& record) const;
  // activity "Teacher seminar"; objective "French", the one of Exampleton
  std::string NameOf(const plan::Plan& plan, const merge::Record& record) const;

 private:
  std::map<std::string, RecordId> ids_;
  std::map<RecordId, std::string> names_;
};

}  // namespace twinning::testing
