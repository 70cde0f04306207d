// Writing: each of these is one change, durable before it is answered.
#include <algorithm>

#include "client/app/fields.h"
#include "client/app/route.h"
#include "client/app/seen.h"
#include "client/desk/adding.h"
#include "client/desk/around.h"
#include "client/desk/drafts.h"
#include "client/desk/drawer.h"
#include "client/desk/exit_codes.h"
#include "client/desk/ids.h"
#include "client/desk/undoing.h"
#include "common/base/status.h"

namespace twinning::app {
namespace {

absl::StatusOr<Json> Saved(absl::StatusOr<desk::Outcome> outcome) {
  if (!outcome.ok()) return outcome.status();
  return desk::OutcomeJson(*outcome);
}

// One change of the record in the path, as `draft` makes it from the view.
using Drafting = std::function<absl::StatusOr<desk::Draft>(
    const client::Replica& replica, const plan::Plan& view, const std::string& id)>;
absl::StatusOr<Json> Write(const Call& call, const Drafting& draft) {
  TWINNING_ASSIGN_OR_RETURN(RecordId id, call.Record());
  return call.seat->hall->Ask([&](Desk& desk) {
    auto make = [&](const plan::Plan& view) { return draft(desk.replica, view, id.hex()); };
    return Saved(desk::Save(desk.replica, make, desk::NowMs()));
  });
}

absl::StatusOr<Json> Add(const Call& call) {
  desk::NewRecord wanted;
  TWINNING_ASSIGN_OR_RETURN(wanted.kind, call.Text("kind"));
  TWINNING_ASSIGN_OR_RETURN(wanted.series, call.OptionalText("series"));
  const Json fields = call.body.value("fields", Json::object());
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    TWINNING_ASSIGN_OR_RETURN(const merge::Kind* kind,
                              desk::FindKind(desk.replica.view(), wanted.kind));
    TWINNING_ASSIGN_OR_RETURN(wanted.assignments, AssignmentsOf(*kind, fields));
    auto make = [&](const plan::Plan& view) {
      return desk::DraftOfNew(view, desk.replica.identity().town, wanted, desk::Randomness());
    };
    return Saved(desk::Save(desk.replica, make, desk::NowMs()));
  });
}

absl::StatusOr<Json> Set(const Call& call) {
  const Json fields = call.body.value("fields", Json::object());
  return Write(
      call,
      [&](const client::Replica& replica, const plan::Plan& view,
          const std::string& id) -> absl::StatusOr<desk::Draft> {
        const TownId town = replica.identity().town;
        TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, desk::FindToWrite(view, town, id));
        TWINNING_ASSIGN_OR_RETURN(auto assignments, AssignmentsOf(*view.KindOf(*record), fields));
        return desk::DraftOfAssignments(view, town, id, assignments, desk::Randomness());
      });
}

absl::StatusOr<Json> Delete(const Call& call) {
  return Write(call,
               [](const client::Replica& replica, const plan::Plan& view, const std::string& id) {
                 return desk::DraftToDelete(view, replica.identity().town, id);
               });
}

absl::StatusOr<Json> Restore(const Call& call) {
  return Write(call,
               [](const client::Replica& replica, const plan::Plan& view, const std::string& id) {
                 return desk::DraftToRestore(view, replica.identity().town, id);
               });
}

absl::StatusOr<Json> Confirm(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(std::optional<std::string> field, call.OptionalText("field"));
  return Write(call,
               [&](const client::Replica& replica, const plan::Plan& view, const std::string& id) {
                 return desk::DraftToConfirm(view, replica.identity().town, id, field);
               });
}

absl::StatusOr<Json> Undo(const Call& call) {
  std::optional<std::string> number;
  const Json change = call.body.value("change", Json());
  if (change.is_number_unsigned()) number = change.dump();
  const bool whole = call.body.value("whole", Json(false)) == Json(true);
  return call.seat->hall->Ask([&](Desk& desk) {
    return Saved(whole ? desk::UndoChangeSet(desk.replica, number, desk::NowMs())
                       : desk::UndoChange(desk.replica, number, desk::NowMs()));
  });
}

absl::StatusOr<Json> SayAgain(const Call& call) {
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    TWINNING_ASSIGN_OR_RETURN(auto refused, desk::FindRefused(desk.replica, call.Path("change")));
    TWINNING_ASSIGN_OR_RETURN(desk::Outcome outcome,
                              desk::SayAgain(desk.replica, refused, desk::NowMs()));
    TWINNING_RETURN_IF_ERROR(desk.replica.Discard(refused.change.authored.number));
    return desk::OutcomeJson(outcome);
  });
}

absl::StatusOr<Json> Discard(const Call& call) {
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    TWINNING_ASSIGN_OR_RETURN(auto refused, desk::FindRefused(desk.replica, call.Path("change")));
    TWINNING_RETURN_IF_ERROR(desk.replica.Discard(refused.change.authored.number));
    return Json{{"discarded", refused.change.authored.number}};
  });
}

absl::StatusOr<Json> ConnectNow(const Call& call) {
  call.seat->hall->ConnectNow();
  return Json::object();
}

absl::StatusOr<Json> NoteSeen(const Call& call) {
  const Json until = call.body.value("sequence", Json(0u));
  const Json single = call.body.value("accepted", Json::array());
  const bool numbers = std::all_of(single.begin(), single.end(),
                                   [](const Json& one) { return one.is_number_unsigned(); });
  if (!until.is_number_unsigned() || !single.is_array() || !numbers) {
    return desk::BadInput("Entries are named by their sequence.");
  }
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    Seen seen = SeenIn(desk.replica.directory());
    seen.SeeUntil(until.get<Sequence>());
    for (const Json& one : single) seen.See(one.get<Sequence>());
    TWINNING_RETURN_IF_ERROR(KeepSeen(desk.replica.directory(), seen));
    return SeenJson(seen);
  });
}

const Parameter kFields{"fields", "values by field, as records are answered"};

}  // namespace

std::vector<Route> WritingRoutes() {
  return {
      {"POST",
       "/records",
       "Makes a record",
       {},
       {{"kind", "its name"}, kFields, {"series", "the id of the series whose occurrence it is"}},
       Add},
      {"POST", "/records/{record}", "Writes fields of a record", {}, {kFields}, Set},
      {"POST",
       "/records/{record}/delete",
       "Deletes a record; what it says is kept",
       {},
       {},
       Delete},
      {"POST", "/records/{record}/restore", "Brings a deleted record back", {}, {}, Restore},
      {"POST",
       "/records/{record}/confirm",
       "Confirms that its texts say the same in every language",
       {},
       {{"field", "of one text only"}},
       Confirm},
      {"POST",
       "/undo",
       "Takes back a change of one's own",
       {},
       {{"change", "its number; the last one without"},
        {"whole", "true: everything of its change set, such as a burst of typing"}},
       Undo},
      {"POST", "/refused/{change}/retry", "Says a refused change again", {}, {}, SayAgain},
      {"POST", "/refused/{change}/discard", "Throws a refused change away", {}, {}, Discard},
      {"POST",
       "/connect",
       "Connects to the server now instead of after a while",
       {},
       {},
       ConnectNow},
      {"POST",
       "/seen",
       "Notes how far this member has looked at what others did",
       {},
       {{"sequence", "everything up to this entry"},
        {"accepted", "single later entries, as an array of their sequences"}},
       NoteSeen},
  };
}

}  // namespace twinning::app
