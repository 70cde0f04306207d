// Where the server listens, for whom.
#include <algorithm>
#include <chrono>
#include <thread>

#include "common/base/status.h"
#include "common/files/durable.h"
#include "server/clocks.h"
#include "server/house.h"
#include "server/log/log.h"
#include "server/rpc/services.h"
#include "twinning/v1/admin.grpc.pb.h"
#include "twinning/v1/sync.grpc.pb.h"

namespace twinning::server {
namespace {

constexpr std::chrono::seconds kMetricsPatience(2);
constexpr std::chrono::seconds kPatienceWithPort(1);
constexpr std::chrono::milliseconds kPortAgain(10);
constexpr const char* kThisMachine = "this machine";

std::string PublicAddress(const std::string& host, const Endpoint& listening) {
  return Endpoint{host, listening.port}.text();
}

// What a certificate is to name, so that every usual client is content with it.
std::vector<std::string> HostsOf(const std::string& host, const Endpoint& listening) {
  std::vector<std::string> hosts = {"localhost", "127.0.0.1", "::1"};
  for (const std::string& other : {host, listening.host}) {
    bool known = std::find(hosts.begin(), hosts.end(), other) != hosts.end();
    if (!known && other != "0.0.0.0" && other != "::") hosts.push_back(other);
  }
  return hosts;
}

}  // namespace

// The front of a server that was killed holds the port until it has noticed.
absl::StatusOr<ListeningSocket> House::OpenEnrolment(const Places& places) {
  const auto until = std::chrono::steady_clock::now() + kPatienceWithPort;
  absl::StatusOr<ListeningSocket> opened = OpenListening(*places.enrol);
  while (!opened.ok() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kPortAgain);
    opened = OpenListening(*places.enrol);
  }
  if (opened.ok() || !places.enrol_anywhere) return opened;
  LogWarning(MessageOf(opened.status()) + "; enrolment takes any port (choose one by --enrol)");
  return OpenListening({places.enrol->host, 0});
}

absl::Status House::Listen(const Places& places) {
  const std::string tls = settings_.data + "/tls";
  TWINNING_RETURN_IF_ERROR(files::MakeDirectory(tls));
  TWINNING_ASSIGN_OR_RETURN(ListeningSocket sync, OpenListening(places.listen));
  addresses_.listen = sync.endpoint;
  PublicAddresses told{PublicAddress(places.host, sync.endpoint), ""};
  std::optional<ListeningSocket> enrol;
  if (places.enrol) {
    TWINNING_ASSIGN_OR_RETURN(enrol, OpenEnrolment(places));
    addresses_.enrol = enrol->endpoint;
    told.enrolment = PublicAddress(places.host, enrol->endpoint);
  }
  std::optional<ListeningSocket> admin;
  std::string administration;
  if (places.admin) {
    TWINNING_ASSIGN_OR_RETURN(admin, OpenListening(*places.admin));
    addresses_.admin = admin->endpoint.text();
    administration = PublicAddress(places.host, admin->endpoint);
  }
  enrolment_ =
      std::make_unique<Enrolment>(Enrolment::Records{book_, *authority_, *revoked_, audit_}, told);
  TWINNING_RETURN_IF_ERROR(ListenForSync(std::move(sync), places, tls + "/sync"));
  if (enrol) {
    TWINNING_RETURN_IF_ERROR(ListenForEnrolment(*std::move(enrol), places, tls + "/enrolment"));
  }
  TWINNING_RETURN_IF_ERROR(ListenForOperators(told.enrolment, administration));
  if (admin) {
    TWINNING_RETURN_IF_ERROR(ListenAfar(*std::move(admin), places, tls + "/administration"));
  }
  if (!places.metrics) return absl::OkStatus();
  TWINNING_ASSIGN_OR_RETURN(metrics_, MetricsEndpoint::Open(*places.metrics, [this] {
                              return Surveyed{survey_->Take(kMetricsPatience), HowEnrolling()};
                            }));
  return absl::OkStatus();
}

absl::Status House::ListenForSync(ListeningSocket socket, const Places& places,
                                  const std::string& folder) {
  ServerCertificate certificate(folder, HostsOf(places.host, socket.endpoint));
  TWINNING_RETURN_IF_ERROR(upkeep_.Take("sync", certificate));
  sync_service_ = MakeSyncService(committer_, *enrolment_, *revoked_, open_streams_);
  TWINNING_ASSIGN_OR_RETURN(
      sync_listener_,
      Listener::OnNetwork(
          std::move(socket),
          MakeServerCredentials(certificate, Counted(ByAuthority(*authority_, NowMs))),
          v1::REPLICAS, {ServedAs<v1::Sync>(sync_service_)}, ListenerLimits::OfReplicas()));
  return absl::OkStatus();
}

