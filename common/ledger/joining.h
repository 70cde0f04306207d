// Whose signature brings a new key into a ledger, besides the server's word. Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/base/ids.h"
#include "common/crypto/ed25519.h"

namespace twinning::ledger {

// A copy of a replica becomes one of its own, with a new key and the numbers of the one that it was
// copied from. The key that both copies have signs that.
std::string SignContinuing(const SigningKey& key, const LedgerId& ledger,
                           std::string_view new_public_key);
bool VerifyContinuing(std::string_view public_key, const LedgerId& ledger,
                      std::string_view new_public_key, std::string_view signature);

// A coordinator's invitation is a key: the ledger names its public half, whoever was invited holds its
// seed, and with it signs the key that is to become a member. The server never learns the seed, so it
// cannot put another member in that one's place.
std::string SignInvited(const SigningKey& invitation, const LedgerId& ledger,
                        std::string_view new_public_key);
bool VerifyInvited(std::string_view invitation_key, const LedgerId& ledger,
                   std::string_view new_public_key, std::string_view signature);

}  // namespace twinning::ledger
