// Lines that stand under other lines, as scenario files write them: what is indented deeper belongs
// to the line above it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace twinning::testing {

struct Outline {
  std::string text;  // without indentation
  std::vector<Outline> under;
  int line = 0;  // in the file; 0: not from one
};

// Empty lines and those that begin with # are left out. InvalidArgument names the line whose
// indentation fits nothing above it.
absl::StatusOr<std::vector<Outline>> ParseOutline(std::string_view file);

// By text, at every depth: the order in which things are said means nothing.
void Sort(std::vector<Outline>& outline);

// Both sorted, what is only in `expected` marked -, what is only in `actual` marked +. Empty when
// they say the same.
std::string Difference(std::vector<Outline> expected, std::vector<Outline> actual);

// As a file would write it.
std::string Print(const std::vector<Outline>& outline, size_t indentation);

}  // namespace twinning::testing
