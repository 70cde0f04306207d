// A hash as eight words that two people can compare by telephone, in any language: pronounceable
// five-letter words of 16 bits each ("proquints", D. S. Wilkerson, "A Proposal for Identifiers that are
// Readable, Spellable, and Pronounceable", 2009). Eight carry the first 128 bits. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/crypto/sha256.h"

namespace twinning {

inline constexpr size_t kSpokenWords = 8;

// "lusab babad gutih tugad mudof sakat hidur kanib".
std::string SpokenForm(const Hash& hash);

// The 16 bytes that eight words stand for; none when they are not eight such words. Case and the kind
// of white space or hyphen between them do not matter.
std::optional<std::string> BytesOfSpoken(std::string_view words);

// Whether people who read out `words` mean this hash.
bool SpokenMatches(std::string_view words, const Hash& hash);

}  // namespace twinning
