#include "common/text/engine.h"

#include <algorithm>
#include <utility>

namespace twinning::text {
namespace {

// A tracker that has this many more operations to catch up with than it took in is dropped.
constexpr int64_t kIdleOperations = 4096;
// So many operations are walked over as fast as anything.
constexpr int64_t kShortWalk = 512;

}  // namespace

void Engine::Load(History history, Rope rope) {
  history_ = std::move(history);
  rope_ = std::move(rope);
  DropTracker();
}

void Engine::BeginAtEnd(Author author, std::vector<Splice>* merged) {
  author_ = author;
  merged_ = merged;
  entered_ = false;
  sequential_ = true;
  author_size_ = rope_.code_points();
}

void Engine::Begin(Author author, const Version& minimal_parents, std::vector<Splice>* merged) {
  if (minimal_parents == history_.version()) return BeginAtEnd(author, merged);
  author_ = author;
  parents_ = minimal_parents;
  merged_ = merged;
  entered_ = false;
  sequential_ = false;
  author_size_ = rope_.code_points();
  PrepareTracker(minimal_parents, author);
  author_size_ += tracker_->GrowthAtVersion() - tracker_->GrowthMerged();
}

void Engine::PrepareTracker(const Version& parents, Author author) {
  const Op seen = parents.empty() ? -1 : static_cast<Op>(parents.back());
  const Op critical = history_.CriticalUpTo(seen);
  const Op fresh = history_.operations() - 1 - critical;
  bool fits = tracker_ && tracker_->base() <= critical;
  if (fits && tracker_->base() != critical) {
    const Op behind = history_.operations() - tracker_->next();
    fits = fresh > std::max(behind, 32);
  }
  if (!fits) NewTracker(critical);
  tracker_->CatchUp(history_);
  tracker_->MoveTo(history_, parents, author);
}

Version Engine::Minimal(const Version& version) {
  if (history_.IsPlainlyMinimal(version)) return version;
  const auto [first, last] = std::minmax_element(version.begin(), version.end());
  if (*last - *first < kShortWalk) return history_.Minimal(version);
  Version ascending = version;
  std::sort(ascending.begin(), ascending.end());
  ascending.erase(std::unique(ascending.begin(), ascending.end()), ascending.end());
  const Chains& chains = GraphFrom(history_.CriticalUpTo(static_cast<Op>(ascending[0]))).chains;
  Version minimal;
  for (auto head = ascending.begin(); head != ascending.end(); ++head) {
    bool behind = false;
    for (auto later = head + 1; later != ascending.end() && !behind; ++later) {
      const auto has = chains.Has(static_cast<Op>(*later), static_cast<Op>(*head));
      if (!has) return history_.Minimal(version);
      behind = *has;
    }
    if (!behind) minimal.push_back(*head);
  }
  return minimal;
}

// One that begins at a critical operation or before it, without reaching back very much further.
Engine::Graph& Engine::GraphFrom(Op critical) {
  const Op needed = history_.operations() - critical;
  const bool fits = graph_ && graph_->chains.base() <= critical && graph_->next >= critical &&
                    (history_.operations() - graph_->chains.base()) / 8 <= needed;
  if (!fits) {
    graph_.emplace(Graph{Chains(critical), critical + 1, {}});
    graph_->chains.Start(graph_->at);
  }
  graph_->chains.CatchUp(history_, graph_->next, graph_->at);
  return *graph_;
}

void Engine::NewTracker(Op base) {
  if (tracker_) {
    tracker_->Restart(base);
  } else {
    tracker_.emplace(base);
  }
}

void Engine::Enter() {
  if (entered_) return;
  entered_ = true;
  if (!sequential_) return history_.Begin(author_, parents_);
  history_.BeginAtEnd(author_);
  if (!tracker_) return;
  const int64_t behind = history_.operations() - tracker_->next();
  const int64_t held = tracker_->next() - tracker_->base();
  if (behind > kIdleOperations + held) DropTracker();
}

void Engine::Delete(int64_t position, int64_t count) {
  if (count == 0) return;
  Enter();
  author_size_ -= count;
  if (sequential_) {
    removed_.clear();
    rope_.Erase(position, count, &removed_);
    history_.Add(Kind::kDelete, static_cast<int32_t>(position), static_cast<int32_t>(count),
                 removed_);
    return Emit(position, count, {}, 0);
  }
  removals_.clear();
  tracker_->Delete(history_.operations(), static_cast<int32_t>(position),
                   static_cast<int32_t>(count), removals_);
  for (const Removal& removal : removals_) {
    removed_.clear();
    if (removal.position >= 0) {
      rope_.Erase(removal.position, removal.length, &removed_);
      Emit(removal.position, removal.length, {}, 0);
    }
    history_.Add(Kind::kDelete, static_cast<int32_t>(position), removal.length, removed_);
  }
}

void Engine::Insert(int64_t position, std::string_view text, int64_t code_points) {
  if (code_points == 0) return;
  Enter();
  author_size_ += code_points;
  int64_t merged = position;
  if (!sequential_) {
    merged = tracker_->Insert(history_, history_.operations(), static_cast<int32_t>(position),
                              static_cast<int32_t>(code_points));
  }
  rope_.Insert(merged, text);
  history_.Add(Kind::kInsert, static_cast<int32_t>(position), static_cast<int32_t>(code_points),
               text);
  Emit(merged, 0, text, code_points);
}

void Engine::Emit(int64_t position, int64_t removed, std::string_view inserted,
                  int64_t code_points) {
  if (merged_ == nullptr) return;
  const bool fresh = merged_->empty() || merged_->back().position + last_inserted_ != position ||
                     (removed > 0 && last_inserted_ > 0);
  if (fresh) {
    merged_->push_back({position, 0, std::string()});
    last_inserted_ = 0;
  }
  merged_->back().removed += removed;
  merged_->back().inserted.append(inserted);
  last_inserted_ += code_points;
}

}  // namespace twinning::text
