#include "common/crypto/spoken.h"

#include <cctype>

namespace twinning {
namespace {

constexpr std::string_view kConsonants = "bdfghjklmnprstvz";  // four bits each
constexpr std::string_view kVowels = "aiou";                  // two bits each
constexpr size_t kWordLetters = 5;

std::string WordOf(unsigned bits) {
  return {kConsonants[bits >> 12 & 15], kVowels[bits >> 10 & 3], kConsonants[bits >> 6 & 15],
          kVowels[bits >> 4 & 3], kConsonants[bits & 15]};
}

std::optional<unsigned> BitsOf(std::string_view word) {
  if (word.size() != kWordLetters) return std::nullopt;
  unsigned bits = 0;
  for (size_t i = 0; i < kWordLetters; ++i) {
    std::string_view letters = i % 2 == 0 ? kConsonants : kVowels;
    size_t at = letters.find(word[i]);
    if (at == std::string_view::npos) return std::nullopt;
    bits = bits << (i % 2 == 0 ? 4 : 2) | static_cast<unsigned>(at);
  }
  return bits;
}

}  // namespace

std::string SpokenForm(const Hash& hash) {
  std::string words;
  for (size_t i = 0; i < kSpokenWords; ++i) {
    if (i > 0) words.push_back(' ');
    words += WordOf(static_cast<unsigned>(hash.value[2 * i]) << 8 | hash.value[2 * i + 1]);
  }
  return words;
}

std::optional<std::string> BytesOfSpoken(std::string_view words) {
  std::string bytes;
  std::string word;
  auto take = [&] {
    if (word.empty()) return true;
    std::optional<unsigned> bits = BitsOf(word);
    word.clear();
    if (!bits) return false;
    bytes.push_back(static_cast<char>(*bits >> 8));
    bytes.push_back(static_cast<char>(*bits & 255));
    return true;
  };
  for (char c : words) {
    auto letter = static_cast<unsigned char>(c);
    if (std::isspace(letter) != 0 || c == '-') {
      if (!take()) return std::nullopt;
    } else {
      word.push_back(static_cast<char>(std::tolower(letter)));
    }
  }
  if (!take() || bytes.size() != 2 * kSpokenWords) return std::nullopt;
  return bytes;
}

bool SpokenMatches(std::string_view words, const Hash& hash) {
  return BytesOfSpoken(words) == hash.bytes().substr(0, 2 * kSpokenWords);
}

}  // namespace twinning
