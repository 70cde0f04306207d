// What an operator calls an invitation by: the beginning of its secret's hash, which tells nobody
// the secret.
#pragma once

#include <string>

#include "common/base/ids.h"
#include "common/crypto/sha256.h"

namespace twinning::server {

inline std::string InvitationId(const Hash& secret_hash) {
  constexpr size_t kBytes = 6;
  return HexOf(secret_hash.bytes().substr(0, kBytes));
}

}  // namespace twinning::server
