#include "server/door/grpc_log.h"

#include <fmt/core.h>
#include <grpc/support/log.h>

#include "server/log/log.h"

namespace twinning::server {
namespace {

void Take(gpr_log_func_args* said) { LogDamped(fmt::format("grpc: {}", said->message)); }

}  // namespace

void TakeGrpcLog() { gpr_set_log_function(Take); }

}  // namespace twinning::server
