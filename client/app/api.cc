#include "client/app/api.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "client/app/open_api.h"
#include "client/app/opening.h"
#include "client/desk/exit_codes.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/words/words.h"

namespace twinning::app {
namespace {

int HttpStatusOf(desk::ExitCode code) {
  switch (code) {
    case desk::ExitCode::kDone:
      return 200;
    case desk::ExitCode::kUsage:
    case desk::ExitCode::kBadInput:
      return 400;
    case desk::ExitCode::kRefused:
      return 409;
    case desk::ExitCode::kReplica:
    case desk::ExitCode::kNetwork:
      return 503;
    case desk::ExitCode::kDisk:
      return 507;
    case desk::ExitCode::kInternal:
      break;
  }
  return 500;
}

Answer Failed(const absl::Status& status) {
  const desk::ExitCode code = desk::CodeOf(status);
  const v1::RefusalReason reason = desk::ReasonOf(status);
  Json error = {
      {"code", desk::NameOf(code)},
      {"message", desk::Sentence(MessageOf(status))},
      {"reason", reason == v1::REFUSAL_REASON_UNSPECIFIED ? Json(nullptr)
                                                          : Json(v1::RefusalReason_Name(reason))}};
  return {HttpStatusOf(code), desk::LineOf({{"error", std::move(error)}})};
}

Answer NotThere() {
  return {404, desk::LineOf({{"error",
                              {{"code", "no-such-address"},
                               {"message", "There is nothing at this address."},
                               {"reason", nullptr}}}})};
}

Answer Of(const absl::StatusOr<Json>& answer) {
  return answer.ok() ? Answer{200, desk::LineOf(*answer)} : Failed(answer.status());
}

std::string_view NextPart(std::string_view& path) {
  const size_t end = std::min(path.find('/', 1), path.size());
  std::string_view part = path.substr(0, end);
  path.remove_prefix(end);
  return part.empty() ? part : part.substr(1);
}

}  // namespace

std::optional<std::map<std::string, std::string>> Match(std::string_view pattern,
                                                        std::string_view path) {
  std::map<std::string, std::string> parts;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = NextPart(pattern);
    const std::string_view given = NextPart(path);
    if (wanted.starts_with('{') && !given.empty()) {
      parts[std::string(wanted.substr(1, wanted.size() - 2))] = given;
    } else if (wanted != given) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parts;
}

Api::Api(std::vector<Seat*> seats) : seats_(std::move(seats)) {
  for (auto topic :
       {ReadingRoutes, WritingRoutes, DecidingRoutes, TextRoutes, HistoryRoutes, MemberRoutes}) {
    for (Route& route : topic()) routes_.push_back(std::move(route));
  }
  description_ = desk::LineOf(OpenApi(routes_, *merge::Schema::BuiltIn()));
}

Json Api::Partnerships() const {
  Json json = Json::array();
  for (const Seat* seat : seats_) {
    const client::Identity& identity = seat->hall->identity();
    json.push_back({{"id", seat->hall->id()},
                    {"name", identity.partnership_name},
                    {"town", identity.town_name},
                    {"member", identity.member}});
  }
  return json;
}

Seat* Api::SeatOf(std::string_view id) const {
  const auto found = absl::c_find_if(seats_, [&](Seat* seat) { return seat->hall->id() == id; });
  return found == seats_.end() ? nullptr : *found;
}

absl::StatusOr<Json> Api::Opening(const Question& question) const {
  Json json = {{"partnerships", Partnerships()}, {"opened", nullptr}};
  if (seats_.empty()) return json;
  const auto wanted = question.query.find("partnership");
  Seat* seat = wanted == question.query.end() ? nullptr : SeatOf(wanted->second);
  if (seat == nullptr) seat = seats_.front();
  TWINNING_ASSIGN_OR_RETURN(json["opened"], seat->hall->Ask([](Desk& desk) -> absl::StatusOr<Json> {
    return OpeningJson(desk);
  }));
  return json;
}

Answer Api::Ask(const Question& question) const {
  std::string_view path = question.path;
  if (!path.starts_with(kApiRoot)) return NotThere();
  path.remove_prefix(kApiRoot.size());
  if (question.method == "GET" && path == "/partnerships") return Of(Partnerships());
  if (question.method == "GET" && path == "/opening") return Of(Opening(question));
  if (question.method == "GET" && path == "/openapi.json") return {200, description_};
  constexpr std::string_view kSeats = "/partnerships";
  if (!path.starts_with(kSeats)) return NotThere();
  return AskSeat(question, path.substr(kSeats.size()));
}

Answer Api::AskSeat(const Question& question, std::string_view rest) const {
  Seat* seat = SeatOf(NextPart(rest));
  if (seat == nullptr) return NotThere();
  for (const Route& route : routes_) {
    if (route.method != question.method) continue;
    auto parts = Match(route.path, rest);
    if (!parts) continue;
    Call call;
    call.path = *std::move(parts);
    call.seat = seat;
    return Run(route, call, question);
  }
  return NotThere();
}

Answer Api::Run(const Route& route, Call& call, const Question& question) const {
  call.query = question.query;
  call.body = Json::object();
  if (question.method == "POST") {
    constexpr int kDepth = 16;
    auto shallow = [](int depth, Json::parse_event_t, Json&) { return depth <= kDepth; };
    call.body = Json::parse(question.body, shallow, false);
    if (!call.body.is_object()) return Failed(desk::BadInput("The body is a JSON object."));
  }
  return Of(route.answer(call));
}

}  // namespace twinning::app
