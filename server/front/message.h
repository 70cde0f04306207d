// What the server and its front say to each other. The front is the process that strangers speak
// to: it has the enrolment listener and nothing else. One message is one datagram of a socket pair:
//
//   byte 0       kind
//   bytes 1 – 8  which call it belongs to, big-endian; 0: none
//   the rest     body, by kind:
//
//   server to front   kBegin    the key and the chain that the listener shows, in PEM, each
//   prefixed
//                               with its length
//                     kAnswer   a status code (varint), then the response's bytes, or why not
//                     kEnd      empty: finish what is open, and go
//   front to server   kServing  empty: it listens, and can do nothing else; or why it could
//                     kEnrol, kChallenge, kRenew   the request's bytes
//                     kFigures  connections now, and turned away since it began (varints)
//
// The server believes nothing of it: whatever arrives is checked again. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace twinning::server {

inline constexpr size_t kMaxFrontMessage = 64 * 1024;
// Calls that strangers may have open at once.
inline constexpr size_t kMaxOpenCalls = 64;

struct FrontMessage {
  enum Kind : uint8_t {
    kBegin = 1,
    kServing = 2,
    kEnrol = 3,
    kChallenge = 4,
    kRenew = 5,
    kAnswer = 6,
    kFigures = 7,
    kEnd = 8
  };
  Kind kind = kEnd;
  uint64_t call = 0;
  std::string body = {};
};
std::string Encode(const FrontMessage& message);
// None when the datagram is no message.
std::optional<FrontMessage> DecodeFrontMessage(std::string_view datagram);

// What the front's listener shows, in PEM.
struct FrontPair {
  std::string key;
  std::string chain;
  bool operator==(const FrontPair&) const = default;
};
std::string Encode(const FrontPair& pair);
std::optional<FrontPair> DecodeFrontPair(std::string_view body);

struct FrontFigures {
  uint64_t connections = 0;
  uint64_t turned_away = 0;
  bool operator==(const FrontFigures&) const = default;
};
std::string Encode(const FrontFigures& figures);
std::optional<FrontFigures> DecodeFrontFigures(std::string_view body);

// The bytes of a response, or why there is none.
std::string EncodeAnswer(const absl::StatusOr<std::string>& answer);
absl::StatusOr<std::string> DecodeAnswer(std::string_view body);

}  // namespace twinning::server
