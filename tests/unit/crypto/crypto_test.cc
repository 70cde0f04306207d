#include <gtest/gtest.h>

#include "common/crypto/ed25519.h"
#include "common/crypto/sha256.h"

namespace twinning {
namespace {

TEST(Sha256, HashesTheStandardsExample) {
  EXPECT_EQ(HexOf(Sha256("abc").bytes()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, DomainsKeepHashesApart) {
  EXPECT_NE(HashOf("entry", "x"), HashOf("change", "x"));
  EXPECT_NE(HashOf("a", "bc"), HashOf("ab", "c"));
}

// RFC 8032, section 7.1, test 1.
TEST(Ed25519, SignsTheStandardsExample) {
  std::string seed = *BytesOfHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  SigningKey key = *SigningKey::OfSeed(seed);
  EXPECT_EQ(HexOf(key.public_key()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(HexOf(key.Sign("")).substr(0, 16), "e5564300c360ac72");
}

TEST(Ed25519, RefusesWhatWasNotSigned) {
  SigningKey key = *SigningKey::OfSeed(std::string(32, 'k'));
  std::string signature = key.Sign("plan");
  EXPECT_TRUE(VerifySignature(key.public_key(), "plan", signature));
  EXPECT_FALSE(VerifySignature(key.public_key(), "plans", signature));
  signature[0] = static_cast<char>(signature[0] ^ 1);
  EXPECT_FALSE(VerifySignature(key.public_key(), "plan", signature));
  EXPECT_FALSE(VerifySignature("short", "plan", signature));
}

}  // namespace
}  // namespace twinning
