// Whether somebody knows a secret.
#pragma once

#include <openssl/crypto.h>

#include <string_view>

namespace twinning::app {

// Takes the same time whatever the answer.
inline bool IsSameSecret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace twinning::app
