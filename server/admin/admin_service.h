// The operators' service: thin, what it does is in Office, Safekeeping, Survey and the doctor.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/admin/office.h"
#include "server/admin/safekeeping.h"
#include "server/metrics/survey.h"
#include "server/sequencer/committer.h"

namespace twinning::server {

struct Administration {
  // Who calls, as the audit names them; none: nobody who may. Asked at every call, from any thread.
  using Who = std::function<std::optional<std::string>(const grpc::CallbackServerContext&)>;
  // Hands over one finding after another; for a thread of its own.
  using Examine = std::function<absl::Status(const std::function<absl::Status(v1::Finding)>&)>;

  Committer& committer;
  Office& office;
  Safekeeping& safekeeping;
  const Survey& survey;
  Examine examine;
};

// The arguments must outlive the service.
std::unique_ptr<grpc::Service> MakeAdminService(const Administration& administration,
                                                Administration::Who who);

}  // namespace twinning::server
