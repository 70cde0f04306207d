// What happened, as it is kept in memory: the event graph and the operations, both run-length
// encoded. Knows which versions exist and how they relate, and nothing of where characters are now.
#ifndef TWINNING_COMMON_TEXT_HISTORY_H_
#define TWINNING_COMMON_TEXT_HISTORY_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/document.h"

namespace twinning::text {

// More operations than this a document refuses; it keeps every number below in 32 bits.
inline constexpr int64_t kMaxOperations = int64_t{1} << 29;

// Operation numbers inside the engine.
using Op = int32_t;

// Operations [begin, end).
struct OpRange {
  Op begin = 0;
  Op end = 0;
  friend bool operator==(const OpRange&, const OpRange&) = default;
};

enum class Kind : uint8_t {
  kInsert,          // operation k inserts at position + k
  kDelete,          // every operation deletes at position
  kDeleteBackward,  // operation k deletes at position - k
};

// Operations of one kind that follow each other in the text and in the graph.
struct Run {
  Op first = 0;
  int32_t position = 0;
  uint32_t length : 30 = 0;
  uint32_t kind_bits : 2 = 0;
  uint32_t content = 0;  // where its characters begin

  Kind kind() const { return static_cast<Kind>(kind_bits); }
  Op end() const { return first + static_cast<Op>(length); }
  // Whether it is possible in a text of `size` code points.
  bool FitsIn(int64_t size) const;
};

// Operations of one author, each the only parent of the next.
struct Entry {
  Op first = 0;
  Op end = 0;
  Author author = 0;
  uint32_t parents_begin = 0;
  uint32_t parents_count = 0;
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
    size_t index = blocks_[static_cast<size_t>(o) / kBlock - skipped_];
    while (index + 1 < things.size() && things[index + 1].first <= o) ++index;
    return index;
  }

 private:
  static constexpr Op kBlock = 32;
  size_t skipped_ = 0;
  Op grown_ = 0;                  // the first operation without a block
  std::vector<uint32_t> blocks_;  // for every so many operations, what the first is in
};

class History {
 public:
  Op operations() const { return end_; }
  const std::vector<std::string>& authors() const { return authors_; }
  const std::vector<Entry>& entries() const { return entries_; }
  const std::vector<Run>& runs() const { return runs_; }
  const Version& version() const { return version_; }

  // A history of which everything before `end` is kept elsewhere: only what succeeds `version`,
  // everything there is, may be added.
  void StartAt(std::vector<std::string> authors, Version version, Op end);

  Author AddAuthor(std::string_view id);
  // Whether `a` comes before `b` when both were inserted at one place concurrently.
  bool Before(Op a, Op b) const;

  bool Knows(const Version& version) const;
  std::span<const Op> ParentsOf(const Entry& entry) const;
  size_t EntryOf(Op operation) const;
  size_t RunOf(Op operation) const;
  // The operations of run `index` within `range`, as a run of its own (content excepted).
  Run Clip(size_t index, OpRange range) const;

  // Opens a new entry unless the last one can go on. What follows until the next call belongs to
  // it.
  void Begin(Author author, const Version& minimal_parents);
  // The same after everything there is.
  void BeginAtEnd(Author author) {
    const bool goes_on = !entries_.empty() && entries_.back().author == author;
    if (!goes_on || version_.size() != 1) Begin(author, Version(version_));
  }
  // Adds `length` operations, merging them into the last run where they continue it. `content`
  // holds their characters in order of the operations, or nothing for a deletion whose characters
  // are known from another deletion.
  void Add(Kind kind, int32_t position, int32_t length, std::string_view content);

  // The same for a run of any kind.
  void AddRun(Kind kind, int32_t position, int32_t length, std::string_view content);

  // The characters of an insertion or deletion; empty for a deletion that brought none.
  std::string_view ContentOf(Op operation) const;
  int64_t ContentSize() const { return static_cast<int64_t>(content_.size()); }
  // The characters of a whole run.
  std::string_view ContentOfRun(size_t index) const;

  Version Minimal(const Version& version) const;
  // Whether that is clear at a glance.
  bool IsPlainlyMinimal(const Version& version) const;
  Version VersionAt(Op count) const;
  // What is in `a` and not in `b`, and the other way round; ranges in descending order.
  struct Split {
    std::vector<OpRange> only_a;
    std::vector<OpRange> only_b;
  };
  void Diff(const Version& a, const Version& b, Split& out) const;
  // The last operation that is a version of its own, with everything else before or after it, and
  // that is at most `limit`; -1 when there is none (then everything goes back to the empty text).
  Op CriticalUpTo(Op limit) const;
  // The first critical operations from `operation` on; empty, at the end, when there are none.
  OpRange CriticalFrom(Op operation) const;

 private:
  bool Continues(const Run& run, Kind kind, int32_t position) const;
  void Succeed(const Version& parents);

  std::vector<std::string> authors_;
  std::vector<Entry> entries_;
  std::vector<Op> parents_;
  std::vector<Run> runs_;
  std::string content_;
  OpIndex entry_index_;
  OpIndex run_index_;
  std::vector<OpRange> critical_;
  Version version_;
  Op end_ = 0;
  bool run_open_ = false;  // whether the last run may be continued
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_HISTORY_H_
