// What the front gives up before strangers can speak to it: files, other programs, other processes,
// connections of its own, and more memory than it needs. The kernel sees to it (seccomp, rlimits);
// nothing gives it back.
#pragma once

#include "absl/status/status.h"

namespace twinning::server {

struct FrontLimits {
  size_t memory_bytes = 512 * 1024 * 1024;  // of data and stacks; beyond, allocation fails
  size_t files = 2048;                      // open descriptors
};

// For the whole process; call it while there is one thread. What it had open stays open. After it
// the process dies first when the machine's memory is short. Unavailable, with the reason, when the
// kernel does not offer it: what could be given up has been.
absl::Status Confine(const FrontLimits& limits);

}  // namespace twinning::server
