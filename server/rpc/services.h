// What replicas may call.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "server/authority/revoked_list.h"
#include "server/enrolment/enrolment.h"
#include "server/rpc/open_streams.h"
#include "server/sequencer/committer.h"

namespace twinning::server {

// The arguments must outlive the service.
std::unique_ptr<grpc::Service> MakeSyncService(Committer& committer, Enrolment& enrolment,
                                               const RevokedList& revoked, OpenStreams& open);

}  // namespace twinning::server
