#include "server/metrics/endpoint.h"

#include <fmt/core.h>
#include <httplib.h>
#include <prometheus/text_serializer.h>

#include <atomic>
#include <thread>
#include <utility>

#include "common/base/status.h"
#include "server/metrics/families.h"

namespace twinning::server {
namespace {

constexpr const char* kHost = "127.0.0.1";
constexpr const char* kFormat = "text/plain; version=0.0.4; charset=utf-8";
constexpr size_t kThreads = 2;
constexpr size_t kMaxBody = 1024;  // nobody has anything to send

class Http final : public MetricsEndpoint {
 public:
  explicit Http(Take take) : take_(std::move(take)) {
    http_.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    // A connection that is kept would hold a thread while nothing comes.
    http_.set_keep_alive_max_count(1);
    http_.set_payload_max_length(kMaxBody);
    // Nobody else may bind the same port beside us: the library's default would let them.
    http_.set_socket_options([](int socket) {
      int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    http_.Get("/metrics", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(prometheus::TextSerializer().Serialize(FamiliesOf(take_())), kFormat);
    });
  }
  // Stopping counts only once it listens.
  ~Http() override {
    if (!thread_.joinable()) return;
    while (!http_.is_running() && !ended_) std::this_thread::yield();
    http_.stop();
    thread_.join();
  }

  bool Bind(int port) {
    port_ = port == 0 ? http_.bind_to_any_port(kHost) : http_.bind_to_port(kHost, port) ? port : 0;
    if (port_ <= 0) return false;
    thread_ = std::thread([this] {
      http_.listen_after_bind();
      ended_ = true;
    });
    return true;
  }
  int port() const override { return port_; }

 private:
  const Take take_;
  httplib::Server http_;
  int port_ = 0;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Open(int port, Take take) {
  auto endpoint = std::make_unique<Http>(std::move(take));
  if (endpoint->Bind(port)) return endpoint;
  return Unavailable(
      fmt::format("figures cannot be served at {}:{}: the port is taken or not allowed; choose "
                  "another by --metrics",
                  kHost, port));
}

}  // namespace twinning::server
