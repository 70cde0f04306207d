// twinning attention
#include "common/plan/attention.h"

#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/ids.h"
#include "client/desk/overview.h"
#include "client/desk/phrases.h"
#include "client/desk/values.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

absl::Status Attention(Context& context, const std::optional<std::string>& typed) {
  Days today = context.Today();
  if (typed) {
    TWINNING_ASSIGN_OR_RETURN(today, ValueReader::ReadDate("--today", *typed));
  }
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  const plan::Plan& view = replica->view();
  const TownId town = replica->identity().town;
  const auto items = plan::Attention(view, town, today);
  if (context.json()) {
    context.Answer(AttentionJson(view, items));
    return absl::OkStatus();
  }
  ShortIds ids(view);
  for (const plan::AttentionItem& item : items) {
    context.Say(fmt::format("{}  {}", ids.Of(item.record), Sentence(item.text)));
  }
  if (items.empty()) context.Say("Nothing needs your town.");
  return absl::OkStatus();
}

}  // namespace

void AddAttention(CommandLine& line) {
  Command& command = line.Add("attention", "What needs your town");
  auto today = std::make_shared<std::optional<std::string>>();
  command.Option("--today", "DATE", *today, "As it would be on this day (default: today)");
  command.Example("twinning attention",
                  "conflicts, positions and agreements awaited, deadlines passed");
  command.Run([today](Context& context) { return Attention(context, *today); });
}

}  // namespace twinning::cli
