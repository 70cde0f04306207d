// Which operations a version has, and what to change to get from one version to another, without a
// walk through the graph. Operations are laid out in chains, each a line in the graph (mostly an
// author's), so that a version is one number a chain: how many of its operations it has. Holds for
// what was taken in since one critical operation.
#ifndef TWINNING_COMMON_TEXT_CHAINS_H_
#define TWINNING_COMMON_TEXT_CHAINS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "common/text/history.h"

namespace twinning::text {

// A version in both forms. The clock is as long as there were chains; beyond it nothing is there.
struct Standpoint {
  Version version;
  std::vector<int32_t> clock;
};

class Chains {
 public:
  // At `base`, a critical operation, or -1 for the empty text.
  explicit Chains(Op base) : base_(base) {}
  // As if made anew.
  void Restart(Op base);

  Op base() const { return base_; }
  void Start(Standpoint& at) const;

  // Takes in all operations of `history` after `next`; `at` is wherever it was left.
  void CatchUp(const History& history, Op& next, Standpoint& at);
  // Whether the version that ends in `head` has `other` too; nothing when that is forgotten.
  std::optional<bool> Has(Op head, Op other) const;

  // Operations [first, end) were made at `at`, each the only parent of the next; `at` goes on with
  // them.
  void TakeIn(Op first, Op end, Standpoint& at);

  // The clock of a version of which everything has been taken in, or is the base or before it.
  // False when that is forgotten.
  bool ClockOf(const Version& version, std::vector<int32_t>& clock) const;

  // How many operations only one of two has; `limit` or more when it is no less than that.
  static int32_t Distance(const std::vector<int32_t>& a, const std::vector<int32_t>& b,
                          int32_t limit);

  // Moves `at` to a version as for ClockOf. `out` gets what only the old one has (only_a), the
  // latest first, and what only the new one has (only_b), the earliest first.
  void MoveTo(const History& history, const Version& version, Standpoint& at, History::Split& out);

 private:
  static constexpr uint16_t kNoChain = UINT16_MAX;

  struct Piece {
    OpRange range;
    int32_t before = 0;  // operations of the chain left of it
  };
  // From operation `begin` of a chain on, what a version has of the other chains.
  struct Segment {
    Op begin = 0;
    uint32_t offset = 0;  // in clocks_
    uint32_t count = 0;   // chains beyond have nothing
  };
  struct Chain {
    std::vector<Piece> pieces;
    std::vector<Segment> segments;
    Op known_from = 0;  // of earlier operations the segments are forgotten
  };

  uint16_t ChainOf(Op operation) const { return chain_of_[operation - base_ - 1]; }
  int32_t CountAt(uint16_t chain, Op operation) const;
  uint16_t ChainToExtend(const Standpoint& at) const;
  uint16_t NewChain(Standpoint& at);
  const Segment* SegmentOf(uint16_t chain, Op head) const;
  bool AddTo(std::vector<int32_t>& clock, Op head) const;
  void Remember(uint16_t chain, Op first, const Standpoint& at);
  void Forget();
  void Walk(const History& history, const Version& version, Standpoint& at,
            History::Split& out) const;
  void Collect(uint16_t chain, int32_t from, int32_t to, std::vector<OpRange>& out) const;

  Op base_;
  std::vector<Chain> chains_;       // those beyond counts_ are only room
  std::vector<int32_t> counts_;     // of operations in the chains
  std::vector<uint16_t> chain_of_;  // of operations after the base
  std::vector<int32_t> clocks_;     // of the segments
  std::vector<int32_t> target_;     // scratch
  bool crowded_ = false;            // some operations are in no chain: only a walk is certain
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_CHAINS_H_
