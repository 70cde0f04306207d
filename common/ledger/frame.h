// The changes of one push and the one signature that covers them: over the last change's hash, from
// which the replica's chain leads back to every other. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/crypto/ed25519.h"
#include "common/ledger/change.h"
#include "common/ledger/limits.h"
#include "twinning/v1/change.pb.h"

namespace twinning::ledger {

// What a frame's signature covers: where its last change stands, and that change.
struct FrameEnd {
  LedgerId ledger;
  ReplicaId replica;
  Number number = 0;
  Hash hash;

  static FrameEnd Of(const ParsedChange& last);
  std::string message() const;  // the signed bytes
};

std::string SignFrame(const SigningKey& key, const FrameEnd& end);
bool VerifyFrame(std::string_view public_key, const FrameEnd& end, std::string_view signature);

// The frame's changes in order, one for each of `frame.changes()`. InvalidArgument unless they are
// all of this ledger and replica, consecutive, chained to one another, within the limits and with
// personal values that fit. The signature is for VerifyFrame to judge, the first change's place for
// the caller.
absl::StatusOr<std::vector<ParsedChange>> ParseFrame(const v1::Frame& frame, const LedgerId& ledger,
                                                     const ReplicaId& replica);

// Room that a change takes in a frame. A frame of changes that together take at most kFrameRoom is
// within the limit; every single change that ParseFrame accepts is.
size_t FrameRoomFor(const v1::AuthoredChange& change);
inline constexpr size_t kFrameRoom = kMaxFrameBytes - 128;

}  // namespace twinning::ledger
