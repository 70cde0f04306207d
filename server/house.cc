#include "server/house.h"

#include <fmt/core.h>
#include <sys/un.h>

#include <algorithm>
#include <chrono>

#include "common/base/status.h"
#include "common/files/durable.h"
#include "server/admin/admin_service.h"
#include "server/log/log.h"
#include "server/rpc/credentials.h"
#include "server/rpc/services.h"
#include "twinning/v1/admin.grpc.pb.h"
#include "twinning/v1/enrolment.grpc.pb.h"
#include "twinning/v1/sync.grpc.pb.h"

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

House::House(DataFolder data, std::unique_ptr<Authority> authority,
             std::unique_ptr<RevokedList> revoked, const Settings& settings)
    : data_(std::move(data)),
      authority_(std::move(authority)),
      revoked_(std::move(revoked)),
      upkeep_(*authority_, NowMs),
      audit_(settings.data + "/audit.jsonl", NowMs),
      ledger_(data_.database()),
      reserve_(DataFolder::ReserveIn(settings.data)),
      book_(data_.database()),
      committer_(ledger_, NowMs,
                 [this, failed = settings.failed](const absl::Status&) {
                   failed_ = true;
                   failed();
                 },
                 {}, {[this] { reserve_.GiveUp(); }, [this] { return reserve_.TakeBack(); }}) {
  if (absl::Status made = reserve_.Make(); !made.ok()) LogWarning(MessageOf(made));
}

absl::StatusOr<House::Places> House::PlacesOf(const Settings& settings) {
  Places places;
  TWINNING_ASSIGN_OR_RETURN(places.listen, Endpoint::Parse(settings.listen));
  places.host = settings.public_name.empty() ? places.listen.host : settings.public_name;
  if (settings.public_name.empty() && places.listen.every_address()) {
    return InvalidArgument(fmt::format(
        "{} is every address of this machine, and invitation codes name one: say by --public-name "
        "how the towns reach it",
        places.listen.host));
  }
  if (settings.enrol == "off") return places;
  if (!settings.enrol.empty()) {
    TWINNING_ASSIGN_OR_RETURN(places.enrol, Endpoint::Parse(settings.enrol));
  } else {
    places.enrol = places.listen;
    places.enrol_anywhere = true;
    if (places.enrol->port != 0) places.enrol->port = places.enrol->port % 65535 + 1;
  }
  return places;
}

absl::StatusOr<std::unique_ptr<House>> House::Open(const Settings& settings) {
  TWINNING_ASSIGN_OR_RETURN(Places places, PlacesOf(settings));
  TWINNING_RETURN_IF_ERROR(CheckSocketPath(DataFolder::SocketIn(settings.data)));
  TWINNING_ASSIGN_OR_RETURN(DataFolder data, DataFolder::Open(settings.data));
  const std::string folder = settings.data + "/authority";
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<Authority> authority, Authority::Open(folder, NowMs()));
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<RevokedList> revoked,
                            RevokedList::Open(folder + "/revoked"));
  std::unique_ptr<House> house(
      new House(std::move(data), std::move(authority), std::move(revoked), settings));
  TWINNING_RETURN_IF_ERROR(house->Listen(places, settings.data));
  house->LookAfter();
  return house;
}

absl::StatusOr<ListeningSocket> House::OpenEnrolment(const Places& places) {
  absl::StatusOr<ListeningSocket> opened = OpenListening(*places.enrol);
  if (opened.ok() || !places.enrol_anywhere) return opened;
  LogWarning(MessageOf(opened.status()) + "; enrolment takes any port (choose one by --enrol)");
  return OpenListening({places.enrol->host, 0});
}

