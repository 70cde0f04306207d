// The API as a table: what can be asked, of which the OpenAPI description and the answers come.
// Every address is /api/v1/partnerships/{partnership}/... but for those that are of no partnership.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/app/archive.h"
#include "client/app/hall.h"

namespace twinning::app {

// One town's side of one partnership, with its past.
struct Seat {
  std::unique_ptr<Hall> hall;
  std::unique_ptr<Archive> archive;
};

// A request that was let in and whose address was found.
struct Call {
  std::map<std::string, std::string> path;  // by the names in braces
  std::map<std::string, std::string> query;
  Json body;  // an object; of a GET empty
  Seat* seat = nullptr;

  std::string Path(const std::string& name) const;
  std::optional<std::string> Query(const std::string& name) const;
  // InvalidArgument when it is there and not of the type, or needed and not there.
  absl::StatusOr<std::string> Text(std::string_view name) const;
  absl::StatusOr<std::optional<std::string>> OptionalText(std::string_view name) const;
  absl::StatusOr<RecordId> Record(const std::string& name = "record") const;
};

struct Parameter {
  std::string name;
  std::string about;
};

struct Route {
  std::string method;  // GET or POST
  std::string path;    // below the partnership
  std::string about;
  std::vector<Parameter> query;
  std::vector<Parameter> body;
  std::function<absl::StatusOr<Json>(const Call&)> answer;
};

// All of them, by topic.
std::vector<Route> ReadingRoutes();
std::vector<Route> WritingRoutes();
std::vector<Route> DecidingRoutes();
std::vector<Route> TextRoutes();
std::vector<Route> HistoryRoutes();
std::vector<Route> MemberRoutes();

// A number in a query; InvalidArgument when it is none.
absl::StatusOr<std::optional<uint64_t>> NumberOf(const Call& call, const std::string& name);

}  // namespace twinning::app
