#include "client/app/guard.h"

#include <charconv>
#include <utility>

#include "client/app/secret.h"

namespace twinning::app {
namespace {

constexpr std::string_view kNames[] = {"127.0.0.1", "localhost", "[::1]"};

bool IsJson(std::string_view type) {
  constexpr std::string_view kJson = "application/json";
  if (!type.starts_with(kJson)) return false;
  std::string_view rest = type.substr(kJson.size());
  return rest.empty() || rest == "; charset=utf-8" || rest == ";charset=UTF-8" ||
         rest == ";charset=utf-8";
}

bool WithinLimit(std::string_view length) {
  size_t bytes = 0;
  auto parsed = std::from_chars(length.data(), length.data() + length.size(), bytes);
  return parsed.ec == std::errc() && parsed.ptr == length.data() + length.size() &&
         bytes <= kMaxBodyBytes;
}

}  // namespace

Guard::Guard(int port, std::string token) : port_(std::to_string(port)), token_(std::move(token)) {}

std::optional<Turned> Guard::Judge(const Knock& knock) const {
  if (auto turned = JudgeSender(knock)) return turned;
  if (auto turned = JudgeBody(knock)) return turned;
  if (!knock.path.starts_with(kApiPrefix)) return std::nullopt;
  if (knock.path == kTokenPath && knock.method == "POST") return std::nullopt;
  if (!knock.token || !IsSameSecret(*knock.token, token_)) {
    return Turned{401, "Open the page by the address that twinning app shows."};
  }
  return std::nullopt;
}

bool Guard::IsOwnHost(std::string_view host) const {
  for (std::string_view name : kNames) {
    if (host.size() == name.size() + 1 + port_.size() && host.starts_with(name) &&
        host[name.size()] == ':' && host.ends_with(port_)) {
      return true;
    }
  }
  return false;
}

std::optional<Turned> Guard::JudgeSender(const Knock& knock) const {
  constexpr Turned kForeign{403, "This page is only for the computer that it runs on."};
  if (knock.repeated || !knock.host || !IsOwnHost(*knock.host)) return kForeign;
  if (knock.origin) {
    constexpr std::string_view kScheme = "http://";
    if (!knock.origin->starts_with(kScheme)) return kForeign;
    if (knock.origin->substr(kScheme.size()) != *knock.host) return kForeign;
  }
  if (knock.fetch_site && *knock.fetch_site != "same-origin" && *knock.fetch_site != "none") {
    return kForeign;
  }
  return std::nullopt;
}

std::optional<Turned> Guard::JudgeBody(const Knock& knock) const {
  const bool post = knock.method == "POST";
  if (!post && knock.method != "GET") return Turned{405, "Only GET and POST are answered."};
  if (knock.transfer_encoding) return Turned{411, "A body must say how long it is."};
  if (!post) {
    if (knock.content_length && *knock.content_length != "0") {
      return Turned{400, "A GET has no body."};
    }
    return std::nullopt;
  }
  if (!knock.path.starts_with(kApiPrefix)) return Turned{405, "There is nothing to post to here."};
  if (!knock.content_type || !IsJson(*knock.content_type)) {
    return Turned{415, "A POST is application/json."};
  }
  if (!knock.content_length) return Turned{411, "A body must say how long it is."};
  if (!WithinLimit(*knock.content_length)) return Turned{413, "A body is at most 1 MiB."};
  return std::nullopt;
}

}  // namespace twinning::app
