#include "tests/scenarios/runner/grpc_stage.h"

#include <fmt/core.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <filesystem>

#include "client/engine/join.h"
#include "client/engine/sync.h"
#include "client/replica/directory.h"
#include "client/replica/store.h"
#include "common/base/status.h"
#include "common/ledger/change.h"
#include "common/plan/compose.h"

namespace twinning::scenarios {

absl::StatusOr<std::unique_ptr<Premises>> Premises::Open() {
  std::unique_ptr<Premises> premises(new Premises());
  server::House::Settings settings;
  settings.data = premises->folder_ / "server";
  TWINNING_ASSIGN_OR_RETURN(premises->house_, server::House::Open(settings));
  premises->admin_ = v1::Admin::NewStub(grpc::CreateChannel("unix:" + settings.data + "/admin.sock",
                                                            grpc::InsecureChannelCredentials()));
  return premises;
}

Premises::~Premises() {
  if (house_) house_->Close();
}

absl::Status Premises::Found(const std::string& partnership) {
  v1::CreatePartnershipRequest request;
  request.set_name(partnership);
  v1::PartnershipInfo info;
  grpc::ClientContext context;
  grpc::Status status = admin_->CreatePartnership(&context, request, &info);
  return status.ok() ? absl::OkStatus() : Internal(status.error_message());
}

absl::StatusOr<std::string> Premises::Invite(const std::string& partnership,
                                             const std::string& town) {
  v1::InviteRequest request;
  request.set_partnership(partnership);
  request.set_town(town);
  v1::InviteResponse response;
  grpc::ClientContext context;
  grpc::Status status = admin_->Invite(&context, request, &response);
  if (!status.ok()) return Internal(status.error_message());
  return response.code();
}

absl::StatusOr<std::unique_ptr<GrpcStage>> GrpcStage::Found(Premises& premises,
                                                            const std::string& partnership) {
  TWINNING_RETURN_IF_ERROR(premises.Found(partnership));
  return std::unique_ptr<GrpcStage>(new GrpcStage(premises, partnership));
}

// The premises stay for other stages; the replicas' room is given back.
GrpcStage::~GrpcStage() {
  for (auto& [name, replica] : replicas_) {
    const std::string directory = replica->directory();
    replica.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
  }
}

absl::Status GrpcStage::Join(const std::string& name, const std::string& town) {
  client::JoinRequest request;
  TWINNING_ASSIGN_OR_RETURN(request.code, premises_.Invite(partnership_, town));
  request.directory = premises_.FolderFor(partnership_ + "-" + name);
  request.member = name;
  // The same key as on the bare stage: where two type at one place, the order of their words
  // depends on it.
  client::Directory directory(request.directory);
  TWINNING_RETURN_IF_ERROR(client::MakeDirectory(directory));
  TWINNING_RETURN_IF_ERROR(client::KeepKey(directory, *SigningKey::OfSeed(Sha256(name).bytes())));
  TWINNING_ASSIGN_OR_RETURN(replicas_[name], client::Join(request));
  return absl::OkStatus();
}

const plan::Plan& GrpcStage::View(const std::string& name) { return At(name).view(); }

ledger::Head GrpcStage::Confirmed(const std::string& name) { return At(name).confirmed().head(); }

TownId GrpcStage::TownOf(const std::string& name) { return At(name).identity().town; }

const SigningKey& GrpcStage::Key(const std::string& name) { return At(name).key(); }

Number GrpcStage::LastNumber(const std::string& name) { return At(name).last_number(); }

absl::StatusOr<plan::Change> GrpcStage::OwnChange(const std::string& name, Number number) {
  return At(name).OwnChange(number);
}

absl::StatusOr<Stage::Drawer> GrpcStage::Refused(const std::string& name) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<client::RefusedChange> refused, At(name).Refused());
  Drawer drawer;
  for (client::RefusedChange& one : refused) {
    drawer.emplace_back(std::move(one.change), one.reason);
  }
  return drawer;
}

