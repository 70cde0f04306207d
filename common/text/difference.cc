#include "common/text/difference.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

#include "common/text/utf8.h"

namespace twinning::text {
namespace {

// More differences than this are not searched for: the trace takes the square of it.
constexpr ptrdiff_t kMaxDifferences = 1000;

// a[a_begin, a_end) became b[b_begin, b_end).
struct Hunk {
  size_t a_begin, a_end, b_begin, b_end;
};

// The furthest-reaching paths of Myers' O(ND) search, one row per number of differences.
template <typename T>
class Search {
 public:
  Search(std::span<const T> a, std::span<const T> b) : a_(a), b_(b) {}

  // The hunks in ascending order; one hunk for everything when there are too many differences.
  std::vector<Hunk> Run() {
    for (ptrdiff_t d = 0; d <= kMaxDifferences; ++d) {
      if (Advance(d)) return Backtrack(d);
    }
    return {{0, a_.size(), 0, b_.size()}};
  }

 private:
  ptrdiff_t At(ptrdiff_t d, ptrdiff_t diagonal) const { return rows_[d][diagonal + d]; }

  bool ComesFromAbove(ptrdiff_t d, ptrdiff_t diagonal) const {
    if (diagonal == -d) return true;
    return diagonal != d && At(d - 1, diagonal - 1) < At(d - 1, diagonal + 1);
  }

  // Where the path with d differences enters `diagonal`, before following equal elements.
  ptrdiff_t Enter(ptrdiff_t d, ptrdiff_t diagonal) const {
    if (d == 0) return 0;
    if (ComesFromAbove(d, diagonal)) return At(d - 1, diagonal + 1);
    return At(d - 1, diagonal - 1) + 1;
  }

  bool Advance(ptrdiff_t d) {
    const auto n = static_cast<ptrdiff_t>(a_.size());
    const auto m = static_cast<ptrdiff_t>(b_.size());
    rows_.emplace_back(2 * d + 1, 0);
    for (ptrdiff_t diagonal = -d; diagonal <= d; diagonal += 2) {
      ptrdiff_t x = Enter(d, diagonal);
      while (x < n && x - diagonal < m && x - diagonal >= 0 && a_[x] == b_[x - diagonal]) ++x;
      rows_[d][diagonal + d] = x;
      if (x >= n && x - diagonal >= m) return true;
    }
    return false;
  }

  std::vector<Hunk> Backtrack(ptrdiff_t d) const {
    std::vector<Hunk> hunks;
    ptrdiff_t diagonal = static_cast<ptrdiff_t>(a_.size()) - static_cast<ptrdiff_t>(b_.size());
    for (; d > 0; --d) {
      const bool above = ComesFromAbove(d, diagonal);
      const ptrdiff_t x = Enter(d, diagonal);
      diagonal += above ? 1 : -1;
      const size_t a_begin = above ? x : x - 1;
      const size_t b_begin = a_begin - diagonal;
      const size_t a_end = x;
      const size_t b_end = above ? b_begin + 1 : b_begin;
      if (!hunks.empty() && hunks.back().a_begin == a_end && hunks.back().b_begin == b_end) {
        hunks.back().a_begin = a_begin;
        hunks.back().b_begin = b_begin;
      } else {
        hunks.push_back({a_begin, a_end, b_begin, b_end});
      }
    }
    std::reverse(hunks.begin(), hunks.end());
    return hunks;
  }

  std::span<const T> a_, b_;
  std::vector<std::vector<ptrdiff_t>> rows_;
};

bool IsWordCharacter(char32_t c) {
  return (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z') ||
         (c >= 0xC0 && c != 0xD7 && c != 0xF7 && (c < 0x2000 || c > 0x206F));
}

// Words, runs of spaces, and single other characters.
std::vector<std::u32string_view> Words(std::u32string_view text) {
  std::vector<std::u32string_view> words;
  while (!text.empty()) {
    size_t length = 1;
    if (IsWordCharacter(text[0])) {
      while (length < text.size() && IsWordCharacter(text[length])) ++length;
    } else if (text[0] == U' ') {
      while (length < text.size() && text[length] == U' ') ++length;
    }
    words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return words;
}

size_t CommonPrefix(std::u32string_view a, std::u32string_view b) {
  return std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin();
}

size_t CommonSuffix(std::u32string_view a, std::u32string_view b) {
  return std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first - a.rbegin();
}

bool InsideWord(std::u32string_view text, size_t position) {
  return position > 0 && position < text.size() && IsWordCharacter(text[position - 1]) &&
         IsWordCharacter(text[position]);
}

// What both texts begin and end with, cut so that it holds no part of a word that differs.
struct Frame {
  size_t prefix, suffix;
};

Frame FrameOf(std::u32string_view a, std::u32string_view b) {
  size_t prefix = CommonPrefix(a, b);
  while (InsideWord(a, prefix) || InsideWord(b, prefix)) --prefix;
  size_t suffix = CommonSuffix(a.substr(prefix), b.substr(prefix));
  while (suffix > 0 && (InsideWord(a, a.size() - suffix) || InsideWord(b, b.size() - suffix))) {
    --suffix;
  }
  return {prefix, suffix};
}

// Hunks in code points within a passage that differs; single letters only when most of it stays.
std::vector<Hunk> Refine(std::u32string_view a, std::u32string_view b) {
  if (a.empty() || b.empty()) return {{0, a.size(), 0, b.size()}};
  std::vector<Hunk> hunks = Search<char32_t>(a, b).Run();
  size_t changed = 0;
  for (const Hunk& h : hunks) changed += (h.a_end - h.a_begin) + (h.b_end - h.b_begin);
  if (hunks.size() == 1 || changed * 2 <= std::max(a.size(), b.size())) return hunks;
  return {{0, a.size(), 0, b.size()}};
}

}  // namespace

std::vector<Splice> Difference(std::string_view from, std::string_view to) {
  const std::u32string all_a = ToCodePoints(from);
  const std::u32string all_b = ToCodePoints(to);
  std::u32string_view a = all_a;
  std::u32string_view b = all_b;
  if (a == b) return {};
  const auto [prefix, suffix] = FrameOf(a, b);
  a.remove_prefix(prefix);
  b.remove_prefix(prefix);
  a.remove_suffix(suffix);
  b.remove_suffix(suffix);
  std::vector<Splice> splices;

  const auto words_a = Words(a);
  const auto words_b = Words(b);
  const auto offset = [](const std::vector<std::u32string_view>& words, std::u32string_view text,
                         size_t word) {
    return word == words.size() ? text.size()
                                : static_cast<size_t>(words[word].data() - text.data());
  };
  int64_t shift = static_cast<int64_t>(prefix);  // from positions in a to positions in the result
  for (const Hunk& hunk : Search<std::u32string_view>(words_a, words_b).Run()) {
    const size_t a_begin = offset(words_a, a, hunk.a_begin);
    const size_t b_begin = offset(words_b, b, hunk.b_begin);
    const auto part_a = a.substr(a_begin, offset(words_a, a, hunk.a_end) - a_begin);
    const auto part_b = b.substr(b_begin, offset(words_b, b, hunk.b_end) - b_begin);
    for (const Hunk& h : Refine(part_a, part_b)) {
      const auto removed = static_cast<int64_t>(h.a_end - h.a_begin);
      const auto inserted = static_cast<int64_t>(h.b_end - h.b_begin);
      splices.push_back({static_cast<int64_t>(a_begin + h.a_begin) + shift, removed,
                         ToUtf8(part_b.substr(h.b_begin, inserted))});
      shift += inserted - removed;
    }
  }
  return splices;
}

}  // namespace twinning::text
