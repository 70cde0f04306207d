#include "client/app/splicing.h"

#include <algorithm>

#include "client/desk/assignment.h"
#include "client/desk/exit_codes.h"
#include "common/base/status.h"
#include "common/text/difference.h"

namespace twinning::app {
namespace {

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The byte at which so many more code points from `byte` on end; npos when there are not so many.
size_t Skip(std::string_view text, size_t byte, int64_t code_points) {
  for (; code_points > 0; --code_points) {
    if (byte >= text.size()) return std::string_view::npos;
    do ++byte;
    while (byte < text.size() && Continues(text[byte]));
  }
  return byte;
}

int64_t CodePoints(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return !Continues(c); });
}

size_t CommonPrefix(std::string_view a, std::string_view b) {
  size_t same =
      static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  while (same > 0 &&
         ((same < a.size() && Continues(a[same])) || (same < b.size() && Continues(b[same])))) {
    --same;
  }
  return same;
}

size_t CommonSuffix(std::string_view a, std::string_view b) {
  size_t same = static_cast<size_t>(
      std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first - a.rbegin());
  while (same > 0 && Continues(a[a.size() - same])) --same;
  return same;
}

}  // namespace

absl::StatusOr<std::string> Spliced(std::string_view text,
                                    const std::vector<text::Splice>& splices) {
  std::string after(text);
  for (const text::Splice& splice : splices) {
    TWINNING_RETURN_IF_ERROR(desk::CheckTyped("What was typed", splice.inserted));
    size_t begin = splice.position < 0 ? std::string::npos : Skip(after, 0, splice.position);
    size_t end = begin == std::string::npos || splice.removed < 0
                     ? std::string::npos
                     : Skip(after, begin, splice.removed);
    if (end == std::string::npos) return desk::BadInput("The text is not that long.");
    after.replace(begin, end - begin, splice.inserted);
  }
  return after;
}

std::vector<text::Splice> SplicesBetween(std::string_view from, std::string_view to) {
  const size_t before = CommonPrefix(from, to);
  std::string_view from_rest = from.substr(before);
  std::string_view to_rest = to.substr(before);
  const size_t after = CommonSuffix(from_rest, to_rest);
  from_rest.remove_suffix(after);
  to_rest.remove_suffix(after);
  const int64_t skipped = CodePoints(from.substr(0, before));
  if (from_rest.empty() || to_rest.empty()) {
    return {{skipped, CodePoints(from_rest), std::string(to_rest)}};
  }
  std::vector<text::Splice> splices = text::Difference(from_rest, to_rest);
  for (text::Splice& splice : splices) splice.position += skipped;
  return splices;
}

}  // namespace twinning::app
