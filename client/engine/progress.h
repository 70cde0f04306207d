// How far joining or syncing has come, for a line on the screen. Called on the thread that asked.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "common/base/ids.h"

namespace twinning::client {

struct Progress {
  enum Stage { kConnecting, kWaiting, kFetching, kSending, kComparing, kDone } stage = kConnecting;
  Sequence sequence = 0;  // of the last entry held
  Sequence total = 0;     // the server's head as last known
  size_t outbox = 0;      // changes still to be acknowledged
  std::string text;       // one sentence for people: "Fetching the plan: 400 of 1200."
};

using OnProgress = std::function<void(const Progress&)>;

class Replica;
struct EngineState;
Progress ProgressOf(const Replica& replica, const EngineState& state);

}  // namespace twinning::client