absl::Status House::ListenForEnrolment(ListeningSocket socket, const Places& places,
                                       const std::string& folder) {
  ServerCertificate certificate(folder, HostsOf(places.host, socket.endpoint));
  TWINNING_RETURN_IF_ERROR(upkeep_.Take("enrolment", certificate));
  FrontKeeper::Work work;
  work.program = settings_.front;
  if (work.program.empty()) {
    TWINNING_ASSIGN_OR_RETURN(work.program, FrontProgram());
  }
  work.shown = [certificate]() -> absl::StatusOr<FrontPair> {
    TWINNING_ASSIGN_OR_RETURN(KeyAndChain pair, certificate.Read());
    return FrontPair{pair.key_pem, pair.chain_pem};
  };
  desk_ = std::make_unique<EnrolmentDesk>(committer_, *enrolment_);
  work.take = [this](const FrontMessage& asked, std::shared_ptr<FrontReply> reply) {
    desk_->Take(asked, reply);
  };
  front_ = std::make_unique<FrontKeeper>(std::move(socket.fd), std::move(work));
  return absl::OkStatus();
}

// --- Operators ----------------------------------------------------------------------------------

Administration House::Desk() {
  return {committer_, *office_, *safekeeping_, *survey_,
          [this](const auto& tell) { return Examine(tell); }};
}

absl::Status House::ListenForOperators(const std::string& enrolment,
                                       const std::string& administration) {
  auto cut = [this](const ReplicaId& replica) { open_streams_.Cut(replica, v1::REVOKED); };
  office_ = std::make_unique<Office>(
      Office::Records{book_, *authority_, *revoked_, upkeep_, *operators_, audit_, cut},
      Office::Addresses{enrolment, administration});
  safekeeping_ = std::make_unique<Safekeeping>(
      Safekeeping::Place{settings_.data, data_.database(), committer_, NowMs, audit_});
  survey_ =
      std::make_unique<Survey>(Survey::Sources{measures_, committer_, open_streams_, upkeep_,
                                               settings_.data, [this] { return Doors(); }, NowMs});
  admin_service_ = MakeAdminService(
      Desk(), [](const auto&) { return std::optional<std::string>(kThisMachine); });
  TWINNING_ASSIGN_OR_RETURN(admin_listener_,
                            Listener::OnSocket(DataFolder::SocketIn(settings_.data),
                                               {ServedAs<v1::Admin>(admin_service_)}));
  return absl::OkStatus();
}

// Who has an operator's certificate is let in, and asked again at every call: a withdrawal counts
// at once.
absl::Status House::ListenAfar(ListeningSocket socket, const Places& places,
                               const std::string& folder) {
  ServerCertificate certificate(folder, HostsOf(places.host, socket.endpoint));
  TWINNING_RETURN_IF_ERROR(upkeep_.Take("administration", certificate));
  afar_service_ = MakeAdminService(Desk(), [this](const auto& context) {
    std::optional<std::string> key = PeerKey(context);
    return key ? operators_->NameOf(*key) : std::nullopt;
  });
  CheckClient by_authority = ByAuthority(*authority_, NowMs);
  CheckClient operators_only = [this, by_authority](const tls::Certificate& shown) {
    absl::Status checked = by_authority(shown);
    if (!checked.ok() || operators_->NameOf(shown.ed25519_key())) return checked;
    return absl::PermissionDeniedError("the certificate is not, or no longer, an operator's");
  };
  TWINNING_ASSIGN_OR_RETURN(
      afar_listener_,
      Listener::OnNetwork(
          std::move(socket), MakeServerCredentials(certificate, Counted(operators_only)),
          v1::OPERATORS, {ServedAs<v1::Admin>(afar_service_)}, ListenerLimits::OfOperators()));
  return absl::OkStatus();
}

CheckClient House::Counted(CheckClient check) {
  return [this, check = std::move(check)](const tls::Certificate& certificate) {
    absl::Status checked = check(certificate);
    if (!checked.ok()) measures_.HandshakeFailed();
    return checked;
  };
}

House::~House() { Close(); }

}  // namespace twinning::server
