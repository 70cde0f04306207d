// The whole server in one object, as twinningd and the tests start it: data folder, authority,
// ledger, committer, the listeners, and what looks after them.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/admin/admin_service.h"
#include "server/admin/office.h"
#include "server/admin/safekeeping.h"
#include "server/audit/audit_log.h"
#include "server/authority/authority.h"
#include "server/authority/operator_list.h"
#include "server/authority/revoked_list.h"
#include "server/authority/server_certificate.h"
#include "server/authority/upkeep.h"
#include "server/door/listener.h"
#include "server/door/socket.h"
#include "server/enrolment/enrolment.h"
#include "server/keeper/enrolment_desk.h"
#include "server/keeper/front_keeper.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/reserve.h"
#include "server/ledger/seen_book.h"
#include "server/ledger/sqlite_ledger.h"
#include "server/metrics/endpoint.h"
#include "server/metrics/survey.h"
#include "server/rpc/credentials.h"
#include "server/rpc/open_streams.h"
#include "server/rpc/self_probe.h"
#include "server/sequencer/committer.h"

namespace twinning::server {

class House {
 public:
  struct Settings {
    std::string data = {};               // directory
    std::string listen = "127.0.0.1:0";  // ADDR:PORT of sync
    // ADDR:PORT of enrolment; empty: where sync is, at the next port, or any when that is taken or
    // sync has any; "off": nobody can join or be invited.
    std::string enrol = {};
    // The program that people join by; empty: beside the one that runs, or where it is installed.
    std::string front = {};
    // The name or address of this machine as the towns reach it; empty: as in `listen`.
    std::string public_name = {};
    // ADDR:PORT where operators at other machines administer; "off": only on this one.
    std::string admin_listen = "off";
    // The port on 127.0.0.1 where Prometheus collects; "off": none.
    std::string metrics = "off";
    // What each replica may send, in changes a second, for long; 0: as much as it likes.
    double changes_per_second = sync::RateLimits().per_second;
    // How often the server looks whether it can be reached; 0: never.
    std::chrono::milliseconds probe_every = std::chrono::seconds(20);
    // Whether the server can be reached; empty: by calling its own sync port as a replica would.
    std::function<absl::Status()> probe = {};
    std::function<void()> failed = [] {};  // the ledger failed: stop and start again; any thread
    std::function<void()> unreachable = [] {};  // nobody can connect: the same
  };

  static absl::StatusOr<std::unique_ptr<House>> Open(const Settings& settings);
  ~House();

  // Where it listens for sync, for enrolment and for operators (empty: it does not).
  std::string address() const { return addresses_.listen.text(); }
  std::string enrolment_address() const { return addresses_.enrol ? addresses_.enrol->text() : ""; }
  std::string admin_address() const { return addresses_.admin; }
  // How the process is that people join by; none: nobody can.
  std::optional<FrontState> front() const;
  int metrics_port() const { return metrics_ == nullptr ? 0 : metrics_->port(); }  // 0: none
  bool failed() const { return failed_; }
  bool unreachable() const { return unreachable_; }

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
    std::optional<Endpoint> admin;
    std::optional<int> metrics;
    std::string host;  // as the towns know it
  };
  struct Addresses {
    Endpoint listen;
    std::optional<Endpoint> enrol;
    std::string admin;
  };
  struct Lists {
    std::unique_ptr<RevokedList> revoked;
    std::unique_ptr<OperatorList> operators;
  };
  House(DataFolder data, std::unique_ptr<Authority> authority, Lists lists,
        const Settings& settings);

  static absl::StatusOr<Places> PlacesOf(const Settings& settings);
  absl::Status Listen(const Places& places);
  static absl::StatusOr<ListeningSocket> OpenEnrolment(const Places& places);
  absl::Status ListenForSync(ListeningSocket socket, const Places& places,
                             const std::string& folder);
  absl::Status ListenForEnrolment(ListeningSocket socket, const Places& places,
                                  const std::string& folder);
  absl::Status ListenForOperators(const std::string& enrolment, const std::string& administration);
  absl::Status ListenAfar(ListeningSocket socket, const Places& places, const std::string& folder);
  void LookAfter();
  void KeepSeen(const Sequencer& sequencer);
  AtTheDoors Doors();
  void ProbeEvery(std::chrono::milliseconds interval);
  absl::Status Probe() const;
  absl::Status ProbeEnrolment() const;
  std::optional<Enrolling> HowEnrolling() const;
  absl::Status Examine(const std::function<absl::Status(v1::Finding)>& tell);
  Administration Desk();
  // As `check`, and who it does not let in is counted.
  CheckClient Counted(CheckClient check);

  const Settings settings_;
  DataFolder data_;
  std::unique_ptr<Authority> authority_;
  std::unique_ptr<RevokedList> revoked_;
  std::unique_ptr<OperatorList> operators_;
  Upkeep upkeep_;
  AuditLog audit_;
  SqliteLedger ledger_;
  Reserve reserve_;
  InvitationBook book_;
  SeenBook seen_;
  Measures measures_;
  const SigningKey probe_key_;
  std::atomic<bool> failed_ = false;
  std::atomic<bool> unreachable_ = false;
  Committer committer_;
  Addresses addresses_;
  OpenStreams open_streams_;
  std::unique_ptr<Enrolment> enrolment_;
  std::unique_ptr<Office> office_;
  std::unique_ptr<Safekeeping> safekeeping_;
  std::unique_ptr<grpc::Service> sync_service_;
  std::unique_ptr<Survey> survey_;
  std::unique_ptr<grpc::Service> admin_service_;
  std::unique_ptr<grpc::Service> afar_service_;
  std::unique_ptr<Listener> sync_listener_;
  std::unique_ptr<Listener> admin_listener_;
  std::unique_ptr<Listener> afar_listener_;
  std::unique_ptr<EnrolmentDesk> desk_;
  std::unique_ptr<FrontKeeper> front_;
  std::unique_ptr<SelfProbe> probe_;
  std::unique_ptr<SelfProbe> enrolment_probe_;
  std::unique_ptr<MetricsEndpoint> metrics_;
};

}  // namespace twinning::server
