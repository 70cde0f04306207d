#include "client/engine/join.h"

#include <fmt/core.h>
#include <openssl/rand.h>

#include <filesystem>
#include <utility>

#include "client/engine/sync.h"
#include "client/replica/directory.h"
#include "client/rpc/enrol.h"
#include "common/base/status.h"
#include "common/sync/invitation.h"

namespace twinning::client {

absl::StatusOr<SigningKey> MakeKey() {
  std::string seed(kSeedSize, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(seed.data()), static_cast<int>(seed.size())) !=
      1) {
    return Internal("the system has no randomness to make a key from");
  }
  return *SigningKey::OfSeed(seed);
}

namespace {

// A directory of something else stays as it is.
absl::Status CheckFree(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored) || std::filesystem::is_empty(path, ignored) ||
      std::filesystem::exists(Directory(path).wake(), ignored)) {
    return absl::OkStatus();
  }
  return FailedPrecondition(fmt::format(
      "{} holds other files: name a directory for the replica that is new or empty", path));
}

// Kept before the server hears of it: whoever is cut short here can go on with the same key.
absl::StatusOr<SigningKey> KeyIn(const Directory& directory) {
  absl::StatusOr<SigningKey> kept = ReadKey(directory);
  if (kept.ok() || !absl::IsNotFound(kept.status())) return kept;
  TWINNING_ASSIGN_OR_RETURN(SigningKey fresh, MakeKey());
  absl::Status status = KeepKey(directory, fresh);
  // Another join of this directory was first; its key is as good.
  if (!status.ok() && !absl::IsAlreadyExists(status)) return status;
  return ReadKey(directory);
}

absl::StatusOr<std::unique_ptr<Replica>> EnrolInto(const JoinRequest& request,
                                                   const v1::Invitation& invitation) {
  TWINNING_RETURN_IF_ERROR(CheckFree(request.directory));
  Directory directory(request.directory);
  TWINNING_RETURN_IF_ERROR(MakeDirectory(directory));
  TWINNING_ASSIGN_OR_RETURN(SigningKey key, KeyIn(directory));
  absl::StatusOr<Identity> identity = Enrol(invitation, key, request.member, request.deadline_ms);
  if (absl::IsUnavailable(identity.status())) {
    return Unavailable(MessageOf(identity.status()) +
                       " The key made for you is kept: join again with the same code.");
  }
  if (!identity.ok()) return identity.status();
  return Replica::Create(request.directory, *identity, key);
}

void Say(const JoinRequest& request, std::string text) {
  if (!request.on_progress) return;
  Progress progress;
  progress.text = std::move(text);
  request.on_progress(progress);
}

absl::Status Fetch(Replica& replica, const JoinRequest& request) {
  SyncOptions options;
  options.deadline_ms = request.deadline_ms;
  options.on_progress = request.on_progress;
  TWINNING_ASSIGN_OR_RETURN(SyncResult result, SyncOnce(replica, options));
  if (result.synced || !replica.empty()) return absl::OkStatus();
  return Unavailable(fmt::format(
      "You have joined, but the plan could not be fetched. {} Join again, or sync, to go on.",
      result.problem));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Replica>> Join(const JoinRequest& request) {
  TWINNING_ASSIGN_OR_RETURN(v1::Invitation invitation, sync::ParseInvitation(request.code));
  if (invitation.secret().empty()) {
    return InvalidArgument(
        "this code says where a server is now, and invites nobody: a replica goes there with "
        "\"twinning rehome CODE\"");
  }
  absl::StatusOr<std::unique_ptr<Replica>> replica = Replica::Open(request.directory);
  if (replica.ok() && !(*replica)->empty()) {
    return AlreadyExists(fmt::format("{} is a replica of {} already", request.directory,
                                     (*replica)->identity().partnership_name));
  }
  if (!replica.ok() && !absl::IsFailedPrecondition(replica.status())) return replica.status();
  if (!replica.ok()) {
    Say(request, fmt::format("Enrolling with {}.", invitation.address()));
    replica = EnrolInto(request, invitation);
  }
  if (!replica.ok()) return replica.status();
  TWINNING_RETURN_IF_ERROR(Fetch(**replica, request));
  return replica;
}

}  // namespace twinning::client
