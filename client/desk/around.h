// The world around a program at work: time, calendar and randomness. Safe from any thread.
#pragma once

#include <cstdint>
#include <string>

#include "client/desk/record_draft.h"
#include "common/base/date.h"

namespace twinning::desk {

int64_t NowMs();
Days Today();  // by this machine's calendar
RandomBytes Randomness();
std::string RandomHex(size_t bytes);

}  // namespace twinning::desk
