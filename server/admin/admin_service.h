// The operator's service. Whoever can open its socket is the operator.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "server/admin/office.h"
#include "server/admin/safekeeping.h"
#include "server/sequencer/committer.h"

namespace twinning::server {

// The arguments must outlive the service.
std::unique_ptr<grpc::Service> MakeAdminService(Committer& committer, Office& office,
                                                Safekeeping& safekeeping);

}  // namespace twinning::server
