// twinning attention
#include "common/plan/attention.h"

#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/cli/ids.h"
#include "client/cli/phrases.h"
#include "client/cli/values.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

Json ItemJson(const plan::Plan& view, const plan::AttentionItem& item) {
  const merge::Record* record = view.Find(item.record);
  const merge::Kind* kind = record == nullptr ? nullptr : view.KindOf(*record);
  const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByNumber(item.field);
  return {{"need", plan::NameOf(item.need)},
          {"record", item.record.hex()},
          {"field", field == nullptr ? Json(nullptr) : Json(field->name)},
          {"conflict", item.conflict.empty() ? Json(nullptr) : Json(HexOf(item.conflict.bytes()))},
          {"text", Sentence(item.text)}};
}

absl::Status Attention(Context& context, const std::optional<std::string>& typed) {
  Days today = context.Today();
  if (typed) {
    TWINNING_ASSIGN_OR_RETURN(today, ValueReader::ReadDate("--today", *typed));
  }
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  const plan::Plan& view = replica->view();
  const auto items = plan::Attention(view, replica->identity().town, today);
  if (context.json()) {
    Json json = Json::array();
    for (const plan::AttentionItem& item : items) json.push_back(ItemJson(view, item));
    context.Answer(json);
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
