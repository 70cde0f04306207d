#include "common/crypto/ed25519.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

#include "common/crypto/digest_context.h"
#include "common/crypto/sha256.h"

namespace twinning {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Key PrivateKey(std::string_view seed) {
  return Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Bytes(seed), seed.size()));
}

}  // namespace

std::optional<SigningKey> SigningKey::OfSeed(std::string_view seed) {
  if (seed.size() != kSeedSize) return std::nullopt;
  Key key = PrivateKey(seed);
  SigningKey signing;
  signing.seed_ = seed;
  signing.public_key_.resize(kPublicKeySize);
  size_t size = kPublicKeySize;
  auto* out = reinterpret_cast<unsigned char*>(signing.public_key_.data());
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), out, &size) != 1) return std::nullopt;
  return signing;
}

std::string SigningKey::Sign(std::string_view message) const {
  Key key = PrivateKey(seed_);
  DigestContext context(EVP_MD_CTX_new());
  std::string signature(kSignatureSize, '\0');
  size_t size = signature.size();
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), out, &size, Bytes(message), message.size()) != 1) {
    std::abort();  // only without memory or with a broken OpenSSL
  }
  return signature;
}

bool VerifySignature(std::string_view public_key, std::string_view message,
                     std::string_view signature) {
  if (public_key.size() != kPublicKeySize || signature.size() != kSignatureSize) return false;
  Key key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(public_key), public_key.size()));
  if (!key) return false;
  DigestContext context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(message),
                          message.size()) == 1;
}

ReplicaId ReplicaOfKey(std::string_view public_key) {
  return *ReplicaId::Of(Sha256(public_key).bytes().substr(0, ReplicaId::kSize));
}

}  // namespace twinning
