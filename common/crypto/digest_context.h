// OpenSSL's context of a digest or of a signature over one, freed with its owner.
#ifndef TWINNING_COMMON_CRYPTO_DIGEST_CONTEXT_H_
#define TWINNING_COMMON_CRYPTO_DIGEST_CONTEXT_H_

#include <openssl/evp.h>

#include <memory>

namespace twinning {

struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigestContext>;

}  // namespace twinning

#endif  // TWINNING_COMMON_CRYPTO_DIGEST_CONTEXT_H_
