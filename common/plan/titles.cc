#include "common/plan/titles.h"

#include <fmt/core.h>

namespace twinning::plan {
namespace {

constexpr int kDeepestReference = 3;  // a title by reference, by reference ... must end

std::string TitleWithin(const Plan& plan, const merge::Record& record, int depth) {
  const merge::Kind* kind = plan.KindOf(record);
  if (kind == nullptr) return ShortId(record.id);
  merge::Value value = plan.Shown(record, kind->title_field);
  if (std::optional<std::string_view> commitment = merge::CommitmentOf(value)) {
    value = plan.Personal(*commitment).value_or(merge::Value());
  }
  if (std::optional<std::string_view> text = merge::StringOf(value)) return std::string(*text);
  if (std::optional<RecordId> named = merge::ReferenceOf(value)) {
    const merge::Record* other = plan.Find(*named);
    if (other != nullptr && depth < kDeepestReference) return TitleWithin(plan, *other, depth + 1);
  }
  return ShortId(record.id);
}

}  // namespace

std::string ShortId(const RecordId& id) { return id.hex().substr(0, 8); }

std::string TitleOf(const Plan& plan, const merge::Record& record) {
  return TitleWithin(plan, record, 0);
}

std::string NameOf(const Plan& plan, const merge::Record& record) {
  const merge::Kind* kind = plan.KindOf(record);
  return fmt::format("{} \"{}\"", kind != nullptr ? kind->label : "record", TitleOf(plan, record));
}

std::string TownName(const Plan& plan, const TownId& town) {
  const Town* found = plan.FindTown(town);
  return found != nullptr ? found->name : ShortId(town);
}

}  // namespace twinning::plan
