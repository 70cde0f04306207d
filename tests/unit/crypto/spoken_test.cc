#include "common/crypto/spoken.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

namespace twinning {
namespace {

TEST(Spoken, HasTheWordsOfThePublishedExamples) {
  Hash hash;
  // 127.0.0.1 and 63.84.220.193, from the proposal.
  const uint8_t bytes[] = {127, 0, 0, 1, 63, 84, 220, 193};
  std::copy(std::begin(bytes), std::end(bytes), hash.value.begin());
  EXPECT_EQ(SpokenForm(hash).substr(0, 23), "lusab babad gutih tugad");
}

TEST(Spoken, WordsReadBackAreTheSameHash) {
  Hash hash = Sha256("a head");
  EXPECT_TRUE(SpokenMatches(SpokenForm(hash), hash));
  EXPECT_FALSE(SpokenMatches(SpokenForm(hash), Sha256("another head")));
}

TEST(Spoken, CaseAndHyphensDoNotMatter) {
  Hash hash = Sha256("a head");
  std::string words = SpokenForm(hash);
  for (char& c : words) c = c == ' ' ? '-' : static_cast<char>(std::toupper(c));
  EXPECT_TRUE(SpokenMatches(words, hash));
}

TEST(Spoken, OtherWordsStandForNothing) {
  for (const char* words : {"", "lusab", "lusab babad gutih tugad mudof sakat hidur kanix",
                            "lusab babad gutih tugad mudof sakat hidur kanib lusab"}) {
    EXPECT_FALSE(BytesOfSpoken(words)) << words;
  }
}

}  // namespace
}  // namespace twinning
