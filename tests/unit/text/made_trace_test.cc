// Made-up histories of many authors, branches and roots end in the text that the oracle gives.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "common/text/document.h"
#include "tests/bench/generate.h"
#include "tests/support/text_oracle.h"

namespace twinning::text {
namespace {

// The oracle is slow: few transactions, and a short text to begin with.
bench::Recipe Small(bench::Recipe recipe, uint64_t seed) {
  recipe.seed = seed;
  recipe.start = seed % 3 * 4;
  recipe.authors = std::min<size_t>(recipe.authors, 9);
  recipe.roots = std::min<size_t>(recipe.roots, recipe.authors);
  recipe.until_merge = std::min<size_t>(recipe.until_merge, 6);
  recipe.lag = std::min<size_t>(recipe.lag, 8);
  return recipe;
}

void ExpectTheOracleAgrees(const bench::Trace& trace) {
  TextOracle oracle;
  Document single;
  Document batch;
  for (size_t i = 0; i < trace.agents; ++i) {
    oracle.AddAuthor(bench::AuthorName(i));
    single.AddAuthor(bench::AuthorName(i));
    batch.AddAuthor(bench::AuthorName(i));
  }
  const std::vector<Edit> edits = bench::EditsOf(trace);
  for (const Edit& edit : edits) {
    ASSERT_TRUE(oracle.Append(edit.author, edit.parents, edit.splices).ok());
    ASSERT_TRUE(single.Append(edit.author, edit.parents, edit.splices).ok());
    ASSERT_EQ(single.text(), oracle.text());
  }
  ASSERT_TRUE(batch.AppendAll(edits).ok());
  ASSERT_EQ(batch.text(), oracle.text());
  ASSERT_EQ(batch.Encode(), single.Encode());
  ASSERT_EQ(trace.end_content, oracle.text());
}

TEST(TextMadeTrace, EveryKindEndsInTheTextOfTheOracle) {
  for (const bench::Recipe& recipe : bench::StandardRecipes(70)) {
    for (uint64_t seed = 1; seed <= 4; ++seed) {
      SCOPED_TRACE(recipe.name + " seed " + std::to_string(seed));
      ExpectTheOracleAgrees(bench::Generate(Small(recipe, seed)));
      if (HasFatalFailure()) return;
    }
  }
}

// So many that the engine lets go of views that nobody goes on from.
TEST(TextMadeTrace, ManyWhoFollowEachOtherEndInTheTextOfTheOracle) {
  bench::Recipe recipe = bench::StandardRecipes(350)[0];
  recipe.authors = 60;
  ExpectTheOracleAgrees(bench::Generate(recipe));
}

TEST(TextMadeTrace, TheSameSeedMakesTheSameHistory) {
  const bench::Recipe recipe = bench::StandardRecipes(100)[0];
  EXPECT_EQ(bench::Generate(recipe).end_content, bench::Generate(recipe).end_content);
}

}  // namespace
}  // namespace twinning::text
