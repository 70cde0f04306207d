// Answers API requests that the guard let in: finds the route, calls it, and puts what it came to
// into JSON. Knows nothing of HTTP but methods, addresses and status numbers. Safe from any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "client/app/route.h"

namespace twinning::app {

struct Question {
  std::string method;
  std::string path;  // decoded, without the query
  std::map<std::string, std::string> query;
  std::string body;
};

struct Answer {
  int status = 200;
  std::string body;  // JSON: what was asked for, or {"error": {"code", "message", "reason"}}
};

class Api {
 public:
  // The seats must outlive it.
  explicit Api(std::vector<Seat*> seats);

  Answer Ask(const Question& question) const;

  // Every route, for the description.
  const std::vector<Route>& routes() const { return routes_; }

 private:
  struct Found {
    const Route* route = nullptr;
    Call call;
  };

  Json Partnerships() const;
  absl::StatusOr<Json> Opening(const Question& question) const;
  Seat* SeatOf(std::string_view id) const;  // null: there is none
  Answer AskSeat(const Question& question, std::string_view rest) const;
  Answer Run(const Route& route, Call& call, const Question& question) const;

  std::vector<Seat*> seats_;
  std::vector<Route> routes_;
  std::string description_;
};

inline constexpr std::string_view kApiRoot = "/api/v1";

// The parts of `path` that the braces of `pattern` stand for; none when it does not fit.
std::optional<std::map<std::string, std::string>> Match(std::string_view pattern,
                                                        std::string_view path);

}  // namespace twinning::app
