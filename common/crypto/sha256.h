// SHA-256 (FIPS 180-4) by OpenSSL. Pure: same bytes, same hash.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace twinning {

// 32 bytes; all-zero stands for "before everything".
struct Hash {
  std::array<uint8_t, 32> value{};

  static std::optional<Hash> Of(std::string_view bytes) {
    if (bytes.size() != 32) return std::nullopt;
    Hash hash;
    std::memcpy(hash.value.data(), bytes.data(), 32);
    return hash;
  }
  std::string_view bytes() const { return {reinterpret_cast<const char*>(value.data()), 32}; }
  bool empty() const { return *this == Hash(); }
  auto operator<=>(const Hash&) const = default;
};

Hash Sha256(std::string_view bytes);

// SHA-256 over a domain name, a zero byte and the bytes: hashes of different things never meet.
Hash HashOf(std::string_view domain, std::string_view bytes);

}  // namespace twinning
