#include "common/text/chains.h"

#include <algorithm>
#include <cstdlib>

#include "common/text/walk.h"

namespace twinning::text {
namespace {

// More numbers than this the segments do not hold: 16 MiB. What is forgotten is found by a walk.
constexpr size_t kMostRemembered = size_t{1} << 22;
// Wider graphs are walked: comparing clocks would cost more.
constexpr size_t kMostChains = 4096;

bool Later(const OpRange& a, const OpRange& b) { return a.begin > b.begin; }

int32_t At(const std::vector<int32_t>& clock, size_t chain) {
  return chain < clock.size() ? clock[chain] : 0;
}

}  // namespace

void Chains::Restart(Op base) {
  base_ = base;
  counts_.clear();
  chain_of_.clear();
  clocks_.clear();
  crowded_ = false;
}

void Chains::Start(Standpoint& at) const {
  at.clock.clear();
  at.version.clear();
  if (base_ >= 0) at.version.push_back(base_);
}

void Chains::CatchUp(const History& history, Op& next, Standpoint& at) {
  History::Split split;
  while (next < history.operations()) {
    const Op end = history.entries()[history.EntryOf(next)].end;
    const Version before = VersionBefore(history, next);
    if (at.version != before) {
      if (ClockOf(before, at.clock)) {
        at.version = before;
      } else {
        MoveTo(history, before, at, split);
      }
    }
    TakeIn(next, end, at);
    next = end;
  }
}

std::optional<bool> Chains::Has(Op head, Op other) const {
  if (other <= base_) return true;
  if (head <= base_) return false;
  const uint16_t chain = ChainOf(head);
  const uint16_t of = ChainOf(other);
  if (!crowded_ && chain == of) return other <= head;
  const Segment* segment = crowded_ ? nullptr : SegmentOf(chain, head);
  if (segment == nullptr) return std::nullopt;
  return of < segment->count && clocks_[segment->offset + of] >= CountAt(of, other);
}

void Chains::TakeIn(Op first, Op end, Standpoint& at) {
  if (static_cast<size_t>(end - base_ - 1) > chain_of_.size()) {
    chain_of_.resize(end - base_ - 1, kNoChain);
  }
  uint16_t index = ChainToExtend(at);
  if (index == kNoChain) index = NewChain(at);
  std::fill_n(chain_of_.begin() + (first - base_ - 1), end - first, index);
  if (index != kNoChain) {
    Chain& chain = chains_[index];
    const bool goes_on = at.version.size() == 1 && !chain.pieces.empty() &&
                         chain.pieces.back().range.end == at.version[0] + 1;
    if (!goes_on || chain.segments.empty()) Remember(index, first, at);
    if (goes_on && first == at.version[0] + 1) {
      chain.pieces.back().range.end = end;
    } else {
      chain.pieces.push_back({{first, end}, counts_[index]});
    }
    counts_[index] += end - first;
    if (at.clock.size() <= index) at.clock.resize(counts_.size(), 0);
    at.clock[index] = counts_[index];
  }
  at.version.assign(1, end - 1);
}

// A chain whose every operation `at` has; kNoChain: there is none.
uint16_t Chains::ChainToExtend(const Standpoint& at) const {
  for (auto head = at.version.rbegin(); head != at.version.rend() && *head > base_; ++head) {
    const uint16_t chain = ChainOf(static_cast<Op>(*head));
    if (chain != kNoChain && chains_[chain].pieces.back().range.end == *head + 1) return chain;
  }
  const size_t known = std::min(at.clock.size(), counts_.size());
  for (size_t i = 0; i < known; ++i) {
    if (at.clock[i] == counts_[i]) return static_cast<uint16_t>(i);
  }
  return kNoChain;
}

uint16_t Chains::NewChain(Standpoint& at) {
  const size_t index = counts_.size();
  crowded_ = crowded_ || index == kMostChains;
  if (crowded_) return kNoChain;
  if (index == chains_.size()) chains_.emplace_back();
  chains_[index].pieces.clear();
  chains_[index].segments.clear();
  chains_[index].known_from = 0;
  counts_.push_back(0);
  at.clock.resize(counts_.size(), 0);
  return static_cast<uint16_t>(index);
}

void Chains::Remember(uint16_t chain, Op first, const Standpoint& at) {
  if (clocks_.size() + at.clock.size() > kMostRemembered) Forget();
  Segment segment{first, static_cast<uint32_t>(clocks_.size()), 0};
  segment.count = static_cast<uint32_t>(at.clock.size());
  clocks_.insert(clocks_.end(), at.clock.begin(), at.clock.end());
  chains_[chain].segments.push_back(segment);
}

void Chains::Forget() {
  clocks_.clear();
  for (size_t i = 0; i < counts_.size(); ++i) {
    Chain& chain = chains_[i];
    chain.segments.clear();
    if (!chain.pieces.empty()) chain.known_from = chain.pieces.back().range.end;
  }
}

// How many operations of its chain there are up to `operation` and with it.
int32_t Chains::CountAt(uint16_t chain, Op operation) const {
  const std::vector<Piece>& pieces = chains_[chain].pieces;
  auto piece = std::prev(pieces.end());
  if (piece->range.begin > operation) {
    piece = std::prev(std::upper_bound(pieces.begin(), pieces.end(), operation,
                                       [](Op o, const Piece& p) { return o < p.range.begin; }));
  }
  return piece->before + operation + 1 - piece->range.begin;
}

const Chains::Segment* Chains::SegmentOf(uint16_t index, Op head) const {
  const Chain& chain = chains_[index];
  if (head < chain.known_from || chain.segments.empty()) return nullptr;
  if (chain.segments.back().begin <= head) return &chain.segments.back();
  const auto after = std::upper_bound(chain.segments.begin(), chain.segments.end(), head,
                                      [](Op o, const Segment& s) { return o < s.begin; });
  return after == chain.segments.begin() ? nullptr : &*std::prev(after);
}

bool Chains::AddTo(std::vector<int32_t>& clock, Op head) const {
  if (head <= base_) return true;
  const uint16_t chain = ChainOf(head);
  const Segment* segment = SegmentOf(chain, head);
  if (segment == nullptr) return false;
  const int32_t* other = clocks_.data() + segment->offset;
  int32_t* sum = clock.data();
  for (uint32_t i = 0; i < segment->count; ++i) sum[i] = sum[i] < other[i] ? other[i] : sum[i];
  clock[chain] = std::max(clock[chain], CountAt(chain, head));
  return true;
}

bool Chains::ClockOf(const Version& version, std::vector<int32_t>& clock) const {
  if (crowded_) return false;
  clock.assign(counts_.size(), 0);
  return std::all_of(version.begin(), version.end(), [this, &clock](Operation head) {
    return AddTo(clock, static_cast<Op>(head));
  });
}

int32_t Chains::Distance(const std::vector<int32_t>& a, const std::vector<int32_t>& b,
                         int32_t limit) {
  constexpr size_t kBlock = 32;
  const std::vector<int32_t>& longer = a.size() < b.size() ? b : a;
  const size_t both = std::min(a.size(), b.size());
  const int32_t* x = a.data();
  const int32_t* y = b.data();
  const int32_t* z = longer.data();
  int32_t distance = 0;
  for (size_t begin = 0; begin < longer.size() && distance < limit; begin += kBlock) {
    const size_t end = std::min(begin + kBlock, longer.size());
    for (size_t i = begin; i < std::min(end, both); ++i) distance += std::abs(x[i] - y[i]);
    for (size_t i = std::max(begin, both); i < end; ++i) distance += z[i];
  }
  return distance;
}

// Operations [from, to) of a chain, counted within it.
void Chains::Collect(uint16_t chain, int32_t from, int32_t to, std::vector<OpRange>& out) const {
  const std::vector<Piece>& pieces = chains_[chain].pieces;
  auto piece = pieces.end();
  if (std::prev(piece)->before >= to) {
    piece = std::partition_point(pieces.begin(), pieces.end(),
                                 [to](const Piece& p) { return p.before < to; });
  }
  while (to > from) {
    --piece;
    const Op shift = piece->range.begin - piece->before;
    out.push_back({shift + std::max(from, piece->before), shift + to});
    to = piece->before;
  }
}

void Chains::MoveTo(const History& history, const Version& version, Standpoint& at,
                    History::Split& out) {
  out.only_a.clear();
  out.only_b.clear();
  if (at.version == version) return;
  std::vector<int32_t>& target = target_;
  if (!ClockOf(version, target)) return Walk(history, version, at, out);
  for (size_t i = 0; i < target.size(); ++i) {
    const int32_t now = At(at.clock, i);
    if (now == target[i]) continue;
    const auto chain = static_cast<uint16_t>(i);
    if (target[i] < now) Collect(chain, target[i], now, out.only_a);
    if (now < target[i]) Collect(chain, now, target[i], out.only_b);
  }
  std::sort(out.only_a.begin(), out.only_a.end(), Later);
  std::sort(out.only_b.rbegin(), out.only_b.rend(), Later);
  at.clock.swap(target);
  at.version = version;
}

void Chains::Walk(const History& history, const Version& version, Standpoint& at,
                  History::Split& out) const {
  history.Diff(at.version, version, out);
  std::reverse(out.only_b.begin(), out.only_b.end());
  at.clock.resize(counts_.size(), 0);
  for (const OpRange& range : out.only_a) {
    for (Op o = range.begin; o < range.end; ++o) {
      if (const uint16_t c = ChainOf(o); c != kNoChain) --at.clock[c];
    }
  }
  for (const OpRange& range : out.only_b) {
    for (Op o = range.begin; o < range.end; ++o) {
      if (const uint16_t c = ChainOf(o); c != kNoChain) ++at.clock[c];
    }
  }
  at.version = version;
}

}  // namespace twinning::text
