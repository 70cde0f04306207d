#include "server/sequencer/measures.h"

#include <algorithm>

namespace twinning::server {
namespace {

template <typename Counts, typename NameOf>
void ReadCounts(const Counts& counts, NameOf name_of,
                google::protobuf::RepeatedPtrField<v1::Measurement::Count>& into) {
  for (size_t i = 0; i < counts.size(); ++i) {
    const uint64_t count = counts[i];
    if (count == 0) continue;
    v1::Measurement::Count& one = *into.Add();
    one.set_what(name_of(static_cast<int>(i)));
    one.set_count(count);
  }
}

template <typename Enum>
std::string Named(int value, const std::string& (*name)(Enum)) {
  std::string known = name(static_cast<Enum>(value));
  if (known.empty()) return "OTHER";
  return value == 0 ? "UNKNOWN" : known;
}

}  // namespace

void Histogram::Observe(int64_t microseconds) {
  const auto us = static_cast<uint64_t>(std::max<int64_t>(microseconds, 0));
  auto bucket = std::lower_bound(kBounds_us.begin(), kBounds_us.end(), us) - kBounds_us.begin();
  ++counts_[static_cast<size_t>(bucket)];
  sum_us_ += us;
}

v1::Measurement::Histogram Histogram::Read() const {
  v1::Measurement::Histogram read;
  for (uint64_t bound : kBounds_us) read.add_bounds_us(bound);
  for (const std::atomic<uint64_t>& count : counts_) read.add_counts(count);
  read.set_sum_us(sum_us_);
  return read;
}

void Measures::Committed(const v1::Entry& entry) {
  ++entries_;
  if (entry.kind() == v1::CHANGE) ++changes_;
  if (entry.kind() != v1::REFUSAL) return;
  v1::Refusal refusal;
  if (refusal.ParseFromString(entry.body())) Count(refusals_, refusal.reason());
}

void Measures::CommitTook(int64_t microseconds) {
  ++commits_;
  commit_.Observe(microseconds);
}

void Measures::Read(v1::Measurement& into) const {
  into.set_entries(entries_);
  into.set_changes(changes_);
  into.set_commits(commits_);
  into.set_handshakes_failed(handshakes_failed_);
  into.set_disk_full(disk_full_);
  ReadCounts(
      refusals_, [](int i) { return Named(i, &v1::RefusalReason_Name<v1::RefusalReason>); },
      *into.mutable_refusals());
  ReadCounts(
      closings_, [](int i) { return Named(i, &v1::CloseReason_Name<v1::CloseReason>); },
      *into.mutable_closings());
  *into.mutable_commit() = commit_.Read();
  *into.mutable_fan_out() = fan_out_.Read();
}

void RecentCommits::Add(Sequence first, int64_t at_us) {
  commits_.push_back({first, at_us});
  if (commits_.size() > kMost) commits_.pop_front();
}

std::optional<int64_t> RecentCommits::TimeOf(Sequence sequence) const {
  for (auto commit = commits_.rbegin(); commit != commits_.rend(); ++commit) {
    if (commit->first <= sequence) return commit->at_us;
  }
  return std::nullopt;
}

}  // namespace twinning::server
