// Many edits at once: the graph first, then one walk over it, branch after branch.
#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "common/text/engine.h"
#include "common/text/utf8.h"
#include "common/text/walk.h"

namespace twinning::text {
namespace {

constexpr char32_t kUntold = 0xFFFFFFFF;

absl::Status Outside() {
  return absl::InvalidArgumentError("text: a splice lies outside the text it was made in");
}

}  // namespace

// Applies the operations of a batch, which its history already has, to text and tracker.
class Engine::Batch {
 public:
  Batch(Engine& engine, Op begin)
      : engine_(engine), begin_(begin), deleted_(engine.history_.operations() - begin, kUntold) {}

  absl::Status Run() {
    const History& history = engine_.history_;
    Op next = begin_;
    while (next < history.operations()) {
      const OpRange critical = history.CriticalFrom(next);
      if (absl::Status s = Walk({next, critical.begin}); !s.ok()) return s;
      for (Op o = critical.begin; o < critical.end;) {
        const OpRange piece{o, std::min(history.entries()[history.EntryOf(o)].end, critical.end)};
        if (absl::Status s = Repeat(piece, nullptr); !s.ok()) return s;
        o = piece.end;
      }
      next = critical.end;
    }
    return absl::OkStatus();
  }

  // The characters of deletions, by operation of the batch.
  const std::vector<char32_t>& deleted() const { return deleted_; }

 private:
  absl::Status Walk(OpRange range) {
    if (range.begin >= range.end) return absl::OkStatus();
    const History& history = engine_.history_;
    Tracker& tracker = engine_.TrackerFor(range);
    for (const OpRange& piece : WalkOrder(history, range)) {
      const Author author = history.entries()[history.EntryOf(piece.begin)].author;
      tracker.MoveTo(history, VersionBefore(history, piece.begin), author);
      if (absl::Status s = Repeat(piece, &tracker); !s.ok()) return s;
    }
    return absl::OkStatus();
  }

  // Without a tracker the operations see everything before them.
  absl::Status Repeat(OpRange piece, Tracker* tracker) {
    const History& history = engine_.history_;
    for (size_t i = history.RunOf(piece.begin);
         i < history.runs().size() && history.runs()[i].first < piece.end; ++i) {
      const text::Run run = history.Clip(i, piece);
      int64_t size = engine_.rope_.code_points();
      if (tracker != nullptr) size += tracker->GrowthAtVersion() - tracker->GrowthMerged();
      if (!run.FitsIn(size)) return Outside();
      if (run.kind() == Kind::kInsert) {
        Insert(i, run, tracker);
      } else {
        Delete(run, tracker);
      }
    }
    return absl::OkStatus();
  }

  void Insert(size_t index, const text::Run& run, Tracker* tracker) {
    const History& history = engine_.history_;
    const auto length = static_cast<int32_t>(run.length);
    int32_t position = run.position;
    if (tracker != nullptr) position = tracker->Insert(history, run.first, position, length);
    std::string_view content = history.ContentOfRun(index);
    if (length != static_cast<int32_t>(history.runs()[index].length)) {
      content = SubstringOfCodePoints(content, run.first - history.runs()[index].first, length);
    }
    engine_.rope_.Insert(position, content);
  }

  void Delete(const text::Run& run, Tracker* tracker) {
    std::vector<Removal>& removals = engine_.removals_;
    removals.clear();
    const auto length = static_cast<int32_t>(run.length);
    const bool backward = run.kind() == Kind::kDeleteBackward;
    if (tracker == nullptr) {
      removals.push_back({length, backward ? run.position - length + 1 : run.position});
    } else {
      tracker->Apply(engine_.history_, run, removals);
    }
    int32_t done = 0;
    for (const Removal& removal : removals) {
      if (removal.position >= 0) {
        engine_.removed_.clear();
        engine_.rope_.Erase(removal.position, removal.length, &engine_.removed_);
        int32_t k = done;
        for (char32_t c : ToCodePoints(engine_.removed_)) {
          deleted_[run.first - begin_ + (backward ? length - 1 - k : k)] = c;
          ++k;
        }
      }
      done += removal.length;
    }
  }

