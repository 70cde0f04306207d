// What was seen from outside while a simulation ran, and what was there at its end. The checker
// judges these two and nothing else.
#pragma once

#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/crypto/sha256.h"
#include "twinning/v1/change.pb.h"

namespace twinning::simulation {

enum class Seen {
  kSaved,       // a person was told "saved": replica, number, hash of what the change does
  kMaybeSaved,  // nobody could tell them, the program died or its disk failed: replica, number
  kSent,        // the server sent an entry to the replica: sequence, print of the entry
  kDigest,      // somebody computed the plan's digest at a sequence; replica: none for the server
  kHolds,       // a replica told the server that it holds everything up to a sequence
  kOpened,      // a replica came up: sequence of its head, number of its last change
  kRestored,    // the server was put back: sequence of its head then
};

struct Event {
  Seen seen = Seen::kSaved;
  ReplicaId replica;
  Number number = 0;
  Sequence sequence = 0;
  Hash hash;
  // Of kSent: whose changes the entry was or refused, up to which, and what that one does.
  ReplicaId author = {};
  Number last = 0;
  Hash change = {};
};

// In the order in which it happened.
using History = std::vector<Event>;

// An entry of the final ledger. `print` is a hash over all of it.
struct EntryFact {
  Sequence sequence = 0;
  Hash print;
  ReplicaId replica;  // of a change or a refusal; none for what operators did, and what is idle
  Number first = 0;   // the changes that it is, or refuses
  Number last = 0;
  Hash change;           // of change `last`
  bool refused = false;  // or came back too late for the plan
};

// Of an entry as it stands in a ledger; `passed_over`: its change has no effect there.
EntryFact FactOf(const v1::Entry& entry, bool passed_over);

struct DrawerFact {
  Number number = 0;
  Hash change;
  Sequence sequence = 0;  // of the refusal
};

struct ReplicaFact {
  ReplicaId replica;
  std::string name;           // for messages
  std::vector<Hash> entries;  // prints, from the first
  Hash digest;
  size_t outbox = 0;
  std::vector<DrawerFact> drawer;
  bool synced = false;
  std::string conflicts;  // all of them, as text, whatever form: to be compared
  std::string standing;   // agreements and positions
  size_t missing = 0;     // of what everybody wrote when all was well again
};

struct Outcome {
  std::vector<EntryFact> ledger;
  Hash digest;
  std::string conflicts;
  std::string standing;
  std::vector<ReplicaFact> replicas;
};

}  // namespace twinning::simulation
