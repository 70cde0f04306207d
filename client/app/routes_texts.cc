// Texts that several people write at once. See rooms.h.
#include "client/app/route.h"
#include "client/desk/around.h"
#include "client/desk/exit_codes.h"
#include "common/base/status.h"

namespace twinning::app {
namespace {

absl::StatusOr<TextName> NameOf(const Call& call) {
  TextName name;
  TWINNING_ASSIGN_OR_RETURN(name.record, call.Record());
  name.field = call.Path("field");
  TWINNING_ASSIGN_OR_RETURN(name.language, desk::ParseLanguage(call.Path("language")));
  return name;
}

absl::StatusOr<Json> Open(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(TextName name, NameOf(call));
  Typed since;
  since.life = call.Query("life").value_or("");
  TWINNING_ASSIGN_OR_RETURN(std::optional<uint64_t> version, NumberOf(call, "version"));
  since.version = version.value_or(0);
  return call.seat->hall->Ask([&](Desk& desk) {
    return version ? desk.rooms.CatchUp(desk.replica, name, since)
                   : desk.rooms.Open(desk.replica, name);
  });
}

absl::StatusOr<Json> Type(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(TextName name, NameOf(call));
  Typed typed;
  TWINNING_ASSIGN_OR_RETURN(typed.life, call.Text("life"));
  TWINNING_ASSIGN_OR_RETURN(typed.client, call.Text("client"));
  const Json version = call.body.value("version", Json());
  if (!version.is_number_unsigned()) return desk::BadInput("version is needed.");
  typed.version = version.get<uint64_t>();
  TWINNING_ASSIGN_OR_RETURN(typed.splices, SplicesOf(call.body.value("splices", Json())));
  return call.seat->hall->Ask(
      [&](Desk& desk) { return desk.rooms.Type(desk.replica, name, typed, desk::NowMs()); });
}

}  // namespace

std::vector<Route> TextRoutes() {
  return {
      {"GET",
       "/texts/{record}/{field}/{language}",
       "Opens a text: its version and how it reads",
       {{"life", "with version: as opening answered"}, {"version", "only the steps since then"}},
       {},
       Open},
      {"POST",
       "/texts/{record}/{field}/{language}",
       "Splices on top of a version; saved when accepted, otherwise the steps that are missing",
       {},
       {{"life", "as opening answered"},
        {"version", "that the splices are on"},
        {"client", "any name for the page that typed"},
        {"splices", "[{at, remove, insert}] in code points, each seeing the ones before it"}},
       Type},
  };
}

}  // namespace twinning::app
