#include "common/text/rope.h"

#include <algorithm>
#include <cstring>

#include "common/text/utf8.h"

namespace twinning::text {
namespace {

// Where to cut so that at most `limit` bytes come before and no code point is cut.
int32_t CutAt(std::string_view text, int32_t limit) {
  if (limit >= static_cast<int32_t>(text.size())) return static_cast<int32_t>(text.size());
  while (limit > 0 && (text[limit] & 0xC0) == 0x80) --limit;
  return limit;
}

}  // namespace

Rope::Rope(std::string_view text) : chunks_(1) {
  chunks_.reserve(text.size() / (kCapacity - 3) + 1);
  uint32_t last = 0;
  while (!text.empty()) {
    if (chunks_[last].bytes > 0) {
      chunks_.emplace_back();
      chunks_[last].next = last + 1;
      tree_.InsertAfter(last, last + 1);
      ++last;
    }
    const int32_t cut = CutAt(text, kCapacity);
    const Size size = SizeOf(text.substr(0, cut));
    std::memcpy(chunks_[last].data, text.data(), cut);
    Resize(chunks_[last], size);
    tree_.Change(last, size);
    text.remove_prefix(cut);
  }
}

Rope::Size Rope::SizeOf(std::string_view text, int64_t code_points) {
  Size size;
  size.bytes = static_cast<int32_t>(text.size());
  size.code_points = static_cast<int32_t>(code_points);
  // Where every byte is a code point it is a unit too.
  size.units = size.bytes == size.code_points ? size.bytes : static_cast<int32_t>(Utf16Units(text));
  return size;
}

int32_t Rope::ByteIn(const Chunk& chunk, int32_t code_point) {
  if (chunk.bytes == chunk.code_points) return code_point;
  return static_cast<int32_t>(text::ByteOfCodePoint(chunk.view(), code_point));
}

// How many bytes so many code points take.
int32_t Rope::BytesFrom(const Chunk& chunk, int32_t byte, int32_t code_points) {
  if (chunk.bytes == chunk.code_points) return code_points;
  return static_cast<int32_t>(text::ByteOfCodePoint(chunk.view().substr(byte), code_points));
}

// Where a code point of the current chunk begins, from the place found there before.
int32_t Rope::ByteInCurrent(int32_t code_point) {
  const std::string_view text = chunks_[current_].view();
  if (chunks_[current_].bytes == chunks_[current_].code_points) {
    return near_code_point_ = near_byte_ = code_point;
  }
  if (code_point < near_code_point_ / 2) near_code_point_ = near_byte_ = 0;
  for (; near_code_point_ > code_point; --near_code_point_) {
    do {
      --near_byte_;
    } while ((text[near_byte_] & 0xC0) == 0x80);
  }
  const std::string_view rest = text.substr(near_byte_);
  near_byte_ += static_cast<int32_t>(text::ByteOfCodePoint(rest, code_point - near_code_point_));
  near_code_point_ = code_point;
  return near_byte_;
}

void Rope::Resize(Chunk& chunk, const Size& delta) {
  chunk.bytes = static_cast<int16_t>(chunk.bytes + delta.bytes);
  chunk.code_points = static_cast<int16_t>(chunk.code_points + delta.code_points);
  chunk.units = static_cast<int16_t>(chunk.units + delta.units);
}

void Rope::Flush() {
  if (pending_ == Size()) return;
  tree_.Change(current_, pending_);
  pending_ = Size();
}

void Rope::Seek(int64_t position) {
  const int64_t offset = position - current_begin_;
  // A place between two chunks belongs to the left one; at the very start there is no left one.
  const bool starts_here = position == 0 && offset == 0;
  if (starts_here || (offset > 0 && offset <= chunks_[current_].code_points)) return;
  Flush();
  const Place place = tree_.Find(&Size::code_points, static_cast<int32_t>(position));
  current_ = place.leaf;
  current_begin_ = place.before.code_points;
  near_code_point_ = near_byte_ = 0;
}

void Rope::Insert(int64_t position, std::string_view text, int64_t code_points) {
  if (text.empty()) return;
  Seek(position);
  if (chunks_[current_].bytes + text.size() > kCapacity) return InsertLong(position, text);
  Chunk& chunk = chunks_[current_];
  const int32_t at = ByteInCurrent(static_cast<int32_t>(position) - current_begin_);
  char* place = chunk.data + at;
  std::memmove(place + text.size(), place, chunk.bytes - at);
  if (text.size() == 1) {
    *place = text[0];
  } else {
    std::memcpy(place, text.data(), text.size());
  }
  const Size size = SizeOf(text, code_points);
  Resize(chunk, size);
  pending_ += size;
}

void Rope::SplitCurrent(int32_t at) {
  Flush();
  near_code_point_ = near_byte_ = 0;
  const auto fresh = static_cast<uint32_t>(chunks_.size());
  chunks_.emplace_back();
  Chunk& left = chunks_[current_];
  Chunk& right = chunks_[fresh];
  const Size moved = SizeOf(left.view().substr(at));
  std::memcpy(right.data, left.data + at, moved.bytes);
  right.next = left.next;
  left.next = fresh;
  Resize(right, moved);
  Size lost;
  lost -= moved;
  Resize(left, lost);
  tree_.InsertAfter(current_, fresh);
  tree_.Change(fresh, moved);
  tree_.Change(current_, lost);
}

void Rope::InsertLong(int64_t position, std::string_view text) {
  if (chunks_.size() > 16 && static_cast<int64_t>(chunks_.size()) * kCapacity > 4 * bytes()) {
    *this = Rope(this->text());
    return Insert(position, text);
  }
  if (text.size() <= kCapacity / 4) {
    SplitCurrent(CutAt(chunks_[current_].view(), chunks_[current_].bytes / 2));
    return Insert(position, text);
  }
  const int32_t at = ByteIn(chunks_[current_], static_cast<int32_t>(position) - current_begin_);
  if (at < chunks_[current_].bytes) SplitCurrent(at);
  while (!text.empty()) {
    int32_t cut = CutAt(text, kCapacity - chunks_[current_].bytes);
    if (cut == 0) {  // full: go on in an empty chunk right of it
      const int32_t end = current_begin_ + chunks_[current_].code_points;
      SplitCurrent(chunks_[current_].bytes);
      current_ = chunks_[current_].next;
      current_begin_ = end;
      cut = CutAt(text, kCapacity);
    }
    Chunk& chunk = chunks_[current_];
    const Size size = SizeOf(text.substr(0, cut));
    std::memcpy(chunk.data + chunk.bytes, text.data(), cut);
    Resize(chunk, size);
    pending_ += size;
    text.remove_prefix(cut);
  }
}

void Rope::Erase(int64_t position, int64_t count, std::string* removed) {
  while (count > 0) {
    Seek(position + 1);
    Chunk& chunk = chunks_[current_];
    const auto from = static_cast<int32_t>(position) - current_begin_;
    const auto here = static_cast<int32_t>(std::min<int64_t>(count, chunk.code_points - from));
    const int32_t begin = ByteInCurrent(from);
    const int32_t end = begin + BytesFrom(chunk, begin, here);
    const std::string_view gone = chunk.view().substr(begin, end - begin);
    if (removed != nullptr) removed->append(gone);
    Size lost;
    lost -= SizeOf(gone, here);
    std::memmove(chunk.data + begin, chunk.data + end, chunk.bytes - end);
    Resize(chunk, lost);
    pending_ += lost;
    count -= here;
  }
}

Rope::Place Rope::Find(int32_t Size::*dimension, int64_t position) const {
  if (pending_ == Size()) return tree_.Find(dimension, static_cast<int32_t>(position));
  // The tree is behind for the current chunk, and right about what stands left of it.
  Place here{current_, tree_.Before(current_)};
  if (position <= here.before.*dimension) {
    return tree_.Find(dimension, static_cast<int32_t>(position));
  }
  const Chunk& chunk = chunks_[current_];
  const Size size{chunk.bytes, chunk.code_points, chunk.units};
  if (position <= here.before.*dimension + size.*dimension) return here;
  Place place = tree_.Find(dimension, static_cast<int32_t>(position) - pending_.*dimension);
  place.before += pending_;
  return place;
}

void Rope::AppendTo(int64_t position, int64_t count, std::string& out) const {
  if (count <= 0) return;
  Place place = Find(&Size::code_points, position + 1);
  auto from = static_cast<int32_t>(position) - place.before.code_points;
  for (uint32_t c = place.leaf; count > 0 && c != kNone; c = chunks_[c].next) {
    const Chunk& chunk = chunks_[c];
    const auto here = static_cast<int32_t>(std::min<int64_t>(count, chunk.code_points - from));
    const int32_t begin = ByteIn(chunk, from);
    out.append(chunk.data + begin, ByteIn(chunk, from + here) - begin);
    count -= here;
    from = 0;
  }
}

std::string Rope::text() const {
  std::string out;
  out.reserve(bytes());
  for (uint32_t c = 0; c != kNone; c = chunks_[c].next) out.append(chunks_[c].view());
  return out;
}

int64_t Rope::Utf16OfCodePoint(int64_t code_point) const {
  code_point = std::clamp<int64_t>(code_point, 0, code_points());
  const Place place = Find(&Size::code_points, code_point);
  return place.before.units +
         text::Utf16OfCodePoint(chunks_[place.leaf].view(), code_point - place.before.code_points);
}

int64_t Rope::CodePointOfUtf16(int64_t unit) const {
  unit = std::clamp<int64_t>(unit, 0, utf16_units());
  const Place place = Find(&Size::units, unit);
  return place.before.code_points +
         text::CodePointOfUtf16(chunks_[place.leaf].view(), unit - place.before.units);
}

int64_t Rope::ByteOfCodePoint(int64_t code_point) const {
  code_point = std::clamp<int64_t>(code_point, 0, code_points());
  const Place place = Find(&Size::code_points, code_point);
  return place.before.bytes +
         ByteIn(chunks_[place.leaf], static_cast<int32_t>(code_point - place.before.code_points));
}

int64_t Rope::CodePointOfByte(int64_t byte) const {
  byte = std::clamp<int64_t>(byte, 0, bytes());
  const Place place = Find(&Size::bytes, byte);
  return place.before.code_points +
         text::CodePointOfByte(chunks_[place.leaf].view(), byte - place.before.bytes);
}

}  // namespace twinning::text
