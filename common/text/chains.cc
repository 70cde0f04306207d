#include "common/text/chains.h"

#include <algorithm>
#include <utility>

namespace twinning::text {
namespace {

// More numbers than this the segments do not hold: 16 MiB. What is forgotten is found by a walk.
constexpr size_t kMostRemembered = size_t{1} << 22;

}  // namespace

Chains::Chains(Op base) : base_(base) {
  if (base >= 0) version_.push_back(base);
}

void Chains::TakeIn(Op first, Op end) {
  if (static_cast<size_t>(end - base_ - 1) > chain_of_.size()) {
    chain_of_.resize(end - base_ - 1, kNoChain);
  }
  uint16_t chain = ChainToExtend();
  crowded_ = crowded_ || (chain == kNoChain && chains_.size() == kNoChain);
  if (chain == kNoChain && !crowded_) {
    chain = static_cast<uint16_t>(chains_.size());
    chains_.emplace_back();
    ends_.push_back(0);
    clock_.push_back(0);
  }
  std::fill_n(chain_of_.begin() + (first - base_ - 1), end - first, chain);
  if (chain != kNoChain) {
    Chain& c = chains_[chain];
    const bool goes_on = version_.size() == 1 && version_[0] + 1 == ends_[chain];
    if (!goes_on || c.segments.empty()) Remember(chain, first);
    if (!c.ranges.empty() && c.ranges.back().end == first) {
      c.ranges.back().end = end;
    } else {
      c.ranges.push_back({first, end});
    }
    ends_[chain] = clock_[chain] = end;
  }
  version_.assign(1, end - 1);
}

// A chain whose every operation the current version has; kNoChain: there is none.
uint16_t Chains::ChainToExtend() const {
  for (auto head = version_.rbegin(); head != version_.rend() && *head > base_; ++head) {
    const uint16_t chain = ChainOf(static_cast<Op>(*head));
    if (chain != kNoChain && ends_[chain] == *head + 1) return chain;
  }
  for (size_t i = 0; i < ends_.size(); ++i) {
    if (clock_[i] == ends_[i]) return static_cast<uint16_t>(i);
  }
  return kNoChain;
}

void Chains::Remember(uint16_t chain, Op first) {
  if (clocks_.size() + clock_.size() > kMostRemembered) Forget();
  Segment segment{first, static_cast<uint32_t>(clocks_.size()), 0};
  segment.count = static_cast<uint32_t>(clock_.size());
  clocks_.insert(clocks_.end(), clock_.begin(), clock_.end());
  chains_[chain].segments.push_back(segment);
}

void Chains::Forget() {
  clocks_.clear();
  for (size_t i = 0; i < chains_.size(); ++i) {
    chains_[i].segments.clear();
    chains_[i].known_from = ends_[i];
  }
}

const Chains::Segment* Chains::SegmentOf(Op head) const {
  const uint16_t index = ChainOf(head);
  if (index == kNoChain) return nullptr;
  const Chain& chain = chains_[index];
  if (head < chain.known_from || chain.segments.empty()) return nullptr;
  if (chain.segments.back().begin <= head) return &chain.segments.back();
  const auto after = std::upper_bound(chain.segments.begin(), chain.segments.end(), head,
                                      [](Op o, const Segment& s) { return o < s.begin; });
  return after == chain.segments.begin() ? nullptr : &*std::prev(after);
}

// False when that is forgotten.
bool Chains::AddTo(std::vector<Op>& clock, Op head) const {
  if (head <= base_) return true;
  const Segment* segment = SegmentOf(head);
  if (segment == nullptr) return false;
  const Op* other = clocks_.data() + segment->offset;
  for (uint32_t i = 0; i < segment->count; ++i) clock[i] = std::max(clock[i], other[i]);
  Op& own = clock[ChainOf(head)];
  own = std::max(own, head + 1);
  return true;
}

bool Chains::ClockOf(const Version& version, std::vector<Op>& clock) const {
  clock.assign(ends_.size(), 0);
  return std::all_of(version.begin(), version.end(), [this, &clock](Operation head) {
    return AddTo(clock, static_cast<Op>(head));
  });
}

void Chains::Collect(uint16_t chain, OpRange range, std::vector<OpRange>& out) const {
  const std::vector<OpRange>& ranges = chains_[chain].ranges;
  auto r = ranges.end();
  if (std::prev(r)->begin >= range.end) {
    r = std::partition_point(ranges.begin(), ranges.end(),
                             [&range](const OpRange& other) { return other.begin < range.end; });
  }
  while (r != ranges.begin() && std::prev(r)->end > range.begin) {
    --r;
    out.push_back({std::max(r->begin, range.begin), std::min(r->end, range.end)});
  }
}

void Chains::MoveTo(const History& history, const Version& version, History::Split& out) {
  out.only_a.clear();
  out.only_b.clear();
  if (version_ == version) return;
  if (crowded_ || !ClockOf(version, target_)) return WalkTo(history, version, out);
  for (size_t i = 0; i < clock_.size(); ++i) {
    if (clock_[i] == target_[i]) continue;
    const auto chain = static_cast<uint16_t>(i);
    if (target_[i] < clock_[i]) Collect(chain, {target_[i], clock_[i]}, out.only_a);
    if (clock_[i] < target_[i]) Collect(chain, {clock_[i], target_[i]}, out.only_b);
  }
  clock_.swap(target_);
  version_ = version;
}

void Chains::WalkTo(const History& history, const Version& version, History::Split& out) {
  history.Diff(version_, version, out);
  for (const OpRange& range : out.only_a) {
    for (Op o = range.begin; o < range.end; ++o) {
      if (const uint16_t c = ChainOf(o); c != kNoChain) clock_[c] = std::min(clock_[c], o);
    }
  }
  for (const OpRange& range : out.only_b) {
    for (Op o = range.begin; o < range.end; ++o) {
      if (const uint16_t c = ChainOf(o); c != kNoChain) clock_[c] = std::max(clock_[c], o + 1);
    }
  }
  version_ = version;
}

}  // namespace twinning::text
