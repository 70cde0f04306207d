// In which order to replay operations so that the replay seldom has to change branches.
#ifndef TWINNING_COMMON_TEXT_WALK_H_
#define TWINNING_COMMON_TEXT_WALK_H_

#include <vector>

#include "common/text/history.h"

namespace twinning::text {

// The operations of `range` as pieces of entries, every piece after all that it descends from, and
// one branch after the other rather than in order of arrival.
std::vector<OpRange> WalkOrder(const History& history, OpRange range);

// The version that the operation sees.
Version VersionBefore(const History& history, Op operation);

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_WALK_H_
