// A ledger, judged from its first entry as somebody would who has nothing else: whether its chains
// and signatures hold, which plan it makes, and whether that plan has kept what was written. The
// last is asked by the definitions alone, edit against edit, not by merging:
//
//   register   the candidates are the writes that no other write has in its context
//   set        an element is in it while an add stands that no remove has in its context
//   counter    the sum of its increments
//   text       nothing in it that nobody typed; of what was typed only what somebody removed is
//   missing
//
// Fields that somebody settled or opened again, and records that diverged, are left out.
#pragma once

#include <string>
#include <vector>

#include "common/crypto/sha256.h"
#include "twinning/v1/change.pb.h"

namespace twinning::simulation {

// One sentence for each thing that is wrong.
std::vector<std::string> CheckLedger(const std::vector<v1::Entry>& entries, const Hash& digest);

}  // namespace twinning::simulation
