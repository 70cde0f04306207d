#include "client/replica/state.h"

#include <fmt/core.h>

#include "common/base/status.h"

namespace twinning::client {
namespace {

constexpr const char* kLedger = "ledger";
constexpr const char* kTown = "town";
constexpr const char* kTownName = "town_name";
constexpr const char* kPartnershipName = "partnership_name";
constexpr const char* kMember = "member";
constexpr const char* kServer = "server";
constexpr const char* kCertification = "certification";
constexpr const char* kConnected = "connected";
constexpr const char* kServerHead = "server_head";
constexpr const char* kDigestMatched = "digest_matched";
constexpr const char* kProblem = "problem";

absl::Status NoReplica(const std::string& directory) {
  return FailedPrecondition(fmt::format(
      "{} is not a replica: join a partnership first, or name the right directory", directory));
}

}  // namespace

absl::Status Replica::State::OpenStore(bool create) {
  absl::StatusOr<std::unique_ptr<Store>> opened = Store::Open(directory.database(), create);
  if (absl::IsNotFound(opened.status())) return NoReplica(directory.path);
  // What is here stays until there is something in its place: the disk may be well again later.
  if (!opened.ok()) return opened.status();
  receiver.reset();
  plans.reset();
  store = *std::move(opened);
  plans = std::make_unique<Plans>(*store);
  distrusted = true;
  return absl::OkStatus();
}

absl::Status Replica::State::Reopen() {
  if (!store->database().failed()) return absl::OkStatus();
  return OpenStore(false);
}

absl::Status Replica::State::ReadIdentity() {
  std::optional<LedgerId> ledger = LedgerId::Of(store->Text(kLedger).value_or(""));
  std::optional<TownId> town = TownId::Of(store->Text(kTown).value_or(""));
  if (!ledger || !town) return NoReplica(directory.path);
  identity.ledger = *ledger;
  identity.town = *town;
  identity.replica = ReplicaOfKey(key.public_key());
  identity.town_name = store->Text(kTownName).value_or("");
  identity.partnership_name = store->Text(kPartnershipName).value_or("");
  identity.member = store->Text(kMember).value_or("");
  identity.server = store->Text(kServer).value_or("");
  // One that cannot be read is none: the key can get another.
  if (!identity.certification.ParseFromString(store->Text(kCertification).value_or(""))) {
    identity.certification.Clear();
  }
  return absl::OkStatus();
}

void Replica::State::WriteIdentity() {
  store->SetText(kLedger, identity.ledger.bytes());
  store->SetText(kTown, identity.town.bytes());
  store->SetText(kTownName, identity.town_name);
  store->SetText(kPartnershipName, identity.partnership_name);
  store->SetText(kMember, identity.member);
  store->SetText(kServer, identity.server);
  store->SetText(kCertification, identity.certification.SerializeAsString());
}

void Replica::State::ReadSync() {
  sync.connected = store->Number64(kConnected) != 0;
  sync.server_head = static_cast<Sequence>(store->Number64(kServerHead));
  sync.digest_matched = static_cast<Sequence>(store->Number64(kDigestMatched));
  sync.history_complete = store->Number64(kMetaIncomplete) == 0;
  sync.problem = store->Text(kProblem).value_or("");
}

void Replica::State::WriteSync(const SyncState& next) {
  store->SetNumber(kConnected, next.connected ? 1 : 0);
  store->SetNumber(kServerHead, static_cast<int64_t>(next.server_head));
  store->SetNumber(kDigestMatched, static_cast<int64_t>(next.digest_matched));
  store->SetText(kProblem, next.problem);
}

void Replica::State::Distrust() {
  receiver.reset();
  distrusted = true;
}

absl::Status Replica::State::TakeIn() {
  int64_t version = store->DataVersion();
  if (!distrusted && version == seen_version) return absl::OkStatus();
  int64_t written = store->Number64(kMetaGeneration);
  bool anew = distrusted || written != generation;
  distrusted = true;
  if (anew) receiver.reset();
  TWINNING_RETURN_IF_ERROR(anew ? plans->Load() : plans->TakeNew());
  held = store->head();
  own = store->LastOwn();
  ReadSync();
  generation = written;
  seen_version = version;
  distrusted = false;
  return absl::OkStatus();
}

}  // namespace twinning::client