absl::Status House::Listen(const Places& places, const std::string& data) {
  const std::string tls = data + "/tls";
  TWINNING_RETURN_IF_ERROR(files::MakeDirectory(tls));
  TWINNING_ASSIGN_OR_RETURN(ListeningSocket sync, OpenListening(places.listen));
  addresses_.listen = sync.endpoint.text();
  PublicAddresses told{PublicAddress(places.host, sync.endpoint), ""};
  std::optional<ListeningSocket> enrol;
  if (places.enrol) {
    TWINNING_ASSIGN_OR_RETURN(enrol, OpenEnrolment(places));
    addresses_.enrol = enrol->endpoint.text();
    told.enrolment = PublicAddress(places.host, enrol->endpoint);
  }
  enrolment_ =
      std::make_unique<Enrolment>(Enrolment::Records{book_, *authority_, *revoked_, audit_}, told);
  TWINNING_RETURN_IF_ERROR(ListenForSync(std::move(sync), places, tls + "/sync"));
  if (enrol) {
    TWINNING_RETURN_IF_ERROR(ListenForEnrolment(*std::move(enrol), places, tls + "/enrolment"));
  }
  return ListenForOperators(data, told.enrolment);
}

absl::Status House::ListenForSync(ListeningSocket socket, const Places& places,
                                  const std::string& folder) {
  ServerCertificate certificate(folder, HostsOf(places.host, socket.endpoint));
  TWINNING_RETURN_IF_ERROR(upkeep_.Take("sync", certificate));
  sync_service_ = MakeSyncService(committer_, *enrolment_, *revoked_, open_streams_);
  TWINNING_ASSIGN_OR_RETURN(
      sync_listener_,
      Listener::OnNetwork(std::move(socket),
                          MakeServerCredentials(certificate, ByAuthority(*authority_, NowMs)),
                          v1::REPLICAS, {ServedAs<v1::Sync>(sync_service_)}));
  return absl::OkStatus();
}

absl::Status House::ListenForEnrolment(ListeningSocket socket, const Places& places,
                                       const std::string& folder) {
  ServerCertificate certificate(folder, HostsOf(places.host, socket.endpoint));
  TWINNING_RETURN_IF_ERROR(upkeep_.Take("enrolment", certificate));
  enrolment_service_ = MakeEnrolmentService(committer_, *enrolment_);
  TWINNING_ASSIGN_OR_RETURN(
      enrolment_listener_,
      Listener::OnNetwork(std::move(socket), MakeServerCredentials(certificate, std::nullopt),
                          v1::STRANGERS, {ServedAs<v1::Enrolment>(enrolment_service_)}));
  return absl::OkStatus();
}

// What a restore of the database forgot is said again, now and whenever a recovery may have ended.
void House::LookAfter() {
  auto repeat = [this] {
    committer_.Post([this](Sequencer& sequencer) { office_->RepeatRevocations(sequencer); });
  };
  repeat();
  upkeep_.Begin(repeat);
}

absl::Status House::ListenForOperators(const std::string& data, const std::string& enrolment) {
  auto cut = [this](const ReplicaId& replica) { open_streams_.Cut(replica, v1::REVOKED); };
  office_ = std::make_unique<Office>(
      Office::Records{book_, *authority_, *revoked_, upkeep_, audit_, cut}, enrolment);
  safekeeping_ = std::make_unique<Safekeeping>(data, NowMs, audit_);
  admin_service_ = MakeAdminService(committer_, *office_, *safekeeping_);
  TWINNING_ASSIGN_OR_RETURN(
      admin_listener_,
      Listener::OnSocket(DataFolder::SocketIn(data), {ServedAs<v1::Admin>(admin_service_)}));
  return absl::OkStatus();
}

void House::AskWhetherAlive(std::function<void()> alive) {
  committer_.Post([alive = std::move(alive)](Sequencer&) { alive(); });
}

House::~House() { Close(); }

void House::Close() {
  upkeep_.Stop();
  committer_.Stop();
  for (Listener* listener :
       {enrolment_listener_.get(), sync_listener_.get(), admin_listener_.get()}) {
    if (listener != nullptr) listener->Stop(kGoodbyeTime_ms);
  }
}

}  // namespace twinning::server
