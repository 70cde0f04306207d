// What a modified program would write: none of it may ever change anybody's plan.
#include <algorithm>

#include "common/plan/conflicts.h"
#include "common/plan/mandate.h"
#include "common/plan/standing.h"
#include "common/plan/terms.h"
#include "tests/simulation/workload.h"

namespace twinning::simulation {
namespace {

void WriteTitle(const merge::Record& record, const merge::Kind& kind, const std::string& title,
                v1::Edits& edits) {
  v1::Edit& edit = *edits.add_edits();
  edit.set_record(std::string(record.id.bytes()));
  edit.mutable_write()->set_field(kind.title_field);
  edit.mutable_write()->set_value(merge::StringValue(title));
}

// A record that belongs to another town.
const merge::Record* Foreign(const plan::Plan& view, const TownId& town) {
  const merge::Record* foreign = nullptr;
  view.records().ForEach([&](const merge::Record& record) {
    std::optional<TownId> owner = view.OwnerOf(record);
    if (owner && *owner != town) foreign = &record;
  });
  return foreign;
}

// Past a conflict that its author sees.
bool WritePast(const plan::Plan& view, v1::Edits& edits) {
  for (const plan::Conflict& conflict : plan::Conflicts(view, false)) {
    if (conflict.kind != merge::ConflictKind::kValues) continue;
    v1::Edit& edit = *edits.add_edits();
    edit.set_record(std::string(conflict.record.bytes()));
    edit.mutable_write()->set_field(conflict.field);
    edit.mutable_write()->set_value(conflict.candidates.front().value);
    return true;
  }
  return false;
}

// For another town, or with a signature that is not this member's.
bool AgreeForOthers(const client::Replica& replica, const plan::Plan& view, bool other_town,
                    v1::Edits& edits) {
  const merge::Record& record = *view.Find(*RecordId::Of(view.ledger().bytes()));
  std::vector<std::string> languages = plan::TermLanguages(view, record);
  TownId town = replica.identity().town;
  for (const plan::Town& other : view.towns()) {
    if (other_town && other.id != replica.identity().town) town = other.id;
  }
  v1::AgreementStatement statement;
  statement.set_ledger(std::string(view.ledger().bytes()));
  statement.set_record(std::string(record.id.bytes()));
  statement.set_town(std::string(town.bytes()));
  statement.set_terms(std::string(plan::TermsDigest(view, record, languages).bytes()));
  statement.set_form(plan::kTermsForm);
  for (const std::string& language : languages) statement.add_languages(language);
  v1::Edit& edit = *edits.add_edits();
  edit.set_record(std::string(record.id.bytes()));
  edit.mutable_agree()->set_statement(statement.SerializeAsString());
  std::string signed_bytes = plan::SignedStatement(edit.agree().statement());
  std::string signature = replica.key().Sign(other_town ? signed_bytes : "something else");
  edit.mutable_agree()->set_signature(signature);
  return town != replica.identity().town || !other_town;
}

// Of another town's member, or of a colleague in somebody else's name.
bool DecideForOthers(const client::Replica& replica, const plan::Plan& view, bool other_town,
                     v1::Edits& edits) {
  const plan::Member* own = view.FindMember(replica.identity().replica);
  if (own == nullptr) return false;
  for (const plan::Member& member : view.members()) {
    if ((member.town == own->town) == other_town || member.revoked != 0) continue;
    v1::MandateStatement said;
    said.set_decision(v1::MandateStatement::DISMISS);
    said.set_key(member.key);
    v1::Edit edit = plan::MandateEdit(view, *own, replica.key(), member.town, said);
    if (!other_town) edit.mutable_mandate()->set_signature(replica.key().Sign("something else"));
    *edits.add_edits() = std::move(edit);
    return true;
  }
  return false;
}

}  // namespace

std::string Workload::Forbidden(const client::Replica& replica, const plan::Plan& view) {
  v1::Edits edits;
  const merge::Record* foreign = Foreign(view, replica.identity().town);
  switch (random_.Below(5)) {
    case 0:
      if (WritePast(view, edits)) {
        said_ = "writes past an open conflict";
        return edits.SerializeAsString();
      }
      break;
    case 1: {
      bool other_town = random_.OneIn(2);
      if (AgreeForOthers(replica, view, other_town, edits)) {
        said_ = other_town ? "agrees for another town" : "agrees with a false signature";
        return edits.SerializeAsString();
      }
      edits.Clear();
      break;
    }
    case 2:
      if (foreign != nullptr) {
        said_ = "writes in another town's record";
        WriteTitle(*foreign, *view.KindOf(*foreign), "taken over", edits);
        return edits.SerializeAsString();
      }
      break;
    case 3: {
      bool other_town = random_.OneIn(2);
      if (DecideForOthers(replica, view, other_town, edits)) {
        said_ = other_town ? "dismisses another town's member" : "dismisses by a false signature";
        return edits.SerializeAsString();
      }
      break;
    }
    default:
      break;
  }
  said_ = "writes what nobody can read";
  return "\xff\xff\xff";
}

}  // namespace twinning::simulation
