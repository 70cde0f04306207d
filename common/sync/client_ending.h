// Why a connection ended, in a sentence for people: what happened, what was kept, what to do next.
#pragma once

#include <string>
#include <string_view>

#include "twinning/v1/sync.pb.h"

namespace twinning::sync {

struct Ending {
  enum Next {
    kRetry,    // may work later, by itself
    kStop,     // waiting does not help: someone has to do something
    kRebuild,  // make the plan again from the ledger, then retry
  } next = kRetry;
  std::string sentence;
  // The outbox may be on a history that nobody knows any more: if so, it is to be put on a known
  // one, and then it may work.
  bool rebase = false;
  // Another copy of this replica goes on as it: this one can become one of its own.
  bool copy = false;
  int64_t wait_ms = 0;  // not sooner
};

// What a peer wrote, for a terminal: without control characters, and not endless.
std::string Quoted(std::string_view detail);

// What the server said. `closing.detail` is quoted, shortened and without control characters.
Ending EndingOf(const v1::Closing& closing);

Ending EndedByViolation(std::string_view what);  // the server said something that it must not
Ending EndedByCopy();                            // the server knows changes this copy never made
Ending EndedByOlderServer();                     // the server lacks what it acknowledged before
Ending EndedByVersion(uint32_t protocol);
Ending EndedByBadEntries(std::string_view why);
Ending EndedByDigest(uint64_t sequence);

}  // namespace twinning::sync
