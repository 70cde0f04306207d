// The text itself: UTF-8 in chunks of about a kilobyte, with code points, UTF-16 units and bytes
// counted in a tree above them. Splices and conversions take O(log n), and next to none of it where
// the one before took place. Must not know: history, authors.
#ifndef TWINNING_COMMON_TEXT_ROPE_H_
#define TWINNING_COMMON_TEXT_ROPE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/large_pages.h"
#include "common/text/sum_tree.h"
#include "common/text/utf8.h"

namespace twinning::text {

class Rope {
 public:
  Rope() : Rope(std::string_view()) {}
  // `text` is valid UTF-8 of less than 2^31 bytes.
  explicit Rope(std::string_view text);

  int64_t code_points() const { return tree_.total().code_points + pending_.code_points; }
  int64_t bytes() const { return tree_.total().bytes + pending_.bytes; }
  int64_t utf16_units() const { return tree_.total().units + pending_.units; }

  // Positions count code points and must lie in the text.
  void Insert(int64_t position, std::string_view text) { Insert(position, text, CodePoints(text)); }
  // The same where the caller has counted.
  void Insert(int64_t position, std::string_view text, int64_t code_points);
  // Appends what is removed to `removed` unless that is null.
  void Erase(int64_t position, int64_t count, std::string* removed);
  void AppendTo(int64_t position, int64_t count, std::string& out) const;
  std::string text() const;

  // Clamped to the text; a place inside a code point means its start.
  int64_t Utf16OfCodePoint(int64_t code_point) const;
  int64_t CodePointOfUtf16(int64_t unit) const;
  int64_t ByteOfCodePoint(int64_t code_point) const;
  int64_t CodePointOfByte(int64_t byte) const;

 private:
  struct Size {
    int32_t bytes = 0;
    int32_t code_points = 0;
    int32_t units = 0;
    friend bool operator==(const Size&, const Size&) = default;
    Size& operator+=(const Size& other) {
      bytes += other.bytes;
      code_points += other.code_points;
      units += other.units;
      return *this;
    }
    Size& operator-=(const Size& other) {
      bytes -= other.bytes;
      code_points -= other.code_points;
      units -= other.units;
      return *this;
    }
  };
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr int32_t kCapacity = 1012;
  struct Chunk {
    uint32_t next = kNone;
    int16_t bytes = 0;
    int16_t code_points = 0;
    int16_t units = 0;
    char data[kCapacity];
    std::string_view view() const { return {data, static_cast<size_t>(bytes)}; }
  };
  using Place = SumTree<Size>::Place;

  static Size SizeOf(std::string_view text) { return SizeOf(text, CodePoints(text)); }
  static Size SizeOf(std::string_view text, int64_t code_points);
  static int32_t ByteIn(const Chunk& chunk, int32_t code_point);
  static int32_t BytesFrom(const Chunk& chunk, int32_t byte, int32_t code_points);
  int32_t ByteInCurrent(int32_t code_point);
  // Makes the chunk that holds the place after `position` code points the current one.
  void Seek(int64_t position);
  void Flush();
  // Splits the current chunk at a byte, so that the current one ends there.
  void SplitCurrent(int32_t at);
  void InsertLong(int64_t position, std::string_view text);
  void Resize(Chunk& chunk, const Size& delta);
  Place Find(int32_t Size::*dimension, int64_t position) const;

  LargeVector<Chunk> chunks_;
  SumTree<Size> tree_;
  uint32_t current_ = 0;       // the chunk last edited
  int32_t current_begin_ = 0;  // code points left of it
  // A place in the current chunk, from which others nearby are found; both zero: none.
  int32_t near_code_point_ = 0;
  int32_t near_byte_ = 0;
  Size pending_;  // what the tree does not know yet about it
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_ROPE_H_
