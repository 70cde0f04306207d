#include "client/app/app.h"

#include <atomic>
#include <memory>
#include <set>
#include <thread>
#include <utility>

#include "client/app/api.h"
#include "client/app/journal.h"
#include "client/app/server.h"
#include "client/desk/around.h"
#include "client/desk/exit_codes.h"
#include "common/base/status.h"

namespace twinning::app {
namespace {

using Seats = std::vector<std::unique_ptr<Seat>>;

absl::StatusOr<Seats> OpenAll(const std::vector<std::string>& directories, Journal& journal) {
  Seats seats;
  std::set<std::string> ids;
  for (const std::string& directory : directories) {
    auto hall = Hall::Open(directory, journal);
    if (!hall.ok()) return desk::FromReplica(hall.status());
    if (!ids.insert((*hall)->id()).second) {
      return desk::BadInput("Two of the replicas are of one partnership: give one of them.");
    }
    auto seat = std::make_unique<Seat>();
    seat->hall = *std::move(hall);
    seat->archive = std::make_unique<Archive>(directory);
    seats.push_back(std::move(seat));
  }
  return seats;
}

}  // namespace

absl::Status Serve(const AppOptions& options) {
  Journal journal(desk::RandomHex(8));
  TWINNING_ASSIGN_OR_RETURN(Seats seats, OpenAll(options.replicas, journal));
  std::vector<Seat*> taken;
  for (const auto& seat : seats) taken.push_back(seat.get());
  Api api(std::move(taken));
  auto server = Server::Open(options.port, desk::RandomHex(32), api, journal);
  if (!server.ok()) return desk::Answered(desk::ExitCode::kUsage, server.status());
  // Who connects from now on is answered as soon as Run begins.
  TWINNING_RETURN_IF_ERROR(options.ready({(*server)->address(), (*server)->address_for_once()}));
  std::thread serving([&] { (*server)->Run(); });
  std::atomic<bool> stopped = false;
  {
    std::stop_callback on_stop(options.stop, [&] {
      stopped = true;
      stopped.notify_all();
    });
    stopped.wait(false);
  }
  journal.Close();
  (*server)->Stop();
  serving.join();
  return absl::OkStatus();
}

}  // namespace twinning::app
