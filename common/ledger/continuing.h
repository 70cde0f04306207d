// A copy of a replica becomes one of its own, with a new key and the numbers of the one that it was
// copied from. The key that both copies have signs that. Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/base/ids.h"
#include "common/crypto/ed25519.h"

namespace twinning::ledger {

std::string SignContinuing(const SigningKey& key, const LedgerId& ledger,
                           std::string_view new_public_key);
bool VerifyContinuing(std::string_view public_key, const LedgerId& ledger,
                      std::string_view new_public_key, std::string_view signature);

}  // namespace twinning::ledger
