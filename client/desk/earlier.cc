#include "client/desk/earlier.h"

#include <fmt/core.h>

#include "client/desk/exit_codes.h"
#include "client/desk/values.h"
#include "common/base/status.h"
#include "common/plan/terms.h"

namespace twinning::desk {

absl::StatusOr<std::unique_ptr<plan::Plan>> PlanAt(const client::Replica& replica,
                                                   std::string_view option,
                                                   std::string_view typed) {
  const Sequence head = replica.confirmed().head().sequence;
  TWINNING_ASSIGN_OR_RETURN(int64_t number, ValueReader::ReadInteger(option, typed));
  if (number < 1 || static_cast<Sequence>(number) > head) {
    return BadInput(fmt::format("{} is a sequence from 1 to {}, not {}.", option, head, typed));
  }
  auto plan = replica.At(static_cast<Sequence>(number));
  if (!plan.ok()) return FromReplica(plan.status());
  return plan;
}

std::unique_ptr<plan::Plan> PlanAgreedTo(const client::Replica& replica, const RecordId& record,
                                         const merge::Consent& consent) {
  v1::AgreementStatement statement;
  if (!statement.ParseFromString(consent.statement)) return nullptr;
  for (Sequence sequence : {statement.base().sequence(), consent.stamp.sequence}) {
    if (sequence == 0 || sequence > replica.confirmed().head().sequence) continue;
    auto then = replica.At(sequence);
    if (!then.ok()) return nullptr;
    const merge::Record* found = (*then)->Find(record);
    if (found == nullptr) continue;
    if (plan::TermsDigest(**then, *found, consent.languages) == consent.terms) {
      return *std::move(then);
    }
  }
  return nullptr;
}

std::vector<ChangedSince> ChangedSinceAgreed(const client::Replica& replica,
                                             const merge::Record& record) {
  const plan::Plan& view = replica.view();
  std::vector<ChangedSince> lapsed;
  for (const plan::TownConsent& town : plan::AgreementOf(view, record).towns) {
    if (town.state != plan::Consenting::kLapsed) continue;
    std::unique_ptr<plan::Plan> then = PlanAgreedTo(replica, record.id, *town.consent);
    if (then == nullptr) continue;
    ChangedSince since{town.town, ChangesBetween({*then, then->Find(record.id)}, {view, &record})};
    std::erase_if(since.changes, [&](const FieldChange& change) {
      const merge::Field* field = view.KindOf(record)->FieldByName(change.field);
      return field == nullptr || !field->terms;
    });
    lapsed.push_back(std::move(since));
  }
  return lapsed;
}

absl::Status CheckHistory(const client::Replica& replica) {
  if (replica.sync_state().history_complete) return absl::OkStatus();
  return Refused(
      "The history behind this plan is still on its way: until it has been verified, nothing can "
      "be "
      "agreed or settled. Run: twinning sync");
}

}  // namespace twinning::desk
