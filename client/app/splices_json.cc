// Splices as pages write and read them.
#include "client/app/rooms.h"
#include "client/desk/exit_codes.h"

namespace twinning::app {

Json SplicesJson(const std::vector<text::Splice>& splices) {
  Json json = Json::array();
  for (const text::Splice& splice : splices) {
    json.push_back(
        {{"at", splice.position}, {"remove", splice.removed}, {"insert", splice.inserted}});
  }
  return json;
}

absl::StatusOr<std::vector<text::Splice>> SplicesOf(const Json& json) {
  const absl::Status bad = desk::BadInput("Splices are a list of {at, remove, insert}.");
  if (!json.is_array() || json.empty() || json.size() > Rooms::kMaxSplices) return bad;
  std::vector<text::Splice> splices;
  for (const Json& one : json) {
    if (!one.is_object()) return bad;
    const Json at = one.value("at", Json());
    const Json remove = one.value("remove", Json(0));
    const Json insert = one.value("insert", Json(""));
    if (!at.is_number_unsigned() || !remove.is_number_unsigned() || !insert.is_string()) return bad;
    splices.push_back({at.get<int64_t>(), remove.get<int64_t>(), insert.get<std::string>()});
  }
  return splices;
}

}  // namespace twinning::app
