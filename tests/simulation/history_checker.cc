#include "tests/simulation/history_checker.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace twinning::simulation {
namespace {

using Change = std::pair<ReplicaId, Number>;

class Checker {
 public:
  Checker(const History& history, const Outcome& outcome) : history_(history), outcome_(outcome) {}

  std::vector<std::string> Run() {
    FindForks();
    CheckOrder();
    CheckSaved();
    CheckInvented();
    CheckSent();
    CheckRealTime();
    CheckDigests();
    CheckMonotonic();
    for (const ReplicaFact& replica : outcome_.replicas) CheckReplica(replica);
    return std::move(broken_);
  }

 private:
  template <typename... Args>
  void Broken(fmt::format_string<Args...> format, Args&&... args) {
    constexpr size_t kEnough = 20;
    if (broken_.size() < kEnough)
      broken_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  std::string NameOf(const ReplicaId& id) const {
    for (const ReplicaFact& replica : outcome_.replicas) {
      if (replica.replica == id) return replica.name;
    }
    return "replica " + id.hex().substr(0, 8);
  }

  const ReplicaFact* Find(const ReplicaId& id) const {
    for (const ReplicaFact& replica : outcome_.replicas) {
      if (replica.replica == id) return &replica;
    }
    return nullptr;
  }

  // After each event, how much of the ledger of that moment no later restore took away.
  void FindForks() {
    lasting_.resize(history_.size());
    Sequence least = UINT64_MAX;
    for (size_t i = history_.size(); i-- > 0;) {
      if (history_[i].seen == Seen::kRestored) least = std::min(least, history_[i].sequence);
      lasting_[i] = least;
    }
    first_fork_ = least;
  }

  // Without gaps, and each change of a replica in one place only.
  void CheckOrder() {
    std::map<ReplicaId, Number> numbers;
    Sequence sequence = 0;
    for (const EntryFact& entry : outcome_.ledger) {
      if (entry.sequence != ++sequence) {
        Broken("entry {} stands where {} should", entry.sequence, sequence);
        sequence = entry.sequence;
      }
      if (entry.replica.empty()) continue;
      Number& last = numbers[entry.replica];
      if (entry.first <= last) {
        Broken("change {} of {} is in the ledger twice, again at entry {}", entry.first,
               NameOf(entry.replica), entry.sequence);
      } else if (entry.first != last + 1) {
        Broken("change {} of {} is missing before entry {}", last + 1, NameOf(entry.replica),
               entry.sequence);
      }
      last = std::max(last, entry.last);
      for (Number number = entry.first; number <= entry.last; ++number) {
        places_.try_emplace({entry.replica, number}, &entry);
      }
    }
  }

  void CheckSaved() {
    for (const Event& event : history_) {
      if (event.seen != Seen::kSaved) continue;
      auto place = places_.find({event.replica, event.number});
      if (place == places_.end()) {
        Broken("change {} of {} was saved and is not in the ledger", event.number,
               NameOf(event.replica));
      } else if (place->second->refused) {
        CheckDrawer(event);
      } else if (place->second->change != event.hash) {
        Broken("change {} of {} is another one in the ledger than was saved", event.number,
               NameOf(event.replica));
      }
    }
  }

  void CheckDrawer(const Event& saved) {
    const ReplicaFact* replica = Find(saved.replica);
    if (replica == nullptr) return;
    for (const DrawerFact& refused : replica->drawer) {
      if (refused.number == saved.number && refused.change == saved.hash) return;
    }
    Broken("change {} of {} was refused and is not in the drawer", saved.number, replica->name);
  }

  void CheckInvented() {
    std::set<Change> written;
    for (const Event& event : history_) {
      if (event.seen == Seen::kSaved || event.seen == Seen::kMaybeSaved) {
        written.insert({event.replica, event.number});
      }
    }
    for (const auto& [change, entry] : places_) {
      if (written.contains(change)) continue;
      Broken("change {} of {} at entry {} was never written by anybody", change.second,
             NameOf(change.first), entry->sequence);
    }
  }

  void CheckSent() {
    for (size_t i = 0; i < history_.size(); ++i) {
      const Event& event = history_[i];
      if (event.seen != Seen::kSent) continue;
      if (event.sequence > lasting_[i]) {
        CheckBack(event);
      } else if (event.sequence == 0 || event.sequence > outcome_.ledger.size()) {
        Broken("entry {} was sent to {} and is not in the ledger", event.sequence,
               NameOf(event.replica));
      } else if (outcome_.ledger[event.sequence - 1].print != event.hash) {
        Broken("entry {} is another one in the ledger than was sent to {}", event.sequence,
               NameOf(event.replica));
      }
    }
  }

  // A restore lost it: at the same place or another, it is there again.
  void CheckBack(const Event& sent) {
    if (sent.author.empty()) return;  // of an operator, whose word may have been lost with the disk
    auto place = places_.find({sent.author, sent.last});
    bool same = place != places_.end() && (place->second->change == sent.change ||
                                           sent.change.empty() || place->second->change.empty());
    if (same) return;
    Broken("change {} of {}, which was entry {} before a restore, has not come back", sent.last,
           NameOf(sent.author), sent.sequence);
  }

  void CheckRealTime() {
    Sequence sent_last = 0;
    for (size_t i = 0; i < history_.size(); ++i) {
      const Event& event = history_[i];
      if (event.seen == Seen::kSent) sent_last = std::max(sent_last, event.sequence);
      if (event.seen == Seen::kRestored) sent_last = std::min(sent_last, event.sequence);
      if (event.seen != Seen::kSaved) continue;
      Sequence sent = std::min(sent_last, lasting_[i]);
      auto place = places_.find({event.replica, event.number});
      if (place == places_.end() || place->second->sequence > sent) continue;
      Broken("change {} of {} was saved after entry {} was sent, and stands at {}", event.number,
             NameOf(event.replica), sent, place->second->sequence);
    }
  }

  void CheckDigests() {
    std::map<Sequence, Hash> digests;
    for (const Event& event : history_) {
      // Beyond a fork there are several plans at one sequence.
      if (event.seen != Seen::kDigest || event.sequence > first_fork_) continue;
      auto [known, first] = digests.try_emplace(event.sequence, event.hash);
      if (known->second == event.hash) continue;
      Broken("{} had another digest at entry {} than the others",
             event.replica.empty() ? "the server" : NameOf(event.replica), event.sequence);
    }
  }

  void CheckMonotonic() {
    std::map<ReplicaId, Sequence> held;
    std::map<ReplicaId, Number> saved;
    for (const Event& event : history_) {
      if (event.seen == Seen::kHolds) {
        held[event.replica] = std::max(held[event.replica], event.sequence);
      } else if (event.seen == Seen::kSaved) {
        saved[event.replica] = std::max(saved[event.replica], event.number);
      } else if (event.seen == Seen::kOpened) {
        if (event.sequence < held[event.replica]) {
          Broken("{} had said that it holds {} entries, and came up with {}", NameOf(event.replica),
                 held[event.replica], event.sequence);
        }
        if (event.number < saved[event.replica]) {
          Broken("{} had saved change {}, and came up with {} changes", NameOf(event.replica),
                 saved[event.replica], event.number);
        }
      }
    }
  }

  void CheckReplica(const ReplicaFact& replica) {
    CheckEntries(replica);
    if (replica.digest != outcome_.digest) Broken("{} holds another plan", replica.name);
    if (replica.conflicts != outcome_.conflicts) Broken("{} shows other conflicts", replica.name);
    if (replica.standing != outcome_.standing) Broken("{} shows other agreements", replica.name);
    if (replica.outbox != 0) {
      Broken("{} changes of {} never left its outbox", replica.outbox, replica.name);
    }
    if (!replica.synced) Broken("{} does not say that it is synced", replica.name);
    if (replica.missing != 0) {
      Broken("{} lacks {} of the last writes that everybody made", replica.name, replica.missing);
    }
    CheckDrawerOf(replica);
  }

  void CheckEntries(const ReplicaFact& replica) {
    if (replica.entries.size() != outcome_.ledger.size()) {
      Broken("{} holds {} entries of {}", replica.name, replica.entries.size(),
             outcome_.ledger.size());
    }
    size_t count = std::min(replica.entries.size(), outcome_.ledger.size());
    for (size_t i = 0; i < count; ++i) {
      if (replica.entries[i] == outcome_.ledger[i].print) continue;
      Broken("{} holds another entry {}", replica.name, i + 1);
      return;
    }
  }

  // What lies there was refused, and lies there once.
  void CheckDrawerOf(const ReplicaFact& replica) {
    std::set<Number> seen;
    for (const DrawerFact& refused : replica.drawer) {
      if (!seen.insert(refused.number).second) {
        Broken("change {} lies in {}'s drawer twice", refused.number, replica.name);
      }
      auto place = places_.find({replica.replica, refused.number});
      bool right = place != places_.end() && place->second->refused &&
                   place->second->sequence == refused.sequence;
      if (right) continue;
      Broken("change {} lies in {}'s drawer, and entry {} did not refuse it", refused.number,
             replica.name, refused.sequence);
    }
  }

  const History& history_;
  const Outcome& outcome_;
  std::map<Change, const EntryFact*> places_;
  std::vector<Sequence> lasting_;  // by event
  Sequence first_fork_ = 0;
  std::vector<std::string> broken_;
};

}  // namespace

std::vector<std::string> Check(const History& history, const Outcome& outcome) {
  return Checker(history, outcome).Run();
}

}  // namespace twinning::simulation
