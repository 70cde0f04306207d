// Identities: sixteen bytes each, one type a role, so that a record is never taken for a replica.
// Written in lower-case hex; commands accept any unambiguous beginning of it.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace twinning {

std::string HexOf(std::string_view bytes);
std::optional<std::string> BytesOfHex(std::string_view hex);

// A value type; all-zero means "none".
template <typename Role>
class Id {
 public:
  static constexpr size_t kSize = 16;

  constexpr Id() = default;

  // None when `bytes` is not 16 long.
  static std::optional<Id> Of(std::string_view bytes) {
    if (bytes.size() != kSize) return std::nullopt;
    Id id;
    std::memcpy(id.bytes_.data(), bytes.data(), kSize);
    return id;
  }

  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), kSize};
  }
  std::string hex() const { return HexOf(bytes()); }
  bool empty() const { return *this == Id(); }

  auto operator<=>(const Id&) const = default;

 private:
  std::array<uint8_t, kSize> bytes_{};
};

using LedgerId = Id<struct LedgerRole>;
using ReplicaId = Id<struct ReplicaRole>;  // first 16 bytes of SHA-256 of the replica's public key
using RecordId = Id<struct RecordRole>;
using TownId = RecordId;  // a town's id is also the id of its Town record
using ChangeSetId = Id<struct ChangeSetRole>;

using Sequence = uint64_t;  // place in a ledger: 1 is the first entry, 0 is before it
using Number = uint64_t;    // place among a replica's own changes: 1 is the first

}  // namespace twinning

template <typename Role>
struct std::hash<twinning::Id<Role>> {
  // Ids are random or hashes already: any eight bytes are as good as a hash of all.
  size_t operator()(const twinning::Id<Role>& id) const noexcept {
    size_t value;
    std::memcpy(&value, id.bytes().data(), sizeof(value));
    return value;
  }
};
