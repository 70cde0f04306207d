// TLS as our listeners speak it, and who the peer is.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/authority/authority.h"
#include "server/authority/server_certificate.h"

namespace twinning::server {

// Whether a client's certificate lets it connect; called from any thread.
using CheckClient = std::function<absl::Status(const tls::Certificate&)>;

// By `authority`, up to kGrace_ms after its end, so that a late renewal needs nobody's help.
// Whether the key is a member's is for whoever reads the hello. `authority` must outlive the
// result.
CheckClient ByAuthority(const Authority& authority, std::function<int64_t()> now_ms);

// TLS 1.2 or later with what the files hold, looked at again every few seconds. Every client must
// show a certificate that passes, and prove that it has its key, before it can say anything.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const ServerCertificate& certificate,
                                                               CheckClient check);

// The replica whose key the connection was made with; none when there is no certificate with one.
std::optional<std::string> PeerKey(const grpc::ServerContextBase& context);

}  // namespace twinning::server
