// Which operations a version has, and what to change to get from one version to another, without a
// walk through the graph. Operations are laid out in chains, each a line in the graph (mostly an
// author's), so that a version is one number a chain: the end of what it has of it. Holds for what
// was taken in since one critical operation.
#ifndef TWINNING_COMMON_TEXT_CHAINS_H_
#define TWINNING_COMMON_TEXT_CHAINS_H_

#include <cstdint>
#include <vector>

#include "common/text/history.h"

namespace twinning::text {

class Chains {
 public:
  // At `base`, a critical operation, or -1 for the empty text.
  explicit Chains(Op base);

  const Version& version() const { return version_; }

  // Operations [first, end) were made at the current version, each the only parent of the next;
  // the version goes on with them.
  void TakeIn(Op first, Op end);

  // Everything in `version` must have been taken in, or be the base or before it. `out` gets what
  // only the current version has (only_a) and what only the new one has (only_b).
  void MoveTo(const History& history, const Version& version, History::Split& out);

 private:
  static constexpr uint16_t kNoChain = UINT16_MAX;

  // From operation `begin` of a chain on, what the version has of the other chains.
  struct Segment {
    Op begin = 0;
    uint32_t offset = 0;  // in clocks_
    uint32_t count = 0;   // chains beyond have nothing
  };
  struct Chain {
    std::vector<OpRange> ranges;
    std::vector<Segment> segments;
    Op known_from = 0;  // of earlier operations the segments are forgotten
  };

  uint16_t ChainOf(Op operation) const { return chain_of_[operation - base_ - 1]; }
  uint16_t ChainToExtend() const;
  const Segment* SegmentOf(Op head) const;
  bool AddTo(std::vector<Op>& clock, Op head) const;
  bool ClockOf(const Version& version, std::vector<Op>& clock) const;
  void Remember(uint16_t chain, Op first);
  void Forget();
  void WalkTo(const History& history, const Version& version, History::Split& out);
  void Collect(uint16_t chain, OpRange range, std::vector<OpRange>& out) const;

  Op base_;
  Version version_;
  std::vector<Chain> chains_;
  std::vector<Op> ends_;   // of the chains
  std::vector<Op> clock_;  // what the current version has of them
  std::vector<Op> target_;
  std::vector<uint16_t> chain_of_;  // of operations after the base
  std::vector<Op> clocks_;          // of the segments
  bool crowded_ = false;            // some operations are in no chain: only a walk is certain
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_CHAINS_H_
