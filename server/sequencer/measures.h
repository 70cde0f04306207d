// What is counted while the server works: by the committer's thread and the door, read by whoever
// asks. Nobody waits for anybody.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

#include "common/base/ids.h"
#include "twinning/v1/admin.pb.h"
#include "twinning/v1/sync.pb.h"

namespace twinning::server {

// How often something took how long. Safe from any thread.
class Histogram {
 public:
  // Upper bounds, ascending, in microseconds.
  static constexpr std::array<uint64_t, 18> kBounds_us = {
      50,     100,     250,     500,     1'000,     2'500,     5'000,     10'000,     25'000,
      50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000, 30'000'000};

  void Observe(int64_t microseconds);
  v1::Measurement::Histogram Read() const;

 private:
  std::array<std::atomic<uint64_t>, kBounds_us.size() + 1> counts_{};
  std::atomic<uint64_t> sum_us_ = 0;
};

class Measures {
 public:
  using Ticks = std::function<int64_t()>;  // microseconds, from any beginning, never back

  explicit Measures(Ticks ticks) : ticks_(std::move(ticks)) {}

  int64_t ticks() const { return ticks_(); }

  // From the committer's thread: what has become durable, and when.
  void Committed(const v1::Entry& entry);
  void CommitTook(int64_t microseconds);
  void Closed(v1::CloseReason reason) { Count(closings_, static_cast<size_t>(reason)); }
  void HandedOver(int64_t microseconds) { fan_out_.Observe(microseconds); }
  void DiskFull(bool full) { disk_full_ = full; }
  // From any thread.
  void HandshakeFailed() { ++handshakes_failed_; }

  // All counts, and both histograms.
  void Read(v1::Measurement& into) const;

 private:
  using Counts = std::array<std::atomic<uint64_t>, 32>;
  static void Count(Counts& counts, size_t which) { ++counts[std::min(which, counts.size() - 1)]; }

  const Ticks ticks_;
  std::atomic<uint64_t> entries_ = 0;
  std::atomic<uint64_t> changes_ = 0;
  std::atomic<uint64_t> commits_ = 0;
  std::atomic<uint64_t> handshakes_failed_ = 0;
  std::atomic<bool> disk_full_ = false;
  Counts refusals_{};  // by v1::RefusalReason
  Counts closings_{};  // by v1::CloseReason
  Histogram commit_;
  Histogram fan_out_;
};

// When the latest entries of one partnership became durable, so that what is sent can be timed.
class RecentCommits {
 public:
  void Add(Sequence first, int64_t at_us);
  // None: too long ago to be remembered.
  std::optional<int64_t> TimeOf(Sequence sequence) const;

 private:
  struct Commit {
    Sequence first = 0;
    int64_t at_us = 0;
  };
  static constexpr size_t kMost = 64;
  std::deque<Commit> commits_;
};

}  // namespace twinning::server
