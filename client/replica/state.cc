#include "client/replica/state.h"

#include <fmt/core.h>

#include "common/base/status.h"
#include "common/files/durable.h"

namespace twinning::client {
namespace {

constexpr const char* kLedger = "ledger";
constexpr const char* kTown = "town";
constexpr const char* kTownName = "town_name";
constexpr const char* kPartnershipName = "partnership_name";
constexpr const char* kMember = "member";
constexpr const char* kServer = "server";
constexpr const char* kCertification = "certification";
constexpr const char* kReplica = "replica";  // set when it is not the one that joined
constexpr const char* kOfferedKey = "offered_key";
constexpr const char* kNewKey = "new_key";  // its seed, until the key file has it
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
  identity.former = store->Former();
  return absl::OkStatus();
}

absl::Status Replica::State::ReadOwnKey() {
  std::optional<SigningKey> fresh = SigningKey::OfSeed(store->Text(kNewKey).value_or(""));
  if (fresh) key = *std::move(fresh);
  std::optional<ReplicaId> now = ReplicaId::Of(store->Text(kReplica).value_or(""));
  if (!now || *now == ReplicaOfKey(key.public_key())) return absl::OkStatus();
  TWINNING_ASSIGN_OR_RETURN(key, ReadKey(directory));
  if (*now == ReplicaOfKey(key.public_key())) return absl::OkStatus();
  return DataLoss(
      fmt::format("{} is not the key of this replica: restore it from a backup", directory.key()));
}

std::optional<SigningKey> Replica::State::OfferedKey() const {
  return SigningKey::OfSeed(store->Text(kOfferedKey).value_or(""));
}

void Replica::State::WriteOfferedKey(const SigningKey& fresh) {
  store->SetText(kOfferedKey, fresh.seed());
}

void Replica::State::WriteNewKey(const SigningKey& fresh) {
  store->SetText(kOfferedKey, "");
  store->SetText(kNewKey, fresh.seed());
  store->SetText(kReplica, ReplicaOfKey(fresh.public_key()).bytes());
}

absl::Status Replica::State::KeepNewKey() {
  std::optional<SigningKey> fresh;
  TWINNING_RETURN_IF_ERROR(store->database().Run([&] {
    fresh = SigningKey::OfSeed(store->Text(kNewKey).value_or(""));
    return absl::OkStatus();
  }));
  if (!fresh) return absl::OkStatus();
  TWINNING_RETURN_IF_ERROR(files::Write(directory.key(), HexOf(fresh->seed()) + "\n"));
  return store->database().Write([&] {
    store->SetText(kNewKey, "");
    return absl::OkStatus();
  });
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
  if (anew) {
    receiver.reset();
    TWINNING_RETURN_IF_ERROR(ReadOwnKey());
    TWINNING_RETURN_IF_ERROR(ReadIdentity());
  }
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
