#include "common/text/columns.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/text/coder.h"
#include "common/text/parents_column.h"

namespace twinning::text {
namespace {

// How many bits a number has, at most 7: a coarse context.
size_t Scale(int64_t value) {
  size_t scale = 0;
  for (; value > 0 && scale < 7; value >>= 1) ++scale;
  return scale;
}

// Who writes next is foreseen by who wrote last where authors are few.
constexpr size_t kFewAuthors = 8;

// Everything learnt while coding; encoder and decoder go through the same states.
struct Models {
  std::array<Number, kFewAuthors> author;
  Number count;
  ParentsModels parents;
  std::array<std::array<Bit, 3>, 64> kind;
  std::array<Bit, 8> last;  // whether a run is the last of its entry
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

// Which of the models tells the author after this one.
size_t AuthorContext(size_t authors, Author before) { return authors <= kFewAuthors ? before : 0; }

class Writer {
 public:
  explicit Writer(const History& history) : history_(history), habits_(history.authors().size()) {}

  std::string Write() {
    size_t run = 0;
    Author before = 0;
    for (size_t i = 0; i < history_.entries().size(); ++i) {
      const Entry& entry = history_.entries()[i];
      out_.Put(m_.author[AuthorContext(habits_.size(), before)], entry.author);
      before = entry.author;
      out_.Put(m_.count, entry.end - entry.first - 1);
      PutParents(history_, i, habits_[entry.author].last, m_.parents, out_);
      for (; run < history_.runs().size() && history_.runs()[run].first < entry.end; ++run) {
        WriteRun(history_.runs()[run], entry.end, habits_[entry.author]);
      }
    }
    return out_.Finish();
  }

 private:
  // `end` is the entry's.
  void WriteRun(const Run& run, Op end, Habit& habit) {
    auto& kind = m_.kind[habit.KindContext()];
    out_.Put(kind[0], run.kind() != Kind::kInsert);
    if (run.kind() != Kind::kInsert) out_.Put(kind[1], run.kind() == Kind::kDeleteBackward);
    const size_t now = static_cast<size_t>(run.kind());
    out_.PutSigned(m_.move[now * 8 + habit.kind], run.position - habit.cursor);
    const Op left = end - run.first;
    if (left > 1) out_.Put(m_.last[Scale(left)], run.end() < end);
    if (run.end() < end) out_.Put(m_.length[now * 8 + habit.scale], run.length - 1);
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
    skeleton_.StartAt(std::move(authors), {}, 0);
  }

  // False when the bytes are no history of that many operations.
  bool Scan(int64_t operations) {
    Author before = 0;
    Seen seen;
    while (skeleton_.operations() < operations) {
      const uint64_t author = in_.Take(m_.author[AuthorContext(habits_.size(), before)]);
      const uint64_t count = in_.Take(m_.count);
      if (author >= habits_.size() || in_.Overrun()) return false;
      if (count >= static_cast<uint64_t>(operations - skeleton_.operations())) return false;
      before = static_cast<Author>(author);
      Habit& habit = habits_[author];
      const auto parents = TakeParents(skeleton_, habit.last, m_.parents, in_, seen);
      if (!parents) return false;
      skeleton_.Begin(before, *parents, &seen);
      auto left = static_cast<int64_t>(count) + 1;
      while (left > 0) {
        const int64_t length = ScanRun(habit, left);
        if (length == 0) return false;
        left -= length;
      }
    }
    return !in_.Overrun();
  }

  History Take() { return std::move(skeleton_); }

 private:
  // Takes a run in and returns its length; 0 when there can be none like it. `left` is what the
  // entry lacks.
  int64_t ScanRun(Habit& habit, int64_t left) {
    auto& bits = m_.kind[habit.KindContext()];
    Kind kind = Kind::kInsert;
    if (in_.Take(bits[0])) kind = in_.Take(bits[1]) ? Kind::kDeleteBackward : Kind::kDelete;
    const size_t now = static_cast<size_t>(kind);
    const int64_t position = habit.cursor + in_.TakeSigned(m_.move[now * 8 + habit.kind]);
    int64_t length = left;
    if (left > 1 && in_.Take(m_.last[Scale(left)])) {
      length = static_cast<int64_t>(in_.Take(m_.length[now * 8 + habit.scale])) + 1;
    }
    if (length > left || in_.Overrun()) return 0;
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
  skeleton.StartAt(history.authors(), {}, 0);
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
