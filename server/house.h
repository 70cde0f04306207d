// The whole server in one object, as twinningd and the tests start it: data folder, ledger,
// committer and the two listeners.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/admin/office.h"
#include "server/enrolment/enrolment.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/sqlite_ledger.h"
#include "server/rpc/listener.h"
#include "server/sequencer/committer.h"

namespace twinning::server {

class House {
 public:
  struct Settings {
    std::string data;                      // directory
    std::string listen = "127.0.0.1:0";    // ADDR:PORT, on loopback
    std::function<void()> failed = [] {};  // the ledger failed: stop and start again; any thread
  };

  static absl::StatusOr<std::unique_ptr<House>> Open(const Settings& settings);
  ~House();

  const std::string& address() const { return sync_listener_->address(); }
  bool failed() const { return failed_; }

  // Finishes what has been taken, tells everybody and ends; within a few seconds.
  void Close();

 private:
  House(DataFolder data, const Settings& settings);
  absl::Status Listen(const Settings& settings);

  DataFolder data_;
  SqliteLedger ledger_;
  InvitationBook book_;
  Enrolment enrolment_;
  std::atomic<bool> failed_ = false;
  Committer committer_;
  std::unique_ptr<Office> office_;
  std::unique_ptr<grpc::Service> sync_service_;
  std::unique_ptr<grpc::Service> enrolment_service_;
  std::unique_ptr<grpc::Service> admin_service_;
  std::unique_ptr<Listener> sync_listener_;
  std::unique_ptr<Listener> admin_listener_;
};

}  // namespace twinning::server
