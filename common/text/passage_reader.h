// How a stretch of the merged text reads at another version.
#ifndef TWINNING_COMMON_TEXT_PASSAGE_READER_H_
#define TWINNING_COMMON_TEXT_PASSAGE_READER_H_

#include <string>

#include "common/text/engine.h"
#include "common/text/passage.h"

namespace twinning::text {

// See Document::ReadingAt; the arguments are in order.
std::string ReadPassage(const Engine& engine, const Version& version, Range merged);

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_PASSAGE_READER_H_
