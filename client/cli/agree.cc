// twinning agree
#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/reporting.h"
#include "client/desk/drafts.h"
#include "client/desk/earlier.h"
#include "common/base/status.h"
#include "common/plan/standing.h"
#include "common/plan/titles.h"

namespace twinning::cli {
namespace {

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
  auto make = [&](const plan::Plan& view) { return DraftToAgree(*replica, view, id); };
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(*replica, make, context.NowMs()));
  Report(context, *replica, outcome);
  if (!outcome.touched.empty()) SayStanding(context, *replica, outcome.touched.front());
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
