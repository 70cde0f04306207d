// The slow, obvious replay of a history: one list of all characters ever inserted, and for each
// operation the set of operations its author had seen.
#ifndef TWINNING_COMMON_TEXT_REPLAY_H_
#define TWINNING_COMMON_TEXT_REPLAY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/text/document.h"

namespace twinning::text {

// Operations [first, first + count), each after the one before it, by one author.
struct Entry {
  Operation first = 0;
  int64_t count = 0;
  Author author = 0;
  Version parents;
};

inline constexpr char32_t kDeletion = 0x110000;

struct HistoryOperation {
  int64_t position = 0;
  char32_t inserted = kDeletion;
};

struct History {
  std::vector<std::string> authors;
  std::vector<Entry> entries;
  std::vector<HistoryOperation> operations;
  Version version;
  std::u32string text;

  bool Knows(const Version& candidate) const;
  const Entry& EntryOf(Operation operation) const;
  // Which operations `version` includes.
  std::vector<bool> Closure(const Version& heads) const;
  // The minimal frontier of a downward closed set.
  Version Frontier(const std::vector<bool>& closure) const;
};

struct Item {
  Operation inserted = 0;
  Operation left = -1;   // the item left of it when it was inserted; -1: none
  Operation right = -1;  // the item right of it that its author had seen; -1: none
  std::vector<Operation> deletions;
};

class Replay {
 public:
  // Replays all operations of `history`, which must outlive this object.
  explicit Replay(const History& history);

  const std::vector<Item>& items() const { return items_; }
  // The item that a deletion deleted.
  Operation TargetOf(Operation deletion) const { return targets_[deletion]; }
  bool VisibleIn(const Item& item, const std::vector<bool>& closure) const;
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

  const History& history_;
  std::vector<Item> items_;
  std::vector<Operation> targets_;
  std::vector<Effect> effects_;
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_REPLAY_H_
