#include "client/desk/drawer.h"

#include <fmt/core.h>

#include <charconv>

#include "client/desk/exit_codes.h"
#include "client/desk/log_json.h"
#include "common/base/status.h"
#include "common/plan/compose.h"
#include "common/words/words.h"

namespace twinning::desk {

Json RefusedJson(const plan::Plan& view, const client::RefusedChange& refused) {
  const ledger::ParsedChange& authored = refused.change.authored;
  return {{"change", authored.number},
          {"sequence", refused.sequence},
          {"time", TimeJson(authored.time_ms)},
          {"code", ReasonCode(refused.reason)},
          {"reason", words::Reason(refused.reason)},
          {"detail", refused.detail},
          {"what", words::DescribeEdits(view, refused.change.edits)},
          {"deeds", DeedsJson(view, refused.change.edits)}};
}

Json DrawerJson(const plan::Plan& view, const std::vector<client::RefusedChange>& drawer) {
  Json json = Json::array();
  for (const client::RefusedChange& refused : drawer) json.push_back(RefusedJson(view, refused));
  return json;
}

absl::StatusOr<client::RefusedChange> FindRefused(const client::Replica& replica,
                                                  const std::optional<std::string>& typed) {
  if (!typed) return BadInput("Which change? twinning refused lists them with their numbers.");
  Number number = 0;
  const char* end = typed->data() + typed->size();
  auto parsed = std::from_chars(typed->data(), end, number);
  TWINNING_ASSIGN_OR_RETURN(std::vector<client::RefusedChange> drawer, replica.Refused());
  for (client::RefusedChange& refused : drawer) {
    bool whole = parsed.ec == std::errc() && parsed.ptr == end;
    if (whole && refused.change.authored.number == number) return std::move(refused);
  }
  return BadInput(
      fmt::format("No change {} is in the drawer; twinning refused lists what is.", *typed));
}

absl::StatusOr<Outcome> SayAgain(client::Replica& replica, const client::RefusedChange& refused,
                                 int64_t now_ms) {
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<client::Replica::Draft> {
    client::Replica::Draft draft;
    TWINNING_ASSIGN_OR_RETURN(draft.edits, plan::Again(view, refused.change));
    draft.personal = refused.personal;
    return draft;
  };
  return Save(replica, make, now_ms);
}

}  // namespace twinning::desk
