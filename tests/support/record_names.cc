#include "tests/support/record_names.h"

#include <fmt/core.h>

#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::testing {

bool RecordNames::Give(const std::string& name, const RecordId& id) {
  names_.try_emplace(id, name);
  return ids_.try_emplace(name, id).first->second == id;
}

std::optional<RecordId> RecordNames::Find(const std::string& name) const {
  auto found = ids_.find(name);
  return found != ids_.end() ? std::optional(found->second) : std::nullopt;
}

std::string RecordNames::TitleOf(const plan::Plan& plan, const merge::Record& record) const {
  auto found = names_.find(record.branch_of.empty() ? record.id : record.branch_of);
  return found != names_.end() ? found->second : words::TitleOf(plan, record);
}

std::string RecordNames::NameOf(const plan::Plan& plan, const merge::Record& record) const {
  std::string name = fmt::format("{} \"{}\"", plan.KindOf(record)->label, TitleOf(plan, record));
  if (record.branch_of.empty()) return name;
  return fmt::format("{}, the one of {}", name, plan::TownName(plan, record.branch_town));
}

}  // namespace twinning::testing
