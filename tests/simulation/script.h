// What a simulation does, step by step. Everything follows from the seed; each step has a seed of
// its own, so that a step does the same kind of thing when others are left out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/sync/server_actions.h"

namespace twinning::simulation {

enum class Do {
  kWrite,       // somebody writes
  kForce,       // somebody's modified program writes what must be refused
  kHappen,      // so many messages arrive, timers fire, commits end
  kJoin,        // a new replica is enrolled
  kBreak,       // a connection breaks
  kStall,       // nothing arrives on a connection for a while
  kGoOn,        // and again
  kCut,         // a replica goes offline
  kMend,        // and online
  kKill,        // a computer's process dies, now or within its next effects
  kPowerFails,  // and what it had not synced is lost
  kRestart,     // one that is down starts again
  kStop,        // a process ends in good order
  kDiskFails,   // one of the next writes to a disk fails
  kClockJumps,  // somebody's clock
  kRestore,     // the server is put back to an earlier moment, by the tool
  kCopyBack,    // by a file copy, of which it knows nothing
  kFinish,      // an operator ends the recovery
  kLook,        // everybody looks at who agreed to what
};

std::string_view NameOf(Do what);

struct Step {
  Do what = Do::kHappen;
  uint64_t seed = 0;
};

struct Script {
  uint64_t seed = 0;
  size_t length = 0;             // as asked for
  std::vector<size_t> replicas;  // of each town
  bool sqlite = false;           // the server's ledger
  sync::ServerLimits limits;
  size_t repeat_one_in = 0;
  bool begins_in_step = false;  // everybody has joined and synced before the first step
  std::vector<Step> steps;
};

// `length`: how many steps; 0: a few, as the seed says.
Script ScriptOf(uint64_t seed, size_t length = 0);

}  // namespace twinning::simulation
