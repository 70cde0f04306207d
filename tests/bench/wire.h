// An edit as bytes, the way another replica would send it: numbers as base-128 varints. The product
// sends its own messages; these are their size, so that what the peers measure is measured here.
#ifndef TWINNING_TESTS_BENCH_WIRE_H_
#define TWINNING_TESTS_BENCH_WIRE_H_

#include <string>
#include <string_view>

#include "common/text/document.h"

namespace twinning::bench {

std::string UpdateOf(const text::Edit& edit);

// False when the bytes are no edit.
bool ReadUpdate(std::string_view bytes, text::Edit& edit);

}  // namespace twinning::bench

#endif  // TWINNING_TESTS_BENCH_WIRE_H_