  Engine& engine_;
  const Op begin_;
  std::vector<char32_t> deleted_;
};

Tracker& Engine::TrackerFor(OpRange range) {
  const Op critical = history_.CriticalUpTo(range.begin - 1);
  const bool fits = tracker_ && tracker_->base() == critical && tracker_->next() <= range.begin;
  if (!fits) NewTracker(critical);
  tracker_->CatchUp(history_, range.begin);
  return *tracker_;
}

absl::Status Engine::AddGraph(std::span<const Edit> edits) {
  for (const Edit& edit : edits) {
    if (edit.author >= history_.authors().size()) {
      return absl::InvalidArgumentError("text: unknown author");
    }
    if (!history_.Knows(edit.parents)) {
      return absl::InvalidArgumentError("text: unknown parent version");
    }
    bool begun = false;
    for (const Splice& splice : edit.splices) {
      const int64_t inserted = CodePoints(splice.inserted);
      if (splice.position < 0 || splice.removed < 0 || splice.position > kMaxOperations ||
          splice.removed > kMaxOperations) {
        return Outside();
      }
      if (!IsValidUtf8(splice.inserted)) {
        return absl::InvalidArgumentError("text: inserted text is not valid UTF-8");
      }
      if (splice.removed + static_cast<int64_t>(splice.inserted.size()) >
          kMaxOperations - std::max<int64_t>(history_.operations(), history_.ContentSize())) {
        return absl::ResourceExhaustedError("text: the history of this text is full");
      }
      if (splice.removed + inserted == 0) continue;
      if (!begun) history_.Begin(edit.author, Minimal(edit.parents));
      begun = true;
      history_.Add(Kind::kDelete, static_cast<int32_t>(splice.position),
                   static_cast<int32_t>(splice.removed), {});
      history_.Add(Kind::kInsert, static_cast<int32_t>(splice.position),
                   static_cast<int32_t>(inserted), splice.inserted);
    }
  }
  return absl::OkStatus();
}

absl::Status Engine::AppendBatch(std::span<const Edit> edits) {
  const History before = history_;
  if (absl::Status status = AddGraph(edits); !status.ok()) return status;
  Batch batch(*this, before.operations());
  if (absl::Status status = batch.Run(); !status.ok()) return status;
  if (history_.version().size() == 1) DropTracker();
  // Once more, with the characters that deletions brought along.
  const History graph = std::exchange(history_, before);
  const Op begin = before.operations();
  if (begin == graph.operations()) return absl::OkStatus();
  const OpRange all{begin, graph.operations()};
  size_t index = graph.RunOf(begin);
  std::string content;
  for (size_t e = graph.EntryOf(begin); e < graph.entries().size(); ++e) {
    const Entry& entry = graph.entries()[e];
    history_.Begin(entry.author, VersionBefore(graph, std::max(begin, entry.first)));
    for (; index < graph.runs().size() && graph.runs()[index].first < entry.end; ++index) {
      const Run run = graph.Clip(index, all);
      if (run.kind() == Kind::kInsert) {
        content = graph.ContentOfRun(index);
        if (run.length != graph.runs()[index].length) {
          content =
              SubstringOfCodePoints(content, run.first - graph.runs()[index].first, run.length);
        }
        history_.Add(run.kind(), run.position, static_cast<int32_t>(run.length), content);
        continue;
      }
      const int32_t step = run.kind() == Kind::kDelete ? 0 : 1;
      for (Op o = run.first; o < run.end(); ++o) {
        content.clear();
        const char32_t c = batch.deleted()[o - begin];
        if (c != kUntold) AppendUtf8(c, content);
        history_.Add(Kind::kDelete, run.position - step * (o - run.first), 1, content);
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace twinning::text
