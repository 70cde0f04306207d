#include "client/cli/reporting.h"

#include "common/base/status.h"

namespace twinning::cli {

absl::Status SaveAndReport(Context& context, client::Replica& replica,
                           const client::Replica::Make& make) {
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(replica, make, context.NowMs()));
  Report(context, replica, outcome);
  return absl::OkStatus();
}

void Report(Context& context, const client::Replica& replica, const Outcome& outcome) {
  if (context.json()) return context.Answer(OutcomeJson(outcome));
  for (const std::string& line : OutcomeLines(replica, outcome)) context.Say(line);
}

}  // namespace twinning::cli
