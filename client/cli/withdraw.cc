// twinning withdraw
#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/exit_codes.h"
#include "client/cli/phrases.h"
#include "client/cli/writing.h"
#include "common/base/status.h"
#include "common/plan/standing.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

bool HasAgreed(const plan::Plan& view, const TownId& town, const merge::Record& record) {
  plan::Agreement agreement = plan::AgreementOf(view, record);
  return std::any_of(agreement.towns.begin(), agreement.towns.end(),
                     [&](const plan::TownConsent& consent) {
                       return consent.town == town && consent.consent && consent.consent->agrees;
                     });
}

absl::Status Withdraw(Context& context, const std::string& id) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  const TownId town = replica->identity().town;
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<client::Replica::Draft> {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindToWrite(view, town, id, true));
    if (!HasAgreed(view, town, *record)) {
      return Refused(fmt::format("{} has no agreement to {} to withdraw.",
                                 plan::TownName(view, town), words::NameRecord(view, record->id)));
    }
    client::Replica::Draft draft;
    v1::Edit& edit = draft.edits.emplace_back();
    edit.set_record(std::string(record->id.bytes()));
    edit.mutable_withdraw();
    return draft;
  };
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(context, *replica, make));
  Report(context, *replica, outcome);
  return absl::OkStatus();
}

}  // namespace

void AddWithdraw(CommandLine& line) {
  Command& command = line.Add("withdraw", "Withdraws your town's agreement");
  auto id = std::make_shared<std::string>();
  command.Word("ID", *id, "The record's id, its beginning, or its exact title");
  command.Example("twinning withdraw 3f2a1b2c", "it then awaits your town's agreement again");
  command.Run([id](Context& context) { return Withdraw(context, *id); });
}

}  // namespace twinning::cli
