// Drafts by which a town agrees, withdraws and confirms.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "client/desk/drafts.h"
#include "client/desk/exit_codes.h"
#include "client/desk/ids.h"
#include "client/desk/phrases.h"
#include "client/desk/report.h"
#include "common/base/status.h"
#include "common/plan/standing.h"
#include "common/plan/terms.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

absl::Status CheckAgreeable(const plan::Plan& view, const TownId& town,
                            const merge::Record& record) {
  plan::Agreement agreement = plan::AgreementOf(view, record);
  std::string name = Capitalised(words::NameRecord(view, record.id));
  if (!agreement.applies) return Refused(fmt::format("{} needs no agreement.", name));
  if (agreement.conflict) {
    std::string message = fmt::format(
        "{} has an open conflict in its terms: nobody can agree before it is settled.", name);
    ShortIds ids(view);
    for (const plan::Conflict& conflict : plan::ConflictsOf(view, record, false)) {
      message += fmt::format("\n  twinning settle {} --keep N   ({})", ids.OfConflict(conflict.id),
                             ConflictSubject(view, conflict));
    }
    return Refused(message);
  }
  for (const plan::TownConsent& consent : agreement.towns) {
    if (consent.town != town || consent.state != plan::Consenting::kAgrees) continue;
    return Refused(
        fmt::format("{} has agreed to these words already.", plan::TownName(view, town)));
  }
  return absl::OkStatus();
}

v1::Edit AgreeEdit(const client::Replica& replica, const plan::Plan& view,
                   const merge::Record& record) {
  v1::AgreementStatement statement;
  const std::vector<std::string> languages = plan::TermLanguages(view, record);
  const ledger::Head& head = replica.confirmed().head();
  statement.set_ledger(std::string(view.ledger().bytes()));
  statement.set_record(std::string(record.id.bytes()));
  statement.set_town(std::string(replica.identity().town.bytes()));
  statement.set_terms(std::string(plan::TermsDigest(view, record, languages).bytes()));
  statement.set_form(plan::kTermsForm);
  for (const std::string& language : languages) statement.add_languages(language);
  statement.mutable_base()->set_sequence(head.sequence);
  statement.mutable_base()->set_hash(std::string(head.hash.bytes()));
  v1::Edit edit;
  edit.set_record(std::string(record.id.bytes()));
  edit.mutable_agree()->set_statement(statement.SerializeAsString());
  edit.mutable_agree()->set_signature(
      replica.key().Sign(plan::SignedStatement(edit.agree().statement())));
  return edit;
}

bool HasAgreed(const plan::Plan& view, const TownId& town, const merge::Record& record) {
  plan::Agreement agreement = plan::AgreementOf(view, record);
  return std::any_of(agreement.towns.begin(), agreement.towns.end(),
                     [&](const plan::TownConsent& consent) {
                       return consent.town == town && consent.consent && consent.consent->agrees;
                     });
}

// For each text, the counterparts that it has not been confirmed against.
absl::StatusOr<Draft> ConfirmAll(const plan::Plan& view, const merge::Record& record,
                                 const merge::Field* only) {
  std::map<merge::TextKey, v1::Edit> edits;
  for (const plan::StalePair& pair : plan::StalePairs(view, record)) {
    if (only != nullptr && pair.text.field != only->number) continue;
    auto other = record.texts.find({pair.text.field, pair.counterpart});
    if (other == record.texts.end()) continue;
    v1::Edit& edit = edits[pair.text];
    edit.set_record(std::string(record.id.bytes()));
    edit.mutable_confirm()->set_field(pair.text.field);
    edit.mutable_confirm()->set_language(pair.text.language);
    v1::Counterpart& counterpart = *edit.mutable_confirm()->add_counterparts();
    counterpart.set_language(pair.counterpart);
    counterpart.set_digest(std::string(Sha256(other->second.document.text()).bytes()));
  }
  if (edits.empty()) {
    return Refused(fmt::format("{} has no languages that are still to be confirmed.",
                               Capitalised(words::NameRecord(view, record.id))));
  }
  Draft draft;
  for (auto& [key, edit] : edits) draft.edits.push_back(std::move(edit));
  return draft;
}

}  // namespace

absl::StatusOr<Draft> DraftToAgree(const client::Replica& replica, const plan::Plan& view,
                                   std::string_view id) {
  const TownId town = replica.identity().town;
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindToWrite(view, town, id));
  TWINNING_RETURN_IF_ERROR(CheckAgreeable(view, town, *record));
  Draft draft;
  draft.edits.push_back(AgreeEdit(replica, view, *record));
  return draft;
}

absl::StatusOr<Draft> DraftToWithdraw(const plan::Plan& view, const TownId& town,
                                      std::string_view id) {
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindToWrite(view, town, id, true));
  if (!HasAgreed(view, town, *record)) {
    return Refused(fmt::format("{} has no agreement to {} to withdraw.", plan::TownName(view, town),
                               words::NameRecord(view, record->id)));
  }
  Draft draft;
  v1::Edit& edit = draft.edits.emplace_back();
  edit.set_record(std::string(record->id.bytes()));
  edit.mutable_withdraw();
  return draft;
}

absl::StatusOr<Draft> DraftToConfirm(const plan::Plan& view, const TownId& town,
                                     std::string_view id, const std::optional<std::string>& field) {
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindToWrite(view, town, id));
  const merge::Kind* kind = view.KindOf(*record);
  const merge::Field* only = field ? kind->FieldByName(*field) : nullptr;
  if (field && (only == nullptr || only->rule != v1::TEXT)) {
    return BadInput(
        fmt::format("{} has no text \"{}\".", Capitalised(WithArticle(kind->label)), *field));
  }
  return ConfirmAll(view, *record, only);
}

}  // namespace twinning::desk
