#include "common/plan/people.h"

#include <fmt/core.h>

#include "common/base/status.h"
#include "common/plan/titles.h"

namespace twinning::plan {
namespace {

std::vector<const Member*> Candidates(const Plan& plan, const std::string& who) {
  std::vector<const Member*> by_name;
  std::vector<const Member*> by_id;
  for (const Member& member : plan.members()) {
    if (member.revoked != 0) continue;
    if (member.name == who) by_name.push_back(&member);
    if (who.size() >= kShortest && member.replica.hex().starts_with(who)) by_id.push_back(&member);
  }
  return by_name.empty() ? by_id : by_name;
}

std::string Named(const Plan& plan, const Member& member) {
  return fmt::format("{} of {}, replica {}", member.name, TownName(plan, member.town),
                     member.replica.hex());
}

// One replica, or several of one person: never two people.
absl::Status CheckOnePerson(const Plan& plan, const std::string& who, const std::string& undone,
                            const std::vector<const Member*>& meant) {
  if (meant.empty()) {
    return NotFound(fmt::format(
        "nobody called \"{}\" takes part in {}, nor does a replica whose id begins so (or it has "
        "been revoked before)",
        who, plan.name()));
  }
  std::string all;
  bool one = true;
  for (const Member* member : meant) {
    one = one && member->name == meant.front()->name && member->town == meant.front()->town;
    all += "\n  " + Named(plan, *member);
  }
  if (one) return absl::OkStatus();
  return InvalidArgument(
      fmt::format("\"{}\" may be any of these; {}, give a replica's id:{}", who, undone, all));
}

}  // namespace

absl::StatusOr<std::vector<const Member*>> Meant(const Plan& plan, const std::string& who,
                                                 const std::string& undone) {
  std::vector<const Member*> meant = Candidates(plan, who);
  TWINNING_RETURN_IF_ERROR(CheckOnePerson(plan, who, undone, meant));
  return meant;
}

}  // namespace twinning::plan