absl::StatusOr<std::optional<plan::Refusal>> GrpcStage::Write(const std::string& name,
                                                              const client::Replica::Draft& draft,
                                                              int64_t time_ms) {
  const ReplicaId id = At(name).identity().replica;
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<client::Replica::Draft> {
    client::Replica::Draft whole = draft;
    TWINNING_ASSIGN_OR_RETURN(whole.edits, plan::WithPositions(view, id, draft.edits));
    return whole;
  };
  TWINNING_ASSIGN_OR_RETURN(client::Saved saved, At(name).Write(make, time_ms));
  return saved.refusal;
}

// A modified client writes into its own database what it likes.
absl::Status GrpcStage::Force(const std::string& name, const client::Replica::Draft& draft,
                              int64_t time_ms) {
  client::Replica& replica = At(name);
  v1::Edits edits;
  for (const v1::Edit& edit : draft.edits) *edits.add_edits() = edit;
  ledger::ParsedChange change;
  change.ledger = replica.identity().ledger;
  change.replica = replica.identity().replica;
  change.number = replica.last_number() + 1;
  if (change.number > 1) {
    TWINNING_ASSIGN_OR_RETURN(plan::Change last, replica.OwnChange(change.number - 1));
    change.previous = last.authored.hash;
  }
  change.base = replica.confirmed().head();
  change.change_set = *ChangeSetId::Of(Sha256(edits.SerializeAsString()).bytes().substr(0, 16));
  change.time_ms = time_ms;
  change.encoding = v1::EDITS;
  change.payload = edits.SerializeAsString();
  client::OutboxRow row;
  row.number = change.number;
  row.change.set_change(ledger::EncodeChange(change));
  TWINNING_ASSIGN_OR_RETURN(
      std::unique_ptr<client::Store> store,
      client::Store::Open(client::Directory(replica.directory()).database(), false));
  TWINNING_RETURN_IF_ERROR(store->database().Write([&] {
    store->PutOutbox(row);
    return absl::OkStatus();
  }));
  return replica.Refresh();
}

absl::Status GrpcStage::Sync(const std::string& name) {
  TWINNING_ASSIGN_OR_RETURN(client::SyncResult result, client::SyncOnce(At(name), {}));
  if (!result.synced) return Internal(fmt::format("{} has not synced: {}", name, result.problem));
  return At(name).Refresh();
}

client::Replica& GrpcStage::FurthestAhead() {
  auto furthest = std::max_element(replicas_.begin(), replicas_.end(), [](auto& a, auto& b) {
    return a.second->head().sequence < b.second->head().sequence;
  });
  return *furthest->second;
}

// A round over the network would send the outbox as well: the entries come from a replica that has
// them.
absl::Status GrpcStage::Receive(const std::string& name) {
  client::Replica& replica = At(name);
  v1::Entries entries;
  client::Replica& source = FurthestAhead();
  TWINNING_RETURN_IF_ERROR(source.entries().Read(replica.head().sequence, source.head().sequence,
                                                 [&](const v1::Entry& entry) {
                                                   *entries.add_entries() = entry;
                                                   return absl::OkStatus();
                                                 }));
  if (entries.entries().empty()) return absl::OkStatus();
  TWINNING_ASSIGN_OR_RETURN(bool locked, replica.LockSync());
  if (!locked) return Internal(fmt::format("the replica of {} is locked", name));
  TWINNING_RETURN_IF_ERROR(replica.ApplyEntries(entries).status());
  replica.UnlockSync();
  return replica.Refresh();
}

absl::Status GrpcStage::CheckEqual() {
  const Hash digest = replicas_.begin()->second->Digest();
  for (const auto& [name, replica] : replicas_) {
    // That the server's digest is the same is part of being synced.
    if (!replica->synced()) return Internal(fmt::format("{} has not synced", name));
    if (replica->Digest() != digest) return Internal(fmt::format("{} has another digest", name));
  }
  return absl::OkStatus();
}

}  // namespace twinning::scenarios
