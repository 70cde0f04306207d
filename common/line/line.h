// gRPC channels to a server, as replicas, operators and the server's probe of itself open them: TLS
// with a check of our own, keepalive, limits.
#pragma once

#include <grpcpp/channel.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/crypto/ed25519.h"
#include "common/crypto/sha256.h"
#include "common/tls/certificate.h"

namespace twinning::line {

using Clock = std::function<int64_t()>;  // milliseconds since 1970; from any thread
int64_t SystemTime_ms();

// Whom a channel lets be its server.
struct Trusted {
  // Any authority of these …
  std::vector<tls::Certificate> authorities;
  // … or, before there are any, the one whose key an invitation names.
  std::optional<Hash> fingerprint;
};

// What a channel shows of itself, so that the server knows the replica.
struct Shown {
  tls::Certificate certificate;
  SigningKey key;
};

// Why the server was not taken for the one it should be, as the check found it on a thread of
// gRPC's.
class Objection {
 public:
  void Set(std::string sentence);
  std::string Get() const;  // empty: none

 private:
  mutable std::mutex mutex_;
  std::string sentence_;
};

struct Line {
  std::string address;
  std::shared_ptr<grpc::Channel> channel;
  std::shared_ptr<Objection> objection;
};

// Connects when first used; shares no connection with other channels. Nothing is sent before the
// server has been found to be the right one.
Line MakeLine(const std::string& address, Trusted trusted, const std::optional<Shown>& shown,
              const Clock& clock = SystemTime_ms);

// "The server at ADDRESS cannot be reached (why)." and so on, for a call that failed.
std::string SentenceOf(const Line& line, const grpc::Status& status);

// Whether the call failed on the way, so that it may work later.
bool NotReached(const grpc::Status& status);

}  // namespace twinning::line
