// Syncing as a command does it: one round, or for as long as wanted. One process of a replica talks
// to the server at a time; another that is asked to sync meanwhile waits for that one's result.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "absl/status/statusor.h"
#include "client/engine/progress.h"
#include "client/replica/replica.h"

namespace twinning::client {

struct SyncOptions {
  int64_t deadline_ms = 30'000;  // of a round; it is given up when nothing has moved for so long
  OnProgress on_progress;        // may be empty
  std::stop_token stop;          // ends early, cleanly
  // Called before connecting, on the thread that syncs, with a function that hands it work from any
  // thread, to be done between two steps: how a program reads and writes the replica meanwhile.
  std::function<void(std::function<void(std::function<void()>)> post)> at_work;  // may be empty
};

// What one round came to. Whatever the answer, nothing saved is lost.
struct SyncResult {
  bool synced = false;  // outbox empty, heads equal, digests equal
  Sequence sequence = 0;
  size_t sent = 0;                // own changes that the server has made durable in this round
  size_t received = 0;            // entries, own ones included
  size_t refused = 0;             // own changes that went to the drawer
  size_t outbox = 0;              // still to be sent
  bool by_other_process = false;  // another process was syncing already; this is its result
  std::string notice;  // what people should know besides; mostly empty
  std::string problem;  // one sentence when not synced: what happened, what was kept, what next
};

// Pushes the outbox, fetches what is new, compares digests. Errors are of the local disk only; a
// server that is not there is a result with a `problem`.
absl::StatusOr<SyncResult> SyncOnce(Replica& replica, const SyncOptions& options);

// Stays connected until `options.stop`: local writes of any process go out at once, what others did
// comes in, and lost connections are tried again. FailedPrecondition when another process syncs
// this replica already, or when the server ended it for a reason that waiting cannot cure.
absl::Status SyncLoop(Replica& replica, const SyncOptions& options);

}  // namespace twinning::client
