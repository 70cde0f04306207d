#include "common/text/engine.h"

#include <algorithm>
#include <utility>

namespace twinning::text {
namespace {

// A tracker that has this many more operations to catch up with than it took in is dropped.
constexpr int64_t kIdleOperations = 4096;
// A tracker whose base had to move back keeps it for so many times the operations after it.
constexpr Op kPatience = 8;
// One that lacks so little is not begun anew at a later base, for that may be taken back, unless it
// has come to hold so much.
constexpr Op kCaughtUp = 16;
constexpr Op kHeld = 65536;

}  // namespace

void Engine::Load(History history, Rope rope) {
  history_ = std::move(history);
  rope_ = std::move(rope);
  typing_ = Typing();
  DropTracker();
}

void Engine::BeginAtEnd(Author author, std::vector<Splice>* merged) {
  Settle();
  author_ = author;
  merged_ = merged;
  entered_ = false;
  sequential_ = true;
  author_size_ = rope_.code_points();
}

void Engine::Begin(Author author, const Version& version, std::vector<Splice>* merged) {
  merged_ = merged;
  if (version == history_.version()) return BeginAtEnd(author, merged);
  // Whoever goes on typing is where he was.
  if (typing_.open && author == author_ && history_.GoesOn(author, version)) return;
  Settle();
  author_ = author;
  entered_ = false;
  sequential_ = false;
  const bool returns = tracker_ && tracker_->next() == history_.operations() &&
                       version.size() == 1 && tracker_->ReturnTo(version, author);
  if (returns) {
    parents_ = version;
    knows_seen_ = false;
  } else {
    history_.graph().Resolve(version, seen_, parents_);
    knows_seen_ = true;
    if (parents_ == history_.version()) return BeginAtEnd(author, merged);
    PrepareTracker(parents_, author);
  }
  author_size_ = rope_.code_points() + tracker_->GrowthAtVersion() - tracker_->GrowthMerged();
}

void Engine::PrepareTracker(const Version& frontier, Author author) {
  const Op seen = frontier.empty() ? -1 : static_cast<Op>(frontier.back());
  const Op critical = history_.CriticalUpTo(seen);
  const Op fresh = history_.operations() - 1 - critical;
  if (tracker_ && tracker_->base() > critical) {
    patient_until_ = history_.operations() + kPatience * fresh;
  }
  bool fits = tracker_ && tracker_->base() <= critical;
  if (fits && tracker_->base() != critical && history_.operations() >= patient_until_) {
    const Op behind = history_.operations() - tracker_->next();
    const Op held = tracker_->next() - tracker_->base();
    fits = fresh > std::max(behind, 32) || (behind <= kCaughtUp && held <= kHeld);
  }
  if (!fits) NewTracker(critical);
  tracker_->CatchUp(history_);
  tracker_->MoveTo(history_, frontier, seen_, author);
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
  if (!sequential_) return history_.Begin(author_, parents_, knows_seen_ ? &seen_ : nullptr);
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
  Settle();
  removals_.clear();
  tracker_->Delete(history_, history_.operations(), static_cast<int32_t>(position),
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
  if (!sequential_) return Type(position, text, code_points);
  rope_.Insert(position, text, code_points);
  history_.Add(Kind::kInsert, static_cast<int32_t>(position), static_cast<int32_t>(code_points),
               text);
  Emit(position, 0, text, code_points);
}

void Engine::Type(int64_t position, std::string_view text, int64_t code_points) {
  if (!typing_.open || position != typing_.position + typing_.length) {
    Settle();
    typing_.open = true;
    typing_.position = position;
    typing_.merged = -1;
  }
  const int64_t before = typing_.length;
  typing_.text.append(text);
  typing_.length += code_points;
  history_.Add(Kind::kInsert, static_cast<int32_t>(position), static_cast<int32_t>(code_points),
               text);
  if (merged_ == nullptr) return;
  if (typing_.merged < 0) {
    Place();
    Emit(typing_.merged - code_points, 0, text, code_points);
  } else {
    Emit(typing_.merged + before, 0, text, code_points);
  }
}

void Engine::Place() {
  const auto length = static_cast<int32_t>(typing_.length);
  const auto position = static_cast<int32_t>(typing_.position);
  const Op first = history_.operations() - length;
  if (typing_.merged < 0) {
    typing_.merged = tracker_->Insert(history_, first, position, length);
  } else {
    tracker_->Extend(history_, first, position, length);
  }
  rope_.Insert(typing_.merged, typing_.text, length);
  typing_.position += length;
  typing_.merged += length;
  typing_.length = 0;
  typing_.text.clear();
}

void Engine::Settle() {
  if (!typing_.open) return;
  if (typing_.length > 0) Place();
  typing_.open = false;
}

void Engine::Emit(int64_t position, int64_t removed, std::string_view inserted,
                  int64_t code_points) {
  if (merged_ == nullptr) return;
  const bool fresh = merged_->empty() || merged_->back().position + last_inserted_ != position ||
                     (removed > 0 && last_inserted_ > 0);
  if (fresh) {
    merged_->emplace_back().position = position;
    last_inserted_ = 0;
  }
  Splice& splice = merged_->back();
  splice.removed += removed;
  splice.inserted.append(inserted);
  last_inserted_ += code_points;
}

}  // namespace twinning::text
