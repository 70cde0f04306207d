#include "server/ctl/rates.h"

#include <algorithm>

namespace twinning::ctl {
namespace {

using Histogram = v1::Measurement::Histogram;

uint64_t RefusalsOf(const v1::Measurement& measured) {
  uint64_t all = 0;
  for (const v1::Measurement::Count& one : measured.refusals()) all += one.count();
  return all;
}

Histogram Difference(const Histogram& before, const Histogram& after) {
  Histogram difference = after;
  if (before.counts_size() != after.counts_size()) return difference;
  for (int i = 0; i < after.counts_size(); ++i) {
    difference.set_counts(i, after.counts(i) - before.counts(i));
  }
  return difference;
}

// Within a bucket as if evenly spread; 0 without any.
double Quantile(const Histogram& histogram, double share) {
  uint64_t all = 0;
  for (uint64_t count : histogram.counts()) all += count;
  if (all == 0) return 0;
  const double wanted = share * static_cast<double>(all);
  double below = 0;
  double from = 0;
  for (int i = 0; i < histogram.bounds_us_size(); ++i) {
    const auto count = static_cast<double>(histogram.counts(i));
    const auto to = static_cast<double>(histogram.bounds_us(i));
    if (count > 0 && below + count >= wanted) return from + (to - from) * (wanted - below) / count;
    below += count;
    from = to;
  }
  return from;
}

}  // namespace

Rates RatesBetween(const v1::Measurement& before, const v1::Measurement& after) {
  if (before.started_ms() != after.started_ms() && before.started_ms() != 0) {
    return RatesBetween({}, after);
  }
  Rates rates;
  const int64_t from_ms = before.now_ms() == 0 ? after.started_ms() : before.now_ms();
  rates.seconds = std::max(static_cast<double>(after.now_ms() - from_ms) / 1000, 1e-3);
  auto rate = [&](uint64_t was, uint64_t is) {
    return static_cast<double>(is - was) / rates.seconds;
  };
  rates.changes = rate(before.changes(), after.changes());
  rates.refusals = rate(RefusalsOf(before), RefusalsOf(after));
  rates.commits = rate(before.commits(), after.commits());
  const Histogram commit = Difference(before.commit(), after.commit());
  const Histogram fan_out = Difference(before.fan_out(), after.fan_out());
  rates.commit_p50_us = Quantile(commit, 0.5);
  rates.commit_p99_us = Quantile(commit, 0.99);
  rates.fan_out_p50_us = Quantile(fan_out, 0.5);
  rates.fan_out_p99_us = Quantile(fan_out, 0.99);
  return rates;
}

}  // namespace twinning::ctl
