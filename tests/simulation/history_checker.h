// The promises of the product, checked on a history and its outcome. Because the server puts all
// changes into one order no search is needed: every check is one pass.
#pragma once

#include <string>
#include <vector>

#include "tests/simulation/history.h"

namespace twinning::simulation {

// One sentence for each broken promise; empty: all were kept. For histories that ended with every
// fault off and every queue drained:
//
//   saved never lost         every saved change is in the ledger, or refused and in its author's
//                            drawer; after every start a replica still knows its last one
//   acknowledged never lost  every entry that was sent to anybody is in the ledger as it was sent
//   exactly once, no gaps    sequences 1, 2, 3 ...; numbers of a replica 1, 2, 3 ...
//   nothing invented         every change in the ledger was saved, or may have been, by its replica
//   real time                what was saved after an entry was sent comes after it
//   monotonic                a replica never holds less than it said it holds
//   restored                 what a restore took away is back: every change that had been sent to
//                            anybody, once, with the same hash
//   one state                equal entries, digests (at every sequence that anybody named),
//   conflicts
//                            and standing; nothing in an outbox, all synced
std::vector<std::string> Check(const History& history, const Outcome& outcome);

}  // namespace twinning::simulation
