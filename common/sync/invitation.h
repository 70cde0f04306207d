// The code that a town is invited with, as people copy, mail or read it out: an Invitation message
// as lower-case base32 with a checksum. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/crypto/ed25519.h"
#include "common/crypto/sha256.h"
#include "twinning/v1/enrolment.pb.h"

namespace twinning::sync {

inline constexpr size_t kSecretSize = 16;

// "twin1" and 50 to 150 letters a-z and digits 2-7.
std::string FormatInvitation(const v1::Invitation& invitation);

// Takes what FormatInvitation wrote, in any case and with spaces or hyphens in between.
// InvalidArgument with a sentence for people when it is no such code, mistyped or cut short. A code
// without a secret invites nobody: it says where a server is now.
absl::StatusOr<v1::Invitation> ParseInvitation(std::string_view code);

// The key that a coordinator's invitation names in the ledger; its secret never leaves the code.
SigningKey InvitationKey(std::string_view secret);

// What a server keeps of a secret: enough to know it again, not enough to use it.
Hash SecretHash(std::string_view secret);

// Shows that who enrols a key holds it; by a coordinator's invitation `secret` is its public key.
// The signed bytes name their purpose, so that no invitation can make a key sign anything else.
std::string ProveKey(const SigningKey& key, std::string_view secret);
bool CheckProof(std::string_view public_key, std::string_view secret, std::string_view proof);

// The same for a new certificate: that who asks for it holds the key now.
std::string ProveRenewal(const SigningKey& key, std::string_view challenge);
bool CheckRenewal(std::string_view public_key, std::string_view challenge, std::string_view proof);

}  // namespace twinning::sync
