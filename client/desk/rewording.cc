#include "client/desk/rewording.h"

#include "common/base/status.h"
#include "common/text/difference.h"
#include "common/text/document.h"

namespace twinning::desk {

absl::StatusOr<std::string> Reworded(std::string_view before, std::string_view typed,
                                     std::string_view now) {
  if (now == before) return std::string(typed);
  text::Document document;
  const text::Author meanwhile = document.AddAuthor("meanwhile");
  const text::Author typing = document.AddAuthor("typing");
  TWINNING_RETURN_IF_ERROR(document.Append(meanwhile, text::Difference("", before)));
  const text::Version seen = document.version();
  TWINNING_RETURN_IF_ERROR(document.Append(meanwhile, text::Difference(before, now)));
  TWINNING_RETURN_IF_ERROR(document.Append(typing, seen, text::Difference(before, typed)).status());
  return document.text();
}

}  // namespace twinning::desk
