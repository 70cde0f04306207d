#include "common/crypto/sha256.h"

#include <openssl/evp.h>

#include <cstdlib>

#include "common/crypto/digest_context.h"

namespace twinning {
namespace {

// Fetched once: a fetch costs more than hashing a hundred bytes.
const EVP_MD* Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

Hash Digest(std::string_view first, std::string_view second) {
  thread_local const DigestContext context(EVP_MD_CTX_new());
  Hash hash;
  unsigned size = 0;
  if (EVP_DigestInit_ex2(context.get(), Algorithm(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), first.data(), first.size()) != 1 ||
      EVP_DigestUpdate(context.get(), second.data(), second.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), hash.value.data(), &size) != 1) {
    std::abort();  // only without memory or with a broken OpenSSL
  }
  return hash;
}

}  // namespace

Hash Sha256(std::string_view bytes) { return Digest(bytes, {}); }

Hash HashOf(std::string_view domain, std::string_view bytes) {
  std::string prefix(domain);
  prefix.push_back('\0');
  return Digest(prefix, bytes);
}

}  // namespace twinning
