// What binds a town or settles a conflict: it waits until the history behind a snapshot is
// verified.
#include "client/app/fields.h"
#include "client/app/route.h"
#include "client/desk/around.h"
#include "client/desk/drafts.h"
#include "client/desk/earlier.h"
#include "client/desk/exit_codes.h"
#include "client/desk/ids.h"
#include "client/desk/proving.h"
#include "client/desk/settling.h"
#include "common/base/status.h"

namespace twinning::app {
namespace {

absl::StatusOr<Json> Save(Desk& desk, const client::Replica::Make& make) {
  TWINNING_ASSIGN_OR_RETURN(desk::Outcome outcome, desk::Save(desk.replica, make, desk::NowMs()));
  return desk::OutcomeJson(outcome);
}

absl::StatusOr<Json> Agree(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(RecordId id, call.Record());
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    TWINNING_RETURN_IF_ERROR(desk::CheckHistory(desk.replica));
    return Save(desk, [&](const plan::Plan& view) {
      return desk::DraftToAgree(desk.replica, view, id.hex());
    });
  });
}

absl::StatusOr<Json> Withdraw(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(RecordId id, call.Record());
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    return Save(desk, [&](const plan::Plan& view) {
      return desk::DraftToWithdraw(view, desk.replica.identity().town, id.hex());
    });
  });
}

absl::StatusOr<Json> Position(const Call& call) {
  desk::PositionStated stated;
  TWINNING_ASSIGN_OR_RETURN(RecordId id, call.Record());
  stated.id = id.hex();
  TWINNING_ASSIGN_OR_RETURN(stated.stance, call.Text("stance"));
  TWINNING_ASSIGN_OR_RETURN(stated.reason, call.OptionalText("reason"));
  TWINNING_ASSIGN_OR_RETURN(stated.language, call.OptionalText("language"));
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    return Save(desk, [&](const plan::Plan& view) {
      return desk::DraftOfPosition(view, desk.replica.identity().town, stated);
    });
  });
}

// A conflict's value as JSON, in the words that settling takes.
absl::StatusOr<std::string> ValueToSettle(const plan::Plan& view, const std::string& id,
                                          const Json& value) {
  TWINNING_ASSIGN_OR_RETURN(plan::Conflict conflict, desk::FindConflict(view, id));
  const merge::Record* record = view.Find(conflict.record);
  const merge::Kind* kind = record == nullptr ? nullptr : view.KindOf(*record);
  const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByNumber(conflict.field);
  if (field == nullptr) return desk::BadInput("This conflict is settled by keeping one side.");
  return ValueWords(*field, value);
}

absl::StatusOr<Json> Settle(const Call& call) {
  desk::SettlementWanted wanted;
  wanted.conflict = call.Path("conflict");
  const Json keep = call.body.value("keep", Json());
  if (keep.is_number_unsigned()) wanted.keep = keep.dump();
  wanted.diverge = call.body.value("diverge", Json(false)) == Json(true);
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    TWINNING_RETURN_IF_ERROR(desk::CheckHistory(desk.replica));
    if (call.body.contains("value")) {
      TWINNING_ASSIGN_OR_RETURN(
          wanted.value, ValueToSettle(desk.replica.view(), wanted.conflict, call.body["value"]));
    }
    TWINNING_RETURN_IF_ERROR(desk::CheckOneChoice(wanted));
    return Save(desk, [&](const plan::Plan& view) {
      return desk::Settling(view, desk.replica.identity().town, wanted, desk::Randomness()).Run();
    });
  });
}

absl::StatusOr<Json> Reopen(const Call& call) {
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    TWINNING_RETURN_IF_ERROR(desk::CheckHistory(desk.replica));
    return Save(desk, [&](const plan::Plan& view) {
      return desk::DraftToReopen(view, call.Path("conflict"));
    });
  });
}

absl::StatusOr<Json> Proof(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(RecordId id, call.Record());
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    TWINNING_ASSIGN_OR_RETURN(desk::SealedProof proof, desk::ProofOf(desk.replica, id.hex()));
    return Json{{"name", proof.name}, {"bytes", HexOf(proof.bytes)}};
  });
}

}  // namespace

std::vector<Route> DecidingRoutes() {
  return {
      {"POST",
       "/records/{record}/agree",
       "Agrees, for the town, to the terms as they are now",
       {},
       {},
       Agree},
      {"POST", "/records/{record}/withdraw", "Withdraws the town's agreement", {}, {}, Withdraw},
      {"GET",
       "/records/{record}/proof",
       "A file, in hexadecimal, that proves to anybody what the towns agreed to",
       {},
       {},
       Proof},
      {"POST",
       "/records/{record}/position",
       "States where the town stands on the present words",
       {},
       {{"stance", "supports, reservation, objects or undecided"},
        {"reason", "why; the one given before without"},
        {"language", "of the reason"}},
       Position},
      {"POST",
       "/conflicts/{conflict}/settle",
       "Settles a conflict by exactly one of these",
       {},
       {{"keep", "the number of a candidate, from 1"},
        {"value", "another value, or the passage anew"},
        {"diverge", "true: each town goes on with its own"}},
       Settle},
      {"POST",
       "/conflicts/{conflict}/reopen",
       "Brings a settlement's candidates back",
       {},
       {},
       Reopen},
  };
}

}  // namespace twinning::app
