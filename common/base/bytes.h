// Our own canonical byte encodings: unsigned varints in their shortest form and length-prefixed
// strings. What is hashed or compared byte by byte is written with these, never with protobuf, whose
// serialisation is not canonical.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twinning {

void AppendVarint(uint64_t value, std::string& out);
void AppendFixed64(uint64_t value, std::string& out);  // big-endian
void AppendPrefixed(std::string_view bytes, std::string& out);

uint64_t ZigZag(int64_t value);
int64_t UnZigZag(uint64_t value);

// Reads what the functions above wrote. Every read is none when the bytes run out or are not in
// their shortest form; a failed reader stays failed.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::optional<uint64_t> Varint();
  std::optional<std::string_view> Prefixed();
  std::optional<std::string_view> Take(size_t size);

  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace twinning
