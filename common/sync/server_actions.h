// What the server's half of the protocol asks of its surroundings, and how much it may hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/base/ids.h"
#include "common/ledger/limits.h"
#include "common/sync/server_entry.h"
#include "common/sync/server_rates.h"
#include "twinning/v1/sync.pb.h"

namespace twinning::sync {

// One connection of one replica. Never used again for another.
using SessionId = uint64_t;

struct ServerLimits {
  size_t tail_bytes = 4 * 1024 * 1024;      // durable entries kept at hand; older ones are read
  size_t snapshot_part_bytes = 512 * 1024;  // a part is full when it reaches this
  size_t sessions_per_replica = 4;          // one more ends the oldest
  size_t sessions = 10'000;                 // of all partnerships; one more is turned away
  RateLimits rates = {};                    // of each replica
};

// Answered by Written(session) when it has left; until then there is no other for this session.
struct SendMessage {
  SessionId session = 0;
  v1::ServerMessage message;
};

// The last action for a session: send Closing when what is under way has left, then end the stream.
struct CloseSession {
  SessionId session = 0;
  v1::CloseReason reason = v1::CLOSE_REASON_UNSPECIFIED;
  std::string detail;
  int64_t wait_ms = 0;  // of TOO_FAST
};

// Answered by EntriesRead(session, the entries after `after` as EntriesBatch cuts them).
struct ReadEntries {
  SessionId session = 0;
  Sequence after = 0;
  Sequence up_to = 0;
};

using ServerAction = std::variant<SendMessage, CloseSession, ReadEntries>;
using ServerActions = std::vector<ServerAction>;

// What is to be made durable, all of it or nothing. Answered by Committed(head).
struct AppendEntries {
  ledger::Head expected;
  std::vector<ChainedEntry> entries;
};

// Cuts entries into messages: whole frames, until kMaxEntriesBytes are reached.
class EntriesBatch {
 public:
  // False when the message is complete: take no more.
  bool Take(v1::Entry entry);
  v1::Entries Finish() { return std::move(entries_); }

 private:
  v1::Entries entries_;
  size_t bytes_ = 0;
};

}  // namespace twinning::sync
