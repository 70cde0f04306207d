// The whole server in one object, as twinningd and the tests start it: data folder, authority,
// ledger, committer and the three listeners.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/admin/office.h"
#include "server/admin/safekeeping.h"
#include "server/audit/audit_log.h"
#include "server/authority/authority.h"
#include "server/authority/revoked_list.h"
#include "server/authority/server_certificate.h"
#include "server/authority/upkeep.h"
#include "server/enrolment/enrolment.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/reserve.h"
#include "server/ledger/sqlite_ledger.h"
#include "server/rpc/listener.h"
#include "server/rpc/open_streams.h"
#include "server/rpc/socket.h"
#include "server/sequencer/committer.h"

namespace twinning::server {

class House {
 public:
  struct Settings {
    std::string data;                    // directory
    std::string listen = "127.0.0.1:0";  // ADDR:PORT of sync
    // ADDR:PORT of enrolment; empty: where sync is, at the next port, or any when that is taken or
    // sync has any; "off": nobody can join or be invited.
    std::string enrol = {};
    // The name or address of this machine as the towns reach it; empty: as in `listen`.
    std::string public_name = {};
    std::function<void()> failed = [] {};  // the ledger failed: stop and start again; any thread
  };

  static absl::StatusOr<std::unique_ptr<House>> Open(const Settings& settings);
  ~House();

  // Where it listens for sync, and for enrolment (empty: it does not).
  std::string address() const { return addresses_.listen; }
  std::string enrolment_address() const { return addresses_.enrol; }
  bool failed() const { return failed_; }

  // Calls `alive` from the thread that commits, after what it has to do already: not at all when
  // that hangs or has ended.
  void AskWhetherAlive(std::function<void()> alive);

  // Finishes what has been taken, tells everybody and ends; within a few seconds.
  void Close();

 private:
  // What the command line's words come to.
  struct Places {
    Endpoint listen;
    std::optional<Endpoint> enrol;
    bool enrol_anywhere = false;  // when the port is taken
    std::string host;             // as the towns know it
  };
  struct Addresses {
    std::string listen;
    std::string enrol;
  };
  House(DataFolder data, std::unique_ptr<Authority> authority, std::unique_ptr<RevokedList> revoked,
        const Settings& settings);

  static absl::StatusOr<Places> PlacesOf(const Settings& settings);
  absl::Status Listen(const Places& places, const std::string& data);
  static absl::StatusOr<ListeningSocket> OpenEnrolment(const Places& places);
  absl::Status ListenForSync(ListeningSocket socket, const Places& places,
                             const std::string& folder);
  absl::Status ListenForEnrolment(ListeningSocket socket, const Places& places,
                                  const std::string& folder);
  absl::Status ListenForOperators(const std::string& data, const std::string& enrolment);
  void LookAfter();

  DataFolder data_;
  std::unique_ptr<Authority> authority_;
  std::unique_ptr<RevokedList> revoked_;
  Upkeep upkeep_;
  AuditLog audit_;
  SqliteLedger ledger_;
  Reserve reserve_;
  InvitationBook book_;
  std::atomic<bool> failed_ = false;
  Committer committer_;
  Addresses addresses_;
  OpenStreams open_streams_;
  std::unique_ptr<Enrolment> enrolment_;
  std::unique_ptr<Office> office_;
  std::unique_ptr<Safekeeping> safekeeping_;
  std::unique_ptr<grpc::Service> sync_service_;
  std::unique_ptr<grpc::Service> enrolment_service_;
  std::unique_ptr<grpc::Service> admin_service_;
  std::unique_ptr<Listener> sync_listener_;
  std::unique_ptr<Listener> enrolment_listener_;
  std::unique_ptr<Listener> admin_listener_;
};

}  // namespace twinning::server
