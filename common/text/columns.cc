#include "common/text/columns.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/text/coder.h"

namespace twinning::text {
namespace {

constexpr size_t kMaxParents = 1 << 16;

// How many bits a number has, at most 7: a coarse context.
size_t Scale(int64_t value) {
  size_t scale = 0;
  for (; value > 0 && scale < 7; value >>= 1) ++scale;
  return scale;
}

// Everything learnt while coding; encoder and decoder go through the same states.
struct Models {
  Number author;
  Number count;
  Number parents;
  std::array<Bit, 2> own;
  std::array<Bit, 2> entry_end;
  std::array<Number, 2> entries_back;
  Number distance;
  std::array<std::array<Bit, 3>, 64> kind;
  std::array<Number, 24> length;
  std::array<Number, 24> move;
};

// What the last operations of an author were, by which the next ones are foreseen.
struct Habit {
  Op last = -1;        // its latest operation
  int64_t cursor = 0;  // where it left off
  size_t kind = 0;
  size_t before = 0;  // the kind before
  size_t scale = 0;   // of the last length

  void Note(const Run& run) {
    const auto length = static_cast<int64_t>(run.length);
    before = kind;
    kind = static_cast<size_t>(run.kind());
    scale = Scale(length);
    last = run.end() - 1;
    cursor = run.position;
    if (run.kind() == Kind::kInsert) cursor += length;
    if (run.kind() == Kind::kDeleteBackward) cursor -= length - 1;
  }
  size_t KindContext() const { return (before * 3 + kind) * 7 + std::min<size_t>(scale, 6); }
};

// Adds a run without its characters, deletions one by one: how they join then depends on nothing
// but themselves.
void AddRun(History& history, const Run& run) {
  const auto length = static_cast<int32_t>(run.length);
  if (run.kind() == Kind::kInsert) return history.Add(run.kind(), run.position, length, {});
  const int32_t step = run.kind() == Kind::kDelete ? 0 : 1;
  for (int32_t k = 0; k < length; ++k) history.Add(Kind::kDelete, run.position - k * step, 1, {});
}

class Writer {
 public:
  explicit Writer(const History& history) : history_(history), habits_(history.authors().size()) {}

  std::string Write() {
    size_t run = 0;
    for (size_t i = 0; i < history_.entries().size(); ++i) {
      const Entry& entry = history_.entries()[i];
      out_.Put(m_.author, entry.author);
      out_.Put(m_.count, entry.end - entry.first - 1);
      WriteParents(i);
      for (; run < history_.runs().size() && history_.runs()[run].first < entry.end; ++run) {
        WriteRun(history_.runs()[run], habits_[entry.author]);
      }
    }
    return out_.Finish();
  }

 private:
  void WriteParents(size_t index) {
    const Entry& entry = history_.entries()[index];
    const auto parents = history_.ParentsOf(entry);
    const Op own = habits_[entry.author].last;
    out_.Put(m_.parents, parents.size());
    for (size_t k = 0; k < parents.size(); ++k) {
      const Op parent = parents[parents.size() - 1 - k];
      const size_t c = std::min<size_t>(k, 1);
      out_.Put(m_.own[c], parent == own);
      if (parent == own) continue;
      const size_t of = history_.EntryOf(parent);
      const bool at_end = history_.entries()[of].end - 1 == parent;
      out_.Put(m_.entry_end[c], at_end);
      out_.Put(m_.entries_back[c], index - 1 - of);
      if (!at_end) out_.Put(m_.distance, history_.entries()[of].end - 1 - parent);
    }
  }

  void WriteRun(const Run& run, Habit& habit) {
    auto& kind = m_.kind[habit.KindContext()];
    out_.Put(kind[0], run.kind() != Kind::kInsert);
    if (run.kind() != Kind::kInsert) out_.Put(kind[1], run.kind() == Kind::kDeleteBackward);
    const size_t now = static_cast<size_t>(run.kind());
    out_.PutSigned(m_.move[now * 8 + habit.kind], run.position - habit.cursor);
    out_.Put(m_.length[now * 8 + habit.scale], run.length - 1);
    habit.Note(run);
  }

  const History& history_;
  std::vector<Habit> habits_;
  Models m_;
  Encoder out_;
};

class Scanner {
 public:
  Scanner(std::string_view bytes, std::vector<std::string> authors)
      : in_(bytes), habits_(authors.size()) {
    for (const std::string& author : authors) skeleton_.AddAuthor(author);
  }

