// Ed25519 signatures (RFC 8032) by OpenSSL. Pure: the seed comes from outside.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/ids.h"

namespace twinning {

inline constexpr size_t kSeedSize = 32;
inline constexpr size_t kPublicKeySize = 32;
inline constexpr size_t kSignatureSize = 64;

// A private key, as the 32-byte seed that it is made from.
class SigningKey {
 public:
  // None when the seed is not 32 bytes.
  static std::optional<SigningKey> OfSeed(std::string_view seed);

  std::string Sign(std::string_view message) const;  // 64 bytes
  const std::string& public_key() const { return public_key_; }
  const std::string& seed() const { return seed_; }

 private:
  std::string seed_;
  std::string public_key_;
};

// False for any key or signature of a wrong size too.
bool VerifySignature(std::string_view public_key, std::string_view message,
                     std::string_view signature);

// The id that a key gives its replica.
ReplicaId ReplicaOfKey(std::string_view public_key);

}  // namespace twinning
