// Looking back.
#include "client/app/route.h"
#include "client/desk/exit_codes.h"
#include "common/base/status.h"

namespace twinning::app {
namespace {

absl::StatusOr<std::optional<RecordId>> RecordOf(const Call& call) {
  const std::optional<std::string> hex = call.Query("record");
  if (!hex) return std::optional<RecordId>();
  const std::optional<std::string> bytes = BytesOfHex(*hex);
  const std::optional<RecordId> id = bytes ? RecordId::Of(*bytes) : std::nullopt;
  if (!id) return desk::BadInput("A record is named by its id.");
  return id;
}

absl::StatusOr<Json> Log(const Call& call) {
  LogWanted wanted;
  TWINNING_ASSIGN_OR_RETURN(wanted.record, RecordOf(call));
  TWINNING_ASSIGN_OR_RETURN(wanted.before, NumberOf(call, "before"));
  TWINNING_ASSIGN_OR_RETURN(wanted.after, NumberOf(call, "after"));
  TWINNING_ASSIGN_OR_RETURN(std::optional<uint64_t> limit, NumberOf(call, "limit"));
  wanted.limit = std::clamp<size_t>(limit.value_or(wanted.limit), 1, Archive::kMostItems);
  if (call.Query("others") == "1") wanted.not_of = call.seat->hall->identity().town;
  return call.seat->archive->Log(wanted);
}

absl::StatusOr<Json> RecordsAt(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(std::optional<uint64_t> sequence, NumberOf(call, "sequence"));
  return call.seat->archive->RecordsAt(sequence.value_or(0), call.Query("kind").value_or(""));
}

absl::StatusOr<Json> Compare(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(std::optional<RecordId> record, RecordOf(call));
  TWINNING_ASSIGN_OR_RETURN(std::optional<uint64_t> from, NumberOf(call, "from"));
  TWINNING_ASSIGN_OR_RETURN(std::optional<uint64_t> to, NumberOf(call, "to"));
  return call.seat->archive->Compare(from.value_or(0), to, record);
}

absl::StatusOr<Json> SinceAgreed(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(RecordId id, call.Record());
  return call.seat->archive->SinceAgreed(id);
}

}  // namespace

std::vector<Route> HistoryRoutes() {
  return {
      {"GET",
       "/log",
       "Who changed what, the latest first",
       {{"record", "of one record only"},
        {"others", "1: what other towns did"},
        {"after", "later than this entry"},
        {"before", "earlier than this entry"},
        {"limit", "so many items at most"}},
       {},
       Log},
      {"GET",
       "/at",
       "The records of a kind as they were after an entry",
       {{"sequence", "the entry"}, {"kind", "its name; all kinds without"}},
       {},
       RecordsAt},
      {"GET",
       "/compare",
       "What is different between two moments",
       {{"from", "after this entry"},
        {"to", "after this one; now without"},
        {"record", "in one record only"}},
       {},
       Compare},
      {"GET",
       "/records/{record}/since-agreed",
       "What has become of the terms that a town agreed to",
       {},
       {},
       SinceAgreed},
  };
}

}  // namespace twinning::app
