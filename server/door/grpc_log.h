// What gRPC has to say, in the server's own log. Strangers make it complain as often as they like,
// by handshakes that fail for example: it is damped.
#pragma once

namespace twinning::server {

// Before gRPC is first used. Only errors, unless GRPC_VERBOSITY says otherwise.
void TakeGrpcLog();

}  // namespace twinning::server
