#include "common/sync/server_rates.h"

#include <algorithm>
#include <cmath>

#include "common/ledger/limits.h"

namespace twinning::sync {
namespace {

// The largest frame fits into every bucket, or it could never come.
constexpr double kLargestFrame = static_cast<double>(ledger::kMaxChangesPerFrame) +
                                 static_cast<double>(ledger::kMaxFrameBytes / kRateBytes);

}  // namespace

double ServerRates::size() const {
  return std::max(limits_.per_second * limits_.burst_s, kLargestFrame);
}

double ServerRates::CostOf(const v1::Frame& frame) {
  double cost = 0;
  for (const v1::AuthoredChange& change : frame.changes()) {
    cost += 1 + static_cast<double>(change.change().size() / kRateBytes);
  }
  return cost;
}

std::optional<int64_t> ServerRates::Take(const ReplicaId& replica, const v1::Frame& frame,
                                         int64_t now_ms) {
  if (limits_.per_second <= 0) return std::nullopt;
  auto [place, fresh] = buckets_.try_emplace(replica, Bucket{size(), now_ms});
  Bucket& bucket = place->second;
  // A clock that was put back or far ahead takes nothing away and gives no more than a full bucket.
  const auto passed_s = static_cast<double>(std::max<int64_t>(0, now_ms - bucket.at_ms)) / 1000;
  bucket.left = std::min(size(), bucket.left + passed_s * limits_.per_second);
  bucket.at_ms = now_ms;
  const double cost = std::min(CostOf(frame), size());
  if (bucket.left >= cost) {
    bucket.left -= cost;
    return std::nullopt;
  }
  return static_cast<int64_t>(std::ceil((cost - bucket.left) / limits_.per_second * 1000));
}

void ServerRates::Refused(const ReplicaId& replica) {
  auto bucket = buckets_.find(replica);
  if (bucket != buckets_.end()) bucket->second.left -= limits_.refusal;
}

}  // namespace twinning::sync
