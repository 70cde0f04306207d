// Randomness for ids and secrets.
#pragma once

#include <string>

#include "common/base/ids.h"

namespace twinning::server {

// From the operating system; ends the process when it has none to give.
std::string RandomBytes(size_t size);

template <typename SomeId>
SomeId RandomId() {
  return *SomeId::Of(RandomBytes(SomeId::kSize));
}

}  // namespace twinning::server
