// What happened, as it is kept in memory: the event graph and the operations, run-length encoded.
// Knows nothing of where characters are now.
#ifndef TWINNING_COMMON_TEXT_HISTORY_H_
#define TWINNING_COMMON_TEXT_HISTORY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/document.h"
#include "common/text/graph.h"

namespace twinning::text {

// More operations than this a document refuses; it keeps every number below in 32 bits.
inline constexpr int64_t kMaxOperations = int64_t{1} << 29;

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

class History {
 public:
  // See Graph.
  explicit History(size_t graph_nodes = Graph::kMostNodes) : graph_(graph_nodes) {}

  Op operations() const { return end_; }
  const std::vector<std::string>& authors() const { return authors_; }
  const Graph& graph() const { return graph_; }
  const std::vector<Entry>& entries() const { return graph_.entries(); }
  const std::vector<Run>& runs() const { return runs_; }
  const Version& version() const { return version_; }

  // A history of which everything before `end` is kept elsewhere: only what succeeds `version`,
  // everything there is, may be added.
  void StartAt(std::vector<std::string> authors, Version version, Op end);

  std::optional<Author> FindAuthor(std::string_view id) const;
  Author AddAuthor(std::string_view id);
  // Whether `a` comes before `b` when both were inserted at one place concurrently.
  bool Before(Op a, Op b) const;

  bool Knows(const Version& version) const;
  std::span<const Op> ParentsOf(const Entry& entry) const { return graph_.ParentsOf(entry); }
  size_t EntryOf(Op operation) const { return graph_.EntryOf(operation); }
  size_t RunOf(Op operation) const;
  // The operations of run `index` within `range`, as a run of its own (content excepted).
  Run Clip(size_t index, OpRange range) const;

  // Opens a new entry unless the last one can go on. What follows until the next call belongs to
  // it. `parents` is a frontier and `seen` what it has, null where the caller does not know.
  void Begin(Author author, const Version& parents, const Seen* seen = nullptr);
  // The same after everything there is.
  void BeginAtEnd(Author author) {
    if (version_.size() != 1 || !GoesOn(author, version_)) {
      Begin(author, Version(version_));
    }
  }
  // Whether the last entry goes on with what the author makes at `parents`.
  bool GoesOn(Author author, const Version& parents) const {
    return parents.size() == 1 && parents[0] == end_ - 1 && !entries().empty() &&
           entries().back().author == author;
  }
  // Adds `length` operations, merging them into the last run where they continue it. `content`
  // holds their characters in order of the operations, or nothing for a deletion whose characters
  // are known from another deletion.
  void Add(Kind kind, int32_t position, int32_t length, std::string_view content);

  // The same for a run of any kind.
  void AddRun(Kind kind, int32_t position, int32_t length, std::string_view content);

  // Adds an entry of another history that follows here, with its operations, of which `run` is the
  // first run there. Returns the one after the last.
  size_t AddEntryOf(const History& other, const Entry& entry, size_t run);

  // The characters of an insertion or deletion; empty for a deletion that brought none.
  std::string_view ContentOf(Op operation) const;
  int64_t ContentSize() const { return static_cast<int64_t>(content_.size()); }
  // The characters of a whole run.
  std::string_view ContentOfRun(size_t index) const;

  // The frontier of operations [0, count), which is at most what there is.
  Version VersionAt(Op count) const;
  // The last operation that is a version of its own, with everything else before or after it, and
  // that is at most `limit`; -1 when there is none (then everything goes back to the empty text).
  Op CriticalUpTo(Op limit) const;
  // The first critical operations from `operation` on; empty, at the end, when there are none.
  OpRange CriticalFrom(Op operation) const;

 private:
  bool JoinDeletion(Run& run, int32_t position, int32_t length, std::string_view content);
  void Succeed(const Version& parents);

  std::vector<Author>::const_iterator PlaceOf(std::string_view id) const;

  std::vector<std::string> authors_;
  std::vector<Author> by_id_;  // authors in the order of their ids
  Graph graph_;
  std::vector<Run> runs_;
  std::string content_;
  OpIndex run_index_;
  std::vector<OpRange> critical_;
  Version version_;
  Op end_ = 0;
  bool run_open_ = false;  // whether the last run may be continued
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_HISTORY_H_
