// TLS as the front's listener speaks it.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "server/front/message.h"

namespace twinning::server {

// TLS 1.2 or later with this pair, from memory. Anybody may connect, and nobody is identified.
std::shared_ptr<grpc::ServerCredentials> CredentialsShowing(const FrontPair& shown);

}  // namespace twinning::server
