// How far a member has looked at what others did: a small file beside the replica, so that "while
// you were away" is the same whichever browser they use.
#pragma once

#include <set>
#include <string>

#include "absl/status/status.h"
#include "client/desk/json.h"
#include "common/base/ids.h"

namespace twinning::app {

using desk::Json;

struct Seen {
  static constexpr size_t kMostSingle = 2000;

  Sequence until = 0;         // everything up to this entry
  std::set<Sequence> single;  // and these later ones; of too many, the latest

  void SeeUntil(Sequence sequence);
  void See(Sequence sequence);
};

// {"seen", "accepted"}: `until` and `single`.
Json SeenJson(const Seen& seen);

// Nothing seen when they have not looked yet, or the file cannot be read.
Seen SeenIn(const std::string& directory);
// Replaces the file whole.
absl::Status KeepSeen(const std::string& directory, const Seen& seen);

}  // namespace twinning::app
