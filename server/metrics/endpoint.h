// Where Prometheus collects: HTTP on this machine's loopback only, at /metrics. It tells nothing
// but figures and the names of partnerships, and takes no orders.
#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "server/metrics/survey.h"

namespace twinning::server {

class MetricsEndpoint {
 public:
  // Called from threads of the endpoint's own.
  using Take = std::function<Surveyed()>;

  // At 127.0.0.1 and the port; 0: any. Unavailable when it is taken.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Open(int port, Take take);
  virtual ~MetricsEndpoint() = default;

  virtual int port() const = 0;
};

}  // namespace twinning::server
