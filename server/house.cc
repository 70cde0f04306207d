#include "server/house.h"

#include <fmt/core.h>
#include <grpcpp/impl/codegen/service_type.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <chrono>

#include "common/base/status.h"
#include "server/admin/admin_service.h"
#include "server/rpc/services.h"

namespace twinning::server {
namespace {

constexpr int kGoodbyeTime_ms = 2000;

int64_t NowMs() {
  auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

absl::Status CheckSocketPath(const std::string& path) {
  if (path.size() < sizeof(sockaddr_un{}.sun_path)) return absl::OkStatus();
  return InvalidArgument(
      fmt::format("{} is too long for a socket: use a data directory with a shorter path", path));
}

}  // namespace

House::House(DataFolder data, const Settings& settings)
    : data_(std::move(data)),
      ledger_(data_.database()),
      book_(data_.database()),
      enrolment_(book_),
      committer_(ledger_, NowMs, [this, failed = settings.failed](const absl::Status&) {
        failed_ = true;
        failed();
      }) {}

absl::StatusOr<std::unique_ptr<House>> House::Open(const Settings& settings) {
  TWINNING_RETURN_IF_ERROR(CheckLoopback(settings.listen));
  TWINNING_RETURN_IF_ERROR(CheckSocketPath(DataFolder::SocketIn(settings.data)));
  TWINNING_ASSIGN_OR_RETURN(DataFolder data, DataFolder::Open(settings.data));
  std::unique_ptr<House> house(new House(std::move(data), settings));
  TWINNING_RETURN_IF_ERROR(house->Listen(settings));
  return house;
}

absl::Status House::Listen(const Settings& settings) {
  sync_service_ = MakeSyncService(committer_);
  enrolment_service_ = MakeEnrolmentService(committer_, enrolment_);
  TWINNING_ASSIGN_OR_RETURN(
      sync_listener_,
      Listener::Start(settings.listen, {sync_service_.get(), enrolment_service_.get()}));
  office_ = std::make_unique<Office>(book_, sync_listener_->address());
  admin_service_ = MakeAdminService(committer_, *office_);
  std::string socket = DataFolder::SocketIn(settings.data);
  TWINNING_ASSIGN_OR_RETURN(admin_listener_,
                            Listener::Start("unix:" + socket, {admin_service_.get()}));
  chmod(socket.c_str(), 0600);
  return absl::OkStatus();
}

House::~House() { Close(); }

void House::Close() {
  committer_.Stop();
  if (sync_listener_) sync_listener_->Stop(kGoodbyeTime_ms);
  if (admin_listener_) admin_listener_->Stop(kGoodbyeTime_ms);
}

}  // namespace twinning::server
