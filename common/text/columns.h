// The event graph and the operations of a history, without their characters, as a stream of
// numbers; see TEXT.md for the format.
#ifndef TWINNING_COMMON_TEXT_COLUMNS_H_
#define TWINNING_COMMON_TEXT_COLUMNS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/text/history.h"
#include "common/text/tracker.h"

namespace twinning::text {

// The same operations in the form that depends on nothing but them, without characters.
History Skeleton(const History& history);

std::string EncodeColumns(const History& skeleton);

// A skeleton and the tracker, based on the empty text, that took it in.
struct Columns {
  History skeleton;
  Tracker tracker{-1};
};

// Reads `operations` operations; every one of them must be possible in its author's text.
absl::StatusOr<Columns> DecodeColumns(std::string_view bytes, std::vector<std::string> authors,
                                      int64_t operations);

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_COLUMNS_H_
