// How commands that write answer.
#pragma once

#include "client/cli/context.h"
#include "client/desk/writing.h"

namespace twinning::cli {

// Saves what `make` returns as one change and says what is different in each record.
absl::Status SaveAndReport(Context& context, client::Replica& replica,
                           const client::Replica::Make& make);

// Says what was saved.
void Report(Context& context, const client::Replica& replica, const Outcome& outcome);

}  // namespace twinning::cli
