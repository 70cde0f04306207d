// How the server is, in one message: what has been counted, and how things are now. What `top`
// shows and what Prometheus collects are both made of it.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/authority/upkeep.h"
#include "server/rpc/open_streams.h"
#include "server/sequencer/committer.h"
#include "server/sequencer/measures.h"

namespace twinning::server {

// Connections at the doors of all listeners.
struct AtTheDoors {
  uint64_t connections = 0;
  uint64_t turned_away = 0;
};

// How the process is that people join by.
struct Enrolling {
  bool serving = false;
  uint64_t restarts = 0;
};

struct Surveyed {
  v1::Measurement measured;
  std::optional<Enrolling> enrolling;  // none: nobody can join
};

class Survey {
 public:
  // All outlive it, and may be asked from any thread.
  struct Sources {
    const Measures& measures;
    Committer& committer;
    const OpenStreams& streams;
    const Upkeep& upkeep;
    std::string data;  // directory
    std::function<AtTheDoors()> doors;
    std::function<int64_t()> now_ms;
  };
  explicit Survey(Sources sources) : sources_(std::move(sources)), started_ms_(sources_.now_ms()) {}

  // On the committer's thread.
  v1::Measurement Take(const Sequencer& sequencer) const;

  // From any other thread: asks the committer and waits for so long; then what can be known without
  // it, so that a committer that is stuck can be seen.
  v1::Measurement Take(std::chrono::milliseconds patience) const;

 private:
  v1::Measurement TakeAround() const;

  const Sources sources_;
  const int64_t started_ms_;
};

}  // namespace twinning::server
