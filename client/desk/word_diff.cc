#include "client/desk/word_diff.h"

#include <algorithm>
#include <cstddef>

#include "common/text/difference.h"
#include "common/text/utf8.h"

namespace twinning::desk {
namespace {

// from[begin, end) became to[to_begin, to_end); code points.
struct Hunk {
  size_t begin, end, to_begin, to_end;
};

bool OfWord(char32_t c) {
  return (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z') ||
         (c >= 0xC0 && c != 0xD7 && c != 0xF7 && (c < 0x2000 || c > 0x206F));
}

bool InsideWord(const std::u32string& text, size_t at) {
  return at > 0 && at < text.size() && OfWord(text[at - 1]) && OfWord(text[at]);
}

// Splices see the ones before them: their positions are those of the result so far.
std::vector<Hunk> HunksOf(const std::vector<text::Splice>& splices) {
  std::vector<Hunk> hunks;
  int64_t shift = 0;
  for (const text::Splice& splice : splices) {
    int64_t inserted = text::CodePoints(splice.inserted);
    int64_t begin = splice.position - shift;
    hunks.push_back({static_cast<size_t>(begin), static_cast<size_t>(begin + splice.removed),
                     static_cast<size_t>(splice.position),
                     static_cast<size_t>(splice.position + inserted)});
    shift += inserted - splice.removed;
  }
  return hunks;
}

// Around a hunk both texts are the same, so it grows in both alike.
void GrowToWords(const std::u32string& from, const std::u32string& to, Hunk& hunk) {
  while (InsideWord(from, hunk.begin) || InsideWord(to, hunk.to_begin)) {
    --hunk.begin;
    --hunk.to_begin;
  }
  while (InsideWord(from, hunk.end) || InsideWord(to, hunk.to_end)) {
    ++hunk.end;
    ++hunk.to_end;
  }
}

// Whether only white space lies between two hunks: then they read better as one.
bool OnlySpace(const std::u32string& text, size_t begin, size_t end) {
  return std::all_of(text.begin() + static_cast<ptrdiff_t>(begin),
                     text.begin() + static_cast<ptrdiff_t>(end),
                     [](char32_t c) { return c == U' ' || c == U'\u00A0'; });
}

std::vector<Hunk> WholeWords(const std::u32string& from, const std::u32string& to,
                             std::vector<Hunk> hunks) {
  std::vector<Hunk> merged;
  for (Hunk& hunk : hunks) {
    GrowToWords(from, to, hunk);
    if (!merged.empty() &&
        (hunk.begin <= merged.back().end || OnlySpace(from, merged.back().end, hunk.begin))) {
      merged.back().end = std::max(merged.back().end, hunk.end);
      merged.back().to_end = std::max(merged.back().to_end, hunk.to_end);
    } else {
      merged.push_back(hunk);
    }
  }
  return merged;
}

void Push(Piece::Kind kind, std::u32string_view text, std::vector<Piece>& pieces) {
  if (!text.empty()) pieces.push_back({kind, text::ToUtf8(text)});
}

// Bytes up to the end of the first `count` words.
size_t EndOfWords(std::string_view text, size_t count) {
  size_t at = 0;
  for (; count > 0 && at < text.size(); --count) {
    at = text.find_first_not_of(" \n\t", at);
    if (at == std::string_view::npos) return text.size();
    at = std::min(text.find_first_of(" \n\t", at), text.size());
  }
  return at;
}

size_t BeginOfWords(std::string_view text, size_t count) {
  size_t at = text.size();
  for (; count > 0 && at > 0; --count) {
    size_t last = text.find_last_not_of(" \n\t", at - 1);
    if (last == std::string_view::npos) return 0;
    size_t space = text.find_last_of(" \n\t", last);
    at = space == std::string_view::npos ? 0 : space + 1;
  }
  return at;
}

std::string Shortened(std::string_view text, size_t context, bool first, bool last) {
  if (first && last) return std::string(text);
  size_t head = first ? 0 : EndOfWords(text, context);
  size_t tail = last ? text.size() : BeginOfWords(text, context);
  if (head >= tail) return std::string(text);
  return std::string(text.substr(0, head)) +
         (first  ? "… "
          : last ? " …"
                 : " … ") +
         std::string(text.substr(tail));
}

}  // namespace

std::vector<Piece> WordPieces(std::string_view from_utf8, std::string_view to_utf8) {
  const std::u32string from = text::ToCodePoints(from_utf8);
  const std::u32string to = text::ToCodePoints(to_utf8);
  std::vector<Piece> pieces;
  size_t at = 0;
  for (const Hunk& hunk : WholeWords(from, to, HunksOf(text::Difference(from_utf8, to_utf8)))) {
    Push(Piece::kSame, std::u32string_view(from).substr(at, hunk.begin - at), pieces);
    Push(Piece::kRemoved, std::u32string_view(from).substr(hunk.begin, hunk.end - hunk.begin),
         pieces);
    Push(Piece::kAdded, std::u32string_view(to).substr(hunk.to_begin, hunk.to_end - hunk.to_begin),
         pieces);
    at = hunk.end;
  }
  Push(Piece::kSame, std::u32string_view(from).substr(at), pieces);
  return pieces;
}

std::string WordDiff(std::string_view from, std::string_view to, size_t context) {
  std::string marked;
  const std::vector<Piece> pieces = WordPieces(from, to);
  for (size_t i = 0; i < pieces.size(); ++i) {
    const std::string& text = pieces[i].text;
    switch (pieces[i].kind) {
      case Piece::kRemoved:
        marked += "[-" + text + "-]";
        break;
      case Piece::kAdded:
        marked += "{+" + text + "+}";
        break;
      case Piece::kSame:
        marked += Shortened(text, context, i == 0, i + 1 == pieces.size());
        break;
    }
  }
  return marked;
}

}  // namespace twinning::desk
