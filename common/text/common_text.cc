#include "common/text/common_text.h"

#include <algorithm>

#include "common/text/utf8.h"

namespace twinning::text {

Reader::Reader(const Engine& engine, const Tracker& tracker) : engine_(engine), tracker_(tracker) {}

std::string Reader::Read(Op from, Op to) const {
  std::string text;
  int64_t merged = from < 0 ? 0 : tracker_.SpotOf(from).merged;
  tracker_.Read(from, [&](Tracker::Stretch stretch) {
    const bool last = to >= stretch.first && to - stretch.first < stretch.length;
    if (last) stretch.length = to - stretch.first;
    if (stretch.visible) Append(stretch, merged, text);
    if (stretch.merged) merged += stretch.length;
    return !last;
  });
  return text;
}

std::string Reader::Character(Op character) const {
  const Tracker::Spot spot = tracker_.SpotOf(character);
  std::string text;
  Append({character, 1, spot.visible, spot.alive}, spot.merged, text);
  return text;
}

void Reader::Append(const Tracker::Stretch& stretch, int64_t merged, std::string& text) const {
  const Rope& rope = engine_.rope();
  if (stretch.merged) {
    const int64_t rest = rope.code_points() - merged;  // the last stretch is endless
    rope.AppendTo(merged, std::min<int64_t>(stretch.length, rest), text);
    return;
  }
  for (Op c = stretch.first; c < stretch.first + stretch.length; ++c) {
    text.append(engine_.history().ContentOf(c < kBaseText ? c : DeletionOf(c)));
  }
}

// A deletion of a character of the base text that brought it along.
Op Reader::DeletionOf(Op character) const {
  if (!deleted_) {
    deleted_.emplace();
    const History& history = engine_.history();
    const OpRange window{tracker_.base() + 1, history.operations()};
    for (size_t i = history.RunOf(window.begin); i < history.runs().size(); ++i) {
      if (history.runs()[i].kind() == Kind::kInsert || history.ContentOfRun(i).empty()) continue;
      const Run run = history.Clip(i, window);
      for (Op o = run.first; o < run.end(); ++o) {
        if (tracker_.TargetOf(o) >= kBaseText) deleted_->emplace_back(tracker_.TargetOf(o), o);
      }
    }
    std::sort(deleted_->begin(), deleted_->end());
  }
  return std::lower_bound(deleted_->begin(), deleted_->end(), std::pair(character, Op{0}))->second;
}

CommonText::CommonText(const Reader& reader, const Tracker& tracker) {
  const std::u32string text = ToCodePoints(reader.Read(-1, -1));
  size_ = static_cast<int64_t>(text.size());
  int64_t position = 0;
  tracker.Read(-1, [&](const Tracker::Stretch& stretch) {
    if (!stretch.visible) return true;
    by_position_.push_back({position, stretch.first, stretch.length});
    position += stretch.length;
    return true;
  });
  by_character_ = by_position_;
  std::sort(by_character_.begin(), by_character_.end(),
            [](const Piece& a, const Piece& b) { return a.first < b.first; });
  passages_ = Passages(std::u32string_view(text));
  if (passages_.empty()) passages_.push_back({0, 0});
  open_ = !LastPassageIsClosed(text);
}

std::optional<size_t> CommonText::PassageAt(CommonPlace place) const {
  if (!place.character && place.position >= size_) {
    if (open_) return passages_.size() - 1;
    return std::nullopt;
  }
  const auto after =
      std::upper_bound(passages_.begin(), passages_.end(), place.position,
                       [](int64_t p, const Range& range) { return p < range.begin; });
  const auto passage = std::prev(after);
  if (!place.character && passage->begin == place.position) return std::nullopt;
  return passage - passages_.begin();
}

std::optional<size_t> CommonText::PassageFrom(int64_t position) const {
  const auto passage =
      std::lower_bound(passages_.begin(), passages_.end(), position,
                       [](const Range& range, int64_t p) { return range.begin < p; });
  if (passage == passages_.end() || passage->begin != position) return std::nullopt;
  return passage - passages_.begin();
}

Bounds CommonText::BoundsOf(size_t passage) const {
  const Range range = passages_[passage];
  Bounds bounds;
  if (size_ == 0) return bounds;
  if (range.begin > 0) bounds.before = CharacterAt(range.begin - 1);
  bounds.first = CharacterAt(range.begin);
  const bool endless = open_ && passage + 1 == passages_.size();
  if (!endless) bounds.last = CharacterAt(range.end - 1);
  return bounds;
}

Op CommonText::CharacterAt(int64_t position) const {
  const auto after =
      std::upper_bound(by_position_.begin(), by_position_.end(), position,
                       [](int64_t p, const Piece& piece) { return p < piece.position; });
  const auto piece = std::prev(after);
  return piece->first + static_cast<Op>(position - piece->position);
}

std::optional<int64_t> CommonText::PositionOf(Op character) const {
  const auto after = std::upper_bound(by_character_.begin(), by_character_.end(), character,
                                      [](Op c, const Piece& piece) { return c < piece.first; });
  if (after == by_character_.begin()) return std::nullopt;
  const auto piece = std::prev(after);
  const int64_t offset = character - piece->first;
  if (offset >= piece->length) return std::nullopt;
  return piece->position + offset;
}

}  // namespace twinning::text
