// twinning agree
#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/earlier.h"
#include "client/cli/exit_codes.h"
#include "client/cli/phrases.h"
#include "client/cli/report.h"
#include "client/cli/writing.h"
#include "common/base/status.h"
#include "common/plan/standing.h"
#include "common/plan/terms.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::cli {
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

// Who is still to agree.
void SayStanding(Context& context, const client::Replica& replica, const RecordId& id) {
  const plan::Plan& view = replica.view();
  const merge::Record* record = view.Find(id);
  if (context.json() || record == nullptr) return;
  plan::Agreement agreement = plan::AgreementOf(view, *record);
  if (agreement.agreed) return context.Say("Every town has agreed to these words.");
  for (const plan::TownConsent& town : agreement.towns) {
    if (town.state == plan::Consenting::kAgrees) continue;
    context.Say(fmt::format("Awaiting agreement by {}.", plan::TownName(view, town.town)));
  }
}

absl::Status Agree(Context& context, const std::string& id) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  TWINNING_RETURN_IF_ERROR(CheckHistory(*replica));
  const TownId town = replica->identity().town;
  RecordId agreed;
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<client::Replica::Draft> {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindToWrite(view, town, id));
    TWINNING_RETURN_IF_ERROR(CheckAgreeable(view, town, *record));
    agreed = record->id;
    client::Replica::Draft draft;
    draft.edits.push_back(AgreeEdit(*replica, view, *record));
    return draft;
  };
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(context, *replica, make));
  Report(context, *replica, outcome);
  SayStanding(context, *replica, agreed);
  return absl::OkStatus();
}

}  // namespace

void AddAgree(CommandLine& line) {
  Command& command =
      line.Add("agree", "Agrees, for your town, to a record's terms exactly as they are now");
  auto id = std::make_shared<std::string>();
  command.Word("ID", *id, "An activity, charter, review or the partnership itself");
  command.Example("twinning agree 3f2a1b2c",
                  "signed with your key; any later change of a term ends it");
  command.Run([id](Context& context) { return Agree(context, *id); });
}

}  // namespace twinning::cli
