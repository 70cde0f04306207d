#include "common/ledger/frame.h"

#include <fmt/core.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/ledger/personal.h"

namespace twinning::ledger {
namespace {

constexpr std::string_view kFrameDomain{"twinning.frame.v1\0", 18};
constexpr size_t kTagAndLength = 6;

absl::Status CheckLimits(const v1::Frame& frame) {
  if (frame.changes().empty()) return InvalidArgument("a frame without changes");
  if (static_cast<size_t>(frame.changes_size()) > kMaxChangesPerFrame) {
    return InvalidArgument(fmt::format("a frame of {} changes is over the limit of {}",
                                       frame.changes_size(), kMaxChangesPerFrame));
  }
  if (size_t size = frame.ByteSizeLong(); size > kMaxFrameBytes) {
    return InvalidArgument(
        fmt::format("a frame of {} bytes is over the limit of {}", size, kMaxFrameBytes));
  }
  return absl::OkStatus();
}

absl::Status CheckOrigin(const ParsedChange& change, const LedgerId& ledger,
                         const ReplicaId& replica) {
  if (change.ledger != ledger) {
    return InvalidArgument(fmt::format("{} is of another partnership", change.name()));
  }
  if (change.replica != replica) {
    return InvalidArgument(fmt::format("{} is not of replica {}, whose frame brings it",
                                       change.name(), ShortName(replica)));
  }
  return absl::OkStatus();
}

absl::Status CheckFollows(const ParsedChange& change, const ParsedChange& before) {
  if (change.number != before.number + 1) {
    return InvalidArgument(fmt::format("{} comes after number {}", change.name(), before.number));
  }
  if (change.previous != before.hash) {
    return InvalidArgument(
        fmt::format("{} names another change as number {}", change.name(), before.number));
  }
  if (change.base.sequence < before.base.sequence) {
    return InvalidArgument(fmt::format("{} falls back to base {} from {}", change.name(),
                                       change.base.sequence, before.base.sequence));
  }
  return absl::OkStatus();
}

}  // namespace

FrameEnd FrameEnd::Of(const ParsedChange& last) {
  return {last.ledger, last.replica, last.number, last.hash};
}

std::string FrameEnd::message() const {
  std::string bytes(kFrameDomain);
  bytes.append(ledger.bytes());
  bytes.append(replica.bytes());
  AppendFixed64(number, bytes);
  bytes.append(hash.bytes());
  return bytes;
}

std::string SignFrame(const SigningKey& key, const FrameEnd& end) {
  return key.Sign(end.message());
}

bool VerifyFrame(std::string_view public_key, const FrameEnd& end, std::string_view signature) {
  return VerifySignature(public_key, end.message(), signature);
}

absl::StatusOr<std::vector<ParsedChange>> ParseFrame(const v1::Frame& frame, const LedgerId& ledger,
                                                     const ReplicaId& replica) {
  TWINNING_RETURN_IF_ERROR(CheckLimits(frame));
  std::vector<ParsedChange> changes;
  changes.reserve(static_cast<size_t>(frame.changes_size()));
  for (const v1::AuthoredChange& authored : frame.changes()) {
    TWINNING_ASSIGN_OR_RETURN(ParsedChange change, ParseChange(authored.change()));
    TWINNING_RETURN_IF_ERROR(CheckOrigin(change, ledger, replica));
    if (!changes.empty()) TWINNING_RETURN_IF_ERROR(CheckFollows(change, changes.back()));
    if (absl::Status personal = CheckPersonal(authored.personal()); !personal.ok()) {
      return Within(change.name(), personal);
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

size_t FrameRoomFor(const v1::AuthoredChange& change) {
  return change.ByteSizeLong() + kTagAndLength;
}

}  // namespace twinning::ledger
