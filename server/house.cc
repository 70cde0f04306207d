#include "server/house.h"

#include <fmt/core.h>
#include <grpcpp/impl/service_type.h>
#include <sys/un.h>

#include <charconv>

#include "common/base/status.h"
#include "server/clocks.h"
#include "server/enrolment/random.h"
#include "server/log/log.h"

namespace twinning::server {
namespace {

constexpr int kGoodbyeTime_ms = 2000;

absl::StatusOr<std::optional<int>> MetricsPortOf(const std::string& word) {
  if (word == "off") return std::nullopt;
  int port = 0;
  auto read = std::from_chars(word.data(), word.data() + word.size(), port);
  if (read.ec == std::errc() && read.ptr == word.data() + word.size() && port >= 0 &&
      port <= 65535) {
    return port;
  }
  return InvalidArgument(fmt::format("--metrics takes a port or \"off\", not \"{}\"", word));
}

sync::ServerLimits LimitsOf(const House::Settings& settings) {
  sync::ServerLimits limits;
  limits.rates.per_second = settings.changes_per_second;
  return limits;
}

absl::Status CheckSocketPath(const std::string& path) {
  if (path.size() < sizeof(sockaddr_un{}.sun_path)) return absl::OkStatus();
  return InvalidArgument(
      fmt::format("{} is too long for a socket: use a data directory with a shorter path", path));
}

}  // namespace

House::House(DataFolder data, std::unique_ptr<Authority> authority, Lists lists,
             const Settings& settings)
    : settings_(settings),
      data_(std::move(data)),
      authority_(std::move(authority)),
      revoked_(std::move(lists.revoked)),
      operators_(std::move(lists.operators)),
      upkeep_(*authority_, NowMs),
      audit_(DataFolder::AuditIn(settings.data), NowMs),
      ledger_(data_.database()),
      reserve_(DataFolder::ReserveIn(settings.data)),
      book_(data_.database()),
      seen_(data_.database()),
      measures_(Ticks),
      probe_key_(*SigningKey::OfSeed(RandomBytes(kSeedSize))),
      committer_(
          ledger_, NowMs,
          [this, failed = settings.failed](const absl::Status&) {
            failed_ = true;
            failed();
          },
          LimitsOf(settings), {[this] { reserve_.GiveUp(); }, [this] { return reserve_.TakeBack(); }}, &measures_) {
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
  if (settings.admin_listen != "off") {
    TWINNING_ASSIGN_OR_RETURN(places.admin, Endpoint::Parse(settings.admin_listen));
  }
  TWINNING_ASSIGN_OR_RETURN(places.metrics, MetricsPortOf(settings.metrics));
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
  const std::string folder = DataFolder::AuthorityIn(settings.data);
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<Authority> authority, Authority::Open(folder, NowMs()));
  Lists lists;
  TWINNING_ASSIGN_OR_RETURN(lists.revoked, RevokedList::Open(folder + "/revoked"));
  TWINNING_ASSIGN_OR_RETURN(lists.operators,
                            OperatorList::Open(DataFolder::OperatorsIn(settings.data)));
  std::unique_ptr<House> house(
      new House(std::move(data), std::move(authority), std::move(lists), settings));
  TWINNING_RETURN_IF_ERROR(house->Listen(places));
  house->LookAfter();
  return house;
}

void House::AskWhetherAlive(std::function<void()> alive) {
  committer_.Post([alive = std::move(alive)](Sequencer&) { alive(); });
}

// Whoever asks about the others ends before them.
void House::Close() {
  metrics_.reset();
  for (SelfProbe* probe : {probe_.get(), enrolment_probe_.get()}) {
    if (probe != nullptr) probe->Stop();
  }
  upkeep_.Stop();
  if (office_ != nullptr) {
    committer_.Post([this](Sequencer& sequencer) { KeepSeen(sequencer); });
  }
  committer_.Stop();
  if (front_ != nullptr) front_->Stop();
  for (Listener* listener : {afar_listener_.get(), admin_listener_.get(), sync_listener_.get()}) {
    if (listener != nullptr) listener->Stop(kGoodbyeTime_ms);
  }
}

}  // namespace twinning::server
