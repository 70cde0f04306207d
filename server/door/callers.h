// Which callers a service is for, as its methods declare in the protocol's files.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "twinning/v1/callers.pb.h"

namespace twinning::server {

// OK when every method of the service (its full name) is declared to be for `callers`. Internal,
// naming the method, otherwise: also when one says nothing.
absl::Status CheckCallers(const std::string& service, v1::Callers callers);

}  // namespace twinning::server
