// "field=value" as people write it on a command line. Only its shape is read here; what the value
// means is for values.h. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace twinning::desk {

//   title=...           the field holds this from now on; nothing after "=" clears it
//   window.to=...       one part of a pair
//   statement:fr=...    a text in a language
//   tags+=... tags-=... adds to or takes from a set or a counter
struct Assignment {
  enum Verb { kSet, kAdd, kRemove } verb = kSet;
  std::string field;
  std::string part;
  std::string language;  // lower-case primary subtag; empty: not said
  std::string value;
};

// InvalidArgument says what a field=value looks like, or that the value is not text (invalid UTF-8,
// a zero byte).
absl::StatusOr<Assignment> ParseAssignment(std::string_view text);
absl::StatusOr<std::vector<Assignment>> ParseAssignments(const std::vector<std::string>& texts);

// "en", "fr", "pt-BR"; the primary subtag becomes lower case.
absl::StatusOr<std::string> ParseLanguage(std::string_view text);

// OK when what a person typed is valid UTF-8 without zero bytes; `what` begins the sentence.
absl::Status CheckTyped(std::string_view what, std::string_view text);

}  // namespace twinning::desk
