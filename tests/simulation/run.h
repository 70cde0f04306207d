// Whole simulations: one seed, many, and the smallest script that still fails.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/world.h"

namespace twinning::simulation {

// In a folder of its own, gone afterwards.
Result RunScript(const Script& script, bool trace);

// A script with as few of the steps as still break a promise, after at most `runs` tries. The
// answer names the steps that stayed, by their place in `script`.
std::vector<size_t> Shrink(const Script& script, size_t runs);
Script Only(const Script& script, const std::vector<size_t>& steps);

// "3,17,40-42", as a command line takes it.
std::string FormatSteps(const std::vector<size_t>& steps);
std::optional<std::vector<size_t>> ParseSteps(const std::string& text);

// "58 entries, 3 refusals ...".
std::string FormatCounts(const Counts& counts);

// For people: what broke, how to see it again, and the shrunk script step by step. `fault` is the
// planted one, or empty.
std::string Report(const Script& script, const Result& result, const std::string& fault);

}  // namespace twinning::simulation
