// The event graph: who made which operations having seen what, and which operations a version has.
// Each author's operations lie in chains, mostly one an author, in which each has the one before it
// behind it: so a version is told by a prefix of all operations and by how far it reaches in those
// chains where it has more. Must not know: what operations do.
#ifndef TWINNING_COMMON_TEXT_GRAPH_H_
#define TWINNING_COMMON_TEXT_GRAPH_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/text/document.h"
#include "common/text/reaches.h"

namespace twinning::text {

// Operations [begin, end).
struct OpRange {
  Op begin = 0;
  Op end = 0;
  friend bool operator==(const OpRange&, const OpRange&) = default;
};

// Operations of one author, each the only parent of the next.
struct Entry {
  Op first = 0;
  Op end = 0;
  Author author = 0;
  uint32_t parents_begin = 0;
  uint32_t parents_count = 0;
};

// The operations of a version: everything before `prefix`, and of some chains everything before
// some later end. One version may be told in several ways.
struct Seen {
  static constexpr uint32_t kNoChain = UINT32_MAX;
  Op prefix = 0;
  Reaches::Map reaches = 0;   // the chains and their ends; of the graph that was asked,
  uint32_t chain = kNoChain;  // and one chain more, or again: this end counts
  Op end = 0;
};

// Sorted, without repetition.
Version Ascending(Version operations);

// What one of two versions has and the other has not, in any order.
struct Split {
  std::vector<OpRange> only_a;
  std::vector<OpRange> only_b;
  size_t size() const { return only_a.size() + only_b.size(); }
  int64_t operations() const;
  // Puts the latest of only_a and the earliest of only_b first.
  void Sort();
};

// Finds what an operation is in, among things that are laid out by operations without gaps.
class OpIndex {
 public:
  // Nothing before `begin` will be asked for.
  void StartAt(Op begin) {
    skipped_ = static_cast<size_t>(begin) / kBlock;
    grown_ = static_cast<Op>(skipped_ * kBlock);
  }
  // Operations below `end` that are not in anything before are in thing `index`.
  void Grow(Op end, size_t index) {
    for (; grown_ < end; grown_ += kBlock) blocks_.push_back(static_cast<uint32_t>(index));
  }
  // What operation `o` is in; things know where they begin.
  template <typename Things>
  size_t Find(const Things& things, Op o) const {
    const size_t block = static_cast<size_t>(o) / kBlock - skipped_;
    size_t low = blocks_[block];
    size_t high = block + 1 < blocks_.size() ? blocks_[block + 1] : things.size() - 1;
    // Each has one operation at least; often that is all.
    high = std::min(high, low + static_cast<size_t>(o - things[low].first));
    if (things[high].first <= o) return high;
    while (low < high) {
      const size_t middle = (low + high + 1) / 2;
      if (things[middle].first <= o) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

 private:
  static constexpr Op kBlock = 32;
  size_t skipped_ = 0;
  Op grown_ = 0;                  // the first operation without a block
  std::vector<uint32_t> blocks_;  // for every so many operations, what the first is in
};

class Graph {
 public:
  // So much is remembered of what versions have that it takes 18 MB at most.
  static constexpr size_t kMostNodes = size_t{1} << 18;
  explicit Graph(size_t most_nodes = kMostNodes) : most_nodes_(most_nodes) {}

  // A graph of which everything before `end` is kept elsewhere, and of which all that follows has
  // all before it behind it.
  void StartAt(Op end) { index_.StartAt(end); }

  // Begins an entry at `first`, one after the last operation, of an author who had seen the
  // frontier `parents` and what it has, `seen`; from then on the prefix of all operations has
  // `heads` heads.
  void Open(Op first, Author author, std::span<const Operation> parents, size_t heads, Seen seen);
  // The same where GoesOnAfter holds, so that nobody need know what the author had seen.
  void OpenAfter(Op parent, Op first, size_t heads);
  // Whether `parent` is the last operation of a chain of the author's.
  bool GoesOnAfter(Op parent, Author author) const {
    const size_t entry = EntryOf(parent);
    return entries_[entry].author == author && entries_[entry].end == parent + 1 &&
           chains_[places_[entry].chain].entries.back() == entry;
  }
  // The last entry now goes on to `end`.
  void Grow(Op end) { entries_.back().end = end; }

  const std::vector<Entry>& entries() const { return entries_; }
  std::span<const Op> ParentsOf(const Entry& entry) const {
    return {parents_.data() + entry.parents_begin, entry.parents_count};
  }
  size_t EntryOf(Op operation) const {
    if (operation >= entries_.back().first) return entries_.size() - 1;
    return index_.Find(entries_, operation);
  }

  // `version` is ascending, without repetition, and known. Of Resolve the answer is its frontier.
  Version Resolve(const Version& version, Seen& seen) const {
    Version frontier;
    Resolve(version, seen, frontier);
    return frontier;
  }
  // The same into `frontier`, which is not `version`.
  void Resolve(const Version& version, Seen& seen, Version& frontier) const;
  // What the author of an operation had seen, and its frontier.
  Seen Before(Op operation, Version& version) const;
  // The frontier of operations [0, count); count is positive. Empty where that takes a look at more
  // than `most` entries.
  Version VersionAt(Op count, size_t most = SIZE_MAX) const;

  bool Has(const Seen& seen, Op operation) const {
    return operation < EndIn(seen, places_[EntryOf(operation)].chain);
  }
  // Whether it has all of a version.
  bool HasAll(const Seen& seen, const Version& version) const;
  // `seen` goes on with operations of one entry that were made at it.
  void GoOn(OpRange made, Seen& seen) const;
  // False, and `out` of no use, where the difference is in clearly more than `most` pieces.
  bool Diff(const Seen& a, const Seen& b, size_t most, Split& out) const;

  // What of operations [0, end) a version has not, in ascending order. False, and `out` of no use,
  // where that is in more than `most` pieces.
  bool Lacking(const Seen& seen, Op end, size_t most, std::vector<OpRange>& out) const;

  // Everything seen that was told before this changed is of no more use.
  uint64_t generation() const { return generation_; }
  // Whether Resolve need not walk through the graph.
  bool Remembers(const Version& version) const {
    return std::none_of(version.begin(), version.end(),
                        [this](Operation o) { return IsForgotten(EntryOf(static_cast<Op>(o))); });
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  // Where an entry stands.
  struct Place {
    Seen seen;  // by its author
    uint32_t chain = 0;
    uint32_t heads = 0;        // of the prefix of all operations that ends in it
    Op succeeded = INT32_MAX;  // the first operation that has the entry's last as a parent
  };
  struct Chain {
    std::vector<uint32_t> entries;
    uint32_t previous = kNone;  // of the same author
  };

  Op EndIn(const Seen& seen, uint32_t chain) const {
    if (chain == seen.chain) return seen.end;
    const Op end = seen.reaches == 0 ? Reaches::kNone : reaches_.Find(seen.reaches, chain);
    return end == Reaches::kNone ? seen.prefix : end;
  }
  bool Reaching(const Seen& seen, uint32_t chain) const {
    return chain == seen.chain ||
           (seen.reaches != 0 && reaches_.Find(seen.reaches, chain) != Reaches::kNone);
  }
  bool IsForgotten(size_t entry) const {
    return entry < remembered_from_ && places_[entry].seen.reaches != 0;
  }
  size_t EntryAtOrBefore(size_t entry, Op operation) const;
  bool IsFrontier(const Version& version) const;
  uint32_t ChainFor(Author author, const Seen& seen);
  void Add(Op first, Author author, std::span<const Operation> parents, Place place);
  void Forget();
  Seen BeforeEntry(size_t entry) const;
  Seen UpTo(Op head) const;
  Seen Walk(Op head) const;
  bool IsThere(uint32_t chain, OpRange range) const;
  void Reach(uint32_t chain, Op end, Seen& seen) const;
  void Unreach(uint32_t chain, Seen& seen) const;
  bool IsCertainlyIn(size_t entry, const Seen& seen) const;
  bool Follow(Op head, Seen& seen) const;
  void Unite(Seen& seen, Seen other) const;
  void Absorb(Seen& seen) const;
  void Collect(uint32_t chain, OpRange range, size_t most, std::vector<OpRange>& out) const;
  bool DiffPrefixes(const Seen& a, const Seen& b, size_t most, Split& out) const;

  size_t most_nodes_;
  std::vector<Entry> entries_;
  std::vector<Op> parents_;
  OpIndex index_;              // of entries before the last
  std::vector<Place> places_;  // of entries
  std::vector<Chain> chains_;
  std::vector<uint32_t> latest_;  // chains of authors
  mutable Reaches reaches_;
  size_t remembered_from_ = 0;  // reaches of entries before are forgotten: a walk finds them
  uint64_t generation_ = 0;
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_GRAPH_H_
