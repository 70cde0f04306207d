// The slow, obvious text engine, kept beside the fast one as its oracle: one list of all characters
// ever inserted, and for each operation the set of operations its author had seen. Nothing clever.
#ifndef TWINNING_TESTS_SUPPORT_TEXT_ORACLE_H_
#define TWINNING_TESTS_SUPPORT_TEXT_ORACLE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/text/document.h"

namespace twinning::text {

// Operations [first, first + count), each after the one before it, by one author.
struct OracleEntry {
  Operation first = 0;
  int64_t count = 0;
  Author author = 0;
  Version parents;
};

inline constexpr char32_t kOracleDeletion = 0x110000;

struct OracleOperation {
  int64_t position = 0;
  char32_t inserted = kOracleDeletion;
};

struct OracleHistory {
  std::vector<std::string> authors;
  std::vector<OracleEntry> entries;
  std::vector<OracleOperation> operations;
  Version version;
  std::u32string text;

  bool Knows(const Version& candidate) const;
  const OracleEntry& EntryOf(Operation operation) const;
  // Which operations `version` includes.
  std::vector<bool> Closure(const Version& heads) const;
  // The minimal frontier of a downward closed set.
  Version Frontier(const std::vector<bool>& closure) const;
};

struct OracleItem {
  Operation inserted = 0;
  Operation left = -1;   // the item left of it when it was inserted; -1: none
  Operation right = -1;  // the item right of it that its author had seen; -1: none
  std::vector<Operation> deletions;
};

class OracleReplay {
 public:
  // Replays all operations of `history`, which must outlive this object.
  explicit OracleReplay(const OracleHistory& history);

  const std::vector<OracleItem>& items() const { return items_; }
  // The item that a deletion deleted.
  Operation TargetOf(Operation deletion) const { return targets_[deletion]; }
  bool VisibleIn(const OracleItem& item, const std::vector<bool>& closure) const;
  // What operations [begin, end) of the replay changed in the merged text.
  std::vector<Splice> Transformed(Operation begin, Operation end) const;

 private:
  struct Effect {
    int64_t position = 0;
    bool changes = false;
  };
  void Apply(Operation operation, const std::vector<bool>& context);
  void Insert(Operation operation, int64_t position, const std::vector<bool>& context);
  void Delete(Operation operation, int64_t position, const std::vector<bool>& context);
  size_t IndexOf(Operation inserted) const;
  bool Before(Operation a, Operation b) const;
  int64_t MergedPosition(size_t index) const;

  const OracleHistory& history_;
  std::vector<OracleItem> items_;
  std::vector<Operation> targets_;
  std::vector<Effect> effects_;
};

// The same contract as Document, without the encoding.
class TextOracle {
 public:
  Author AddAuthor(std::string_view id);
  absl::StatusOr<std::vector<Splice>> Append(Author author, const Version& parents,
                                             std::span<const Splice> splices);
  Operation operations() const { return static_cast<Operation>(history_.operations.size()); }
  const Version& version() const { return history_.version; }
  Version VersionAt(Operation count) const;
  Version Merge(const Version& a, const Version& b) const;
  std::string text() const;
  absl::StatusOr<std::string> TextAt(const Version& version) const;
  absl::StatusOr<std::vector<Overlap>> FindOverlaps(Operation prefix, Operation first,
                                                    Operation end) const;

 private:
  OracleHistory history_;
};

}  // namespace twinning::text

#endif  // TWINNING_TESTS_SUPPORT_TEXT_ORACLE_H_
