// A text and its whole history: who inserted and deleted which code point, having seen what.
// Merging is exact and independent of batching: the text is a function of the operations alone.
// Must not know: plans, ledgers, storage. No I/O, clock, thread or randomness. A value type: copies
// are independent and cheap until one of them changes. Not for two threads at once, not even for
// reading: what a reader needs is unpacked when it first asks. A moved-from document may only be
// assigned to or destroyed.
#ifndef TWINNING_COMMON_TEXT_DOCUMENT_H_
#define TWINNING_COMMON_TEXT_DOCUMENT_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace twinning::text {

// Index handed out by AddAuthor.
using Author = uint32_t;
// One inserted or deleted code point, numbered by order of arrival: 0, 1, 2, ...
using Operation = int64_t;
// A frontier: ascending and minimal. Empty = before everything.
using Version = std::vector<Operation>;

// Deletion comes first, then insertion at the same position. The deleted code points become
// operations first, from left to right, then the inserted ones. Positions count code points;
// `inserted` is UTF-8.
struct Splice {
  int64_t position = 0;
  int64_t removed = 0;
  std::string inserted;
  friend bool operator==(const Splice&, const Splice&) = default;
};

// What one author did at one version, in one go.
struct Edit {
  Author author = 0;
  Version parents;
  std::vector<Splice> splices;
};

// One passage that both sides rewrote.
struct Overlap {
  int64_t common_begin = 0;  // code points, in the text of the common prefix
  int64_t common_end = 0;
  int64_t begin = 0;  // where that passage stands in the merged text now, code points
  int64_t end = 0;
  std::string ours;           // as it reads where the judged event leaves it
  std::string theirs;         // as it reads with the prefix and everything concurrent
  Operation theirs_last = 0;  // the latest concurrent operation that touched the passage
  friend bool operator==(const Overlap&, const Overlap&) = default;
};

class Body;

class Document {
 public:
  Document();

  // The same id gives the same author. Concurrent insertions at one place are ordered by id,
  // bytewise smaller first.
  Author AddAuthor(std::string_view id);

  // Appends what `author` did at `parents`: any known version, not necessarily minimal. Each splice
  // sees the earlier ones. Returns the splices that bring the merged text from before to after.
  // InvalidArgument, and nothing changed, when a splice lies outside the author's text, an
  // insertion is not UTF-8, or author or parents are unknown.
  absl::StatusOr<std::vector<Splice>> Append(Author author, const Version& parents,
                                             std::span<const Splice> splices);

  // The same at version(), for callers that need no splices back: what an author does that has seen
  // everything. The fastest way in.
  absl::Status Append(Author author, std::span<const Splice> splices);

  // Appends edits in order, each of which may have earlier ones among its parents: the operations
  // of all are numbered on from operations(). On failure nothing is changed.
  absl::Status AppendAll(std::span<const Edit> edits);

  // How many operations there are.
  Operation operations() const;
  // The frontier of all operations.
  const Version& version() const;
  // The frontier of operations [0, count); count is clamped to what there is.
  Version VersionAt(Operation count) const;
  // The minimal frontier of everything in `a` or `b`.
  Version Merge(const Version& a, const Version& b) const;

  // The merged text, in UTF-8, and its length in code points.
  std::string text() const;
  int64_t size() const;
  // Conversions within the merged text, in O(log n). Clamped; inside a code point means its start.
  int64_t Utf16OfCodePoint(int64_t code_point) const;
  int64_t CodePointOfUtf16(int64_t unit) const;
  // The text of an earlier version. InvalidArgument when it is unknown.
  absl::StatusOr<std::string> TextAt(const Version& version) const;

  // What stands at `version` in place of [begin, end) of the merged text, in code points: between
  // the character before and the one after it. InvalidArgument when there is no such version or
  // range.
  absl::StatusOr<std::string> ReadingAt(const Version& version, int64_t begin, int64_t end) const;

  // Which passages of the text at VersionAt(prefix) were touched both by operations [first, end),
  // the judged event, and by operations of [prefix, first) that are not its ancestors; in ascending
  // order. The event must have operations [0, prefix) among its ancestors. A pure function of the
  // arguments and operations [0, end), except that begin and end refer to the merged text now.
  // `beyond`: ancestors of the event, before it, that are part of the common text all the same.
  absl::StatusOr<std::vector<Overlap>> FindOverlaps(Operation prefix, Operation first,
                                                    Operation end,
                                                    const Version& beyond = {}) const;

  // The whole history; Decode(Encode()) is equal operation by operation.
  std::string Encode() const;
  // Corrupt bytes give a status, never a crash or an unbounded allocation; more operations than
  // `max_operations` count as corrupt.
  static absl::StatusOr<Document> Decode(std::string_view bytes,
                                         int64_t max_operations = kDefaultMaxOperations);
  // For bytes of our own making, from our own disk: the same, but only the text is read now, and
  // the history when something needs it. Damage is found by a checksum; bytes that were made to
  // deceive it must go through Decode. What is not read yet is copied, unless `keeper` keeps the
  // bytes where they are, a mapped file for instance: then the document holds little but its text.
  static absl::StatusOr<Document> Open(std::string_view bytes,
                                       std::shared_ptr<const void> keeper = nullptr);

  static constexpr int64_t kDefaultMaxOperations = int64_t{1} << 26;

 private:
  Body& Writable();
  absl::Status AppendTo(Author author, const Version& parents, std::span<const Splice> splices,
                        std::vector<Splice>* merged);

  std::shared_ptr<Body> body_;  // shared between copies until one of them changes
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_DOCUMENT_H_
