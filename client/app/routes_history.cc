// Looking back.
#include "client/app/route.h"
#include "client/desk/exit_codes.h"
#include "common/base/status.h"

namespace twinning::app {
namespace {

constexpr uint64_t kMaxTimeMs = 253'402'300'800'000;  // the year 10000
constexpr size_t kMostMoments = 1000;

// The id of a record or a town in a query.
absl::StatusOr<std::optional<RecordId>> IdOf(const Call& call, const std::string& name) {
  const std::optional<std::string> hex = call.Query(name);
  if (!hex) return std::optional<RecordId>();
  const std::optional<std::string> bytes = BytesOfHex(*hex);
  const std::optional<RecordId> id = bytes ? RecordId::Of(*bytes) : std::nullopt;
  if (!id) return desk::BadInput("A " + name + " is named by its id.");
  return id;
}

// Milliseconds since 1970 in a query.
absl::StatusOr<std::optional<int64_t>> TimeOf(const Call& call, const std::string& name) {
  TWINNING_ASSIGN_OR_RETURN(std::optional<uint64_t> ms, NumberOf(call, name));
  if (ms && *ms > kMaxTimeMs) return desk::BadInput(name + " is no time.");
  return ms ? std::optional(static_cast<int64_t>(*ms)) : std::nullopt;
}

absl::StatusOr<Json> Log(const Call& call) {
  LogWanted wanted;
  TWINNING_ASSIGN_OR_RETURN(wanted.record, IdOf(call, "record"));
  TWINNING_ASSIGN_OR_RETURN(wanted.of, IdOf(call, "town"));
  TWINNING_ASSIGN_OR_RETURN(wanted.since_ms, TimeOf(call, "since"));
  TWINNING_ASSIGN_OR_RETURN(wanted.until_ms, TimeOf(call, "until"));
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

absl::StatusOr<Json> RecordThen(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(RecordId id, call.Record());
  TWINNING_ASSIGN_OR_RETURN(std::optional<uint64_t> sequence, NumberOf(call, "sequence"));
  return call.seat->archive->RecordAt(sequence.value_or(0), id);
}

absl::StatusOr<Json> Moments(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(std::optional<uint64_t> sequence, NumberOf(call, "sequence"));
  TWINNING_ASSIGN_OR_RETURN(std::optional<int64_t> before, TimeOf(call, "before"));
  TWINNING_ASSIGN_OR_RETURN(std::optional<uint64_t> most, NumberOf(call, "most"));
  if (sequence) return call.seat->archive->MomentAt(*sequence);
  if (before) return call.seat->archive->MomentBefore(*before);
  return call.seat->archive->Moments(std::clamp<size_t>(most.value_or(200), 2, kMostMoments));
}

absl::StatusOr<Json> Compare(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(std::optional<RecordId> record, IdOf(call, "record"));
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
        {"town", "what one town did"},
        {"others", "1: what other towns did"},
        {"since", "not before this time, in milliseconds since 1970"},
        {"until", "before this time, in milliseconds since 1970"},
        {"after", "later than this entry"},
        {"before", "earlier than this entry"},
        {"limit", "so many items at most"}},
       {},
       Log},
      {"GET",
       "/moments",
       "When entries of the history were written: so many, spread over it, or one of them",
       {{"most", "so many at most"},
        {"sequence", "this entry"},
        {"before", "the last one before this time, in milliseconds since 1970"}},
       {},
       Moments},
      {"GET",
       "/records/{record}/at",
       "A record as it was after an entry; null when it was not there yet",
       {{"sequence", "the entry"}},
       {},
       RecordThen},
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