  // False when the bytes are no history of that many operations.
  bool Scan(int64_t operations) {
    Seen seen;
    while (skeleton_.operations() < operations) {
      const uint64_t author = in_.Take(m_.author);
      const uint64_t count = in_.Take(m_.count);
      if (author >= habits_.size() || in_.Overrun()) return false;
      if (count >= static_cast<uint64_t>(operations - skeleton_.operations())) return false;
      const auto parents = ScanParents(habits_[author]);
      if (!parents || skeleton_.graph().Resolve(*parents, seen) != *parents) return false;
      skeleton_.Begin(static_cast<Author>(author), *parents, &seen);
      auto left = static_cast<int64_t>(count) + 1;
      while (left > 0) {
        const int64_t length = ScanRun(habits_[author], left);
        if (length == 0) return false;
        left -= length;
      }
    }
    return !in_.Overrun();
  }

  History Take() { return std::move(skeleton_); }

 private:
  std::optional<Version> ScanParents(const Habit& habit) {
    const History& history = skeleton_;
    const uint64_t count = in_.Take(m_.parents);
    if (count > kMaxParents) return std::nullopt;
    Version parents;
    for (uint64_t k = 0; k < count; ++k) {
      if (in_.Overrun()) return std::nullopt;
      const size_t c = std::min<size_t>(k, 1);
      Operation parent = habit.last;
      if (!in_.Take(m_.own[c])) {
        const bool at_end = in_.Take(m_.entry_end[c]);
        const uint64_t back = in_.Take(m_.entries_back[c]);
        if (back >= history.entries().size()) return std::nullopt;
        const Entry& entry = history.entries()[history.entries().size() - 1 - back];
        parent = entry.end - 1;
        if (!at_end) parent -= static_cast<Operation>(in_.Take(m_.distance));
        if (parent < entry.first) return std::nullopt;
      }
      if (parent < 0) return std::nullopt;
      parents.push_back(parent);
    }
    std::reverse(parents.begin(), parents.end());
    if (!std::is_sorted(parents.begin(), parents.end(), std::less_equal<>())) return std::nullopt;
    return parents;
  }

  // Takes a run in and returns its length; 0 when there can be none like it.
  int64_t ScanRun(Habit& habit, int64_t limit) {
    auto& bits = m_.kind[habit.KindContext()];
    Kind kind = Kind::kInsert;
    if (in_.Take(bits[0])) kind = in_.Take(bits[1]) ? Kind::kDeleteBackward : Kind::kDelete;
    const size_t now = static_cast<size_t>(kind);
    const int64_t position = habit.cursor + in_.TakeSigned(m_.move[now * 8 + habit.kind]);
    const auto length = static_cast<int64_t>(in_.Take(m_.length[now * 8 + habit.scale])) + 1;
    if (length > limit || in_.Overrun()) return 0;
    if (position < 0 || position > kMaxOperations) return 0;
    Run run;
    run.position = static_cast<int32_t>(position);
    run.length = static_cast<uint32_t>(length);
    run.kind_bits = static_cast<uint32_t>(kind);
    run.first = skeleton_.operations();
    AddRun(skeleton_, run);
    habit.Note(run);
    return length;
  }

  Decoder in_;
  std::vector<Habit> habits_;
  Models m_;
  History skeleton_;
};

}  // namespace

History Skeleton(const History& history) {
  History skeleton;
  for (const std::string& author : history.authors()) skeleton.AddAuthor(author);
  size_t run = 0;
  for (const Entry& entry : history.entries()) {
    const auto parents = history.ParentsOf(entry);
    skeleton.Begin(entry.author, Version(parents.begin(), parents.end()));
    for (; run < history.runs().size() && history.runs()[run].first < entry.end; ++run) {
      AddRun(skeleton, history.runs()[run]);
    }
  }
  return skeleton;
}

std::string EncodeColumns(const History& skeleton) { return Writer(skeleton).Write(); }

absl::StatusOr<Columns> DecodeColumns(std::string_view bytes, std::vector<std::string> authors,
                                      int64_t operations) {
  Scanner scanner(bytes, std::move(authors));
  if (scanner.Scan(operations)) {
    Columns columns{scanner.Take()};
    if (columns.tracker.CatchUp(columns.skeleton)) return columns;
  }
  return absl::InvalidArgumentError("text: the encoded history is corrupt");
}

}  // namespace twinning::text
