// Calls a port of this server's own as a replica would: TLS with a certificate on both sides, then
// gRPC's health service.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "server/authority/authority.h"
#include "server/door/socket.h"

namespace twinning::server {

// `listening` is where the port listens, `key` one made for this purpose. Unavailable, with what
// was in the way, when it was not answered in time. From any thread but gRPC's own.
absl::Status CallOwnPort(const Endpoint& listening, const Authority& authority,
                         const SigningKey& key, int64_t now_ms, std::chrono::milliseconds patience);

// The same where people join, as somebody without a certificate.
absl::Status CallAsStranger(const Endpoint& listening, const Authority& authority,
                            std::chrono::milliseconds patience);

}  // namespace twinning::server
