// Made-up editing histories of kinds that nobody has recorded: hundreds of authors, thousands of
// branches, several roots, characters above U+FFFF. The same seed gives the same history.
#ifndef TWINNING_TESTS_BENCH_GENERATE_H_
#define TWINNING_TESTS_BENCH_GENERATE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/trace.h"

namespace twinning::bench {

struct Recipe {
  std::string name;
  bool concurrent = true;
  size_t authors = 1;
  size_t transactions = 1000;
  size_t roots = 1;     // authors who begin with nothing, unaware of each other
  size_t start = 2000;  // characters that each root begins with
  size_t turn = 1;      // transactions in a row by one author, at most
  size_t until_merge =
      50;                  // an author's transactions between taking in what others did, on average
  size_t lag = 0;          // how many of the latest transactions an author misses then, at most
  bool from_main = false;  // take in only what was merged into the main line, then merge into it
  size_t at_once = 0;      // authors who have a branch open at one time; 0: all
  size_t patches = 1;      // in a transaction, at most
  bool revisions = false;  // a transaction is what differs between two revisions of a file
  bool emoji = false;      // characters above U+FFFF among the others
  uint64_t seed = 1;
};

Trace Generate(const Recipe& recipe);

// What the benchmark measures besides recorded histories, with about so many transactions each.
std::vector<Recipe> StandardRecipes(size_t transactions);

}  // namespace twinning::bench

#endif  // TWINNING_TESTS_BENCH_GENERATE_H_
