// Who may speak to the page's server at all, judged before a request is routed. Other web pages,
// other users and DNS names that were made to point here can all reach a port on loopback; none of
// them gets further than this. Requirements SEC-18 to SEC-21 of the security model: exact Host,
// own Origin, Sec-Fetch-Site, a token in a header of its own, JSON only, no body of unknown length.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twinning::app {

// What a request says of itself. A header that is not there is none; one that is there twice counts
// as unreadable.
struct Knock {
  std::string_view method;
  std::string_view path;  // without the query
  std::optional<std::string_view> host;
  std::optional<std::string_view> origin;
  std::optional<std::string_view> fetch_site;
  std::optional<std::string_view> content_type;
  std::optional<std::string_view> transfer_encoding;
  std::optional<std::string_view> content_length;
  std::optional<std::string_view> token;
  bool repeated = false;  // one of these headers stands there twice
};

// What the answer is instead of what was asked for.
struct Turned {
  int status = 0;
  std::string_view why;  // one sentence, which repeats nothing of the request
};

inline constexpr std::string_view kTokenHeader = "X-Twinning-Token";
inline constexpr std::string_view kApiPrefix = "/api/";
// Where a ticket is given for the token: the one address of the API that asks for no token.
inline constexpr std::string_view kTokenPath = "/api/v1/token";
inline constexpr size_t kMaxBodyBytes = 1024 * 1024;

class Guard {
 public:
  // `token`: 64 hex digits, new at every start.
  Guard(int port, std::string token);

  // None: it may be routed.
  std::optional<Turned> Judge(const Knock& knock) const;

  const std::string& token() const { return token_; }

 private:
  bool IsOwnHost(std::string_view host) const;
  std::optional<Turned> JudgeSender(const Knock& knock) const;
  std::optional<Turned> JudgeBody(const Knock& knock) const;

  std::string port_;
  std::string token_;
};

}  // namespace twinning::app
