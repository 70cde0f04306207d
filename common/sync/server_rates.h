// How much each replica may send: a bucket that fills at a steady rate up to a burst. An officer types a
// change or two a second and comes back from a journey with a few thousand; a program gone wrong sends
// without end, and what it sends stays in the ledger for ever. Pure: time is an argument.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "common/base/ids.h"
#include "twinning/v1/change.pb.h"

namespace twinning::sync {

// In changes of up to kRateBytes; a larger one counts as several.
struct RateLimits {
  double per_second = 500;  // 0: no limit
  double burst_s = 60;      // so many seconds' worth at once
  double refusal = 20;      // what a refused change counts besides: it earns an entry too
};

inline constexpr size_t kRateBytes = 4096;

class ServerRates {
 public:
  explicit ServerRates(const RateLimits& limits) : limits_(limits) {}

  // None: the frame may come now, and is counted. Otherwise milliseconds until it may.
  std::optional<int64_t> Take(const ReplicaId& replica, const v1::Frame& frame, int64_t now_ms);
  // A change of the replica was refused.
  void Refused(const ReplicaId& replica);
  // What a frame counts.
  static double CostOf(const v1::Frame& frame);

 private:
  struct Bucket {
    double left = 0;  // may be less than nothing, after refusals
    int64_t at_ms = 0;
  };
  double size() const;

  const RateLimits limits_;
  std::map<ReplicaId, Bucket> buckets_;  // of members only
};

}  // namespace twinning::sync
