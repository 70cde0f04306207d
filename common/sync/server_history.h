// What the server keeps at hand of a partnership's entries: those that are not durable yet, the
// latest durable ones, and the hash of every entry and change. Older entries are read from the
// durable ledger. Pure but for that reading.
#pragma once

#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "common/ledger/change.h"
#include "common/ledger/entry_source.h"
#include "common/sync/server_actions.h"

namespace twinning::sync {

class ServerHistory : public ledger::EntrySource {
 public:
  // `durable` must outlive it.
  ServerHistory(const ledger::EntrySource& durable, size_t tail_bytes)
      : durable_(durable), tail_bytes_(tail_bytes) {}

  // The entry after the last. `change` may be what a CHANGE entry's body says.
  void Add(ChainedEntry chained, const ledger::ParsedChange* change);
  // Everything up to `head` is durable: lets go of what is beyond the limit.
  void Forget(Sequence head);

  ledger::Head head() const;
  std::optional<Hash> HashAt(Sequence sequence) const;
  std::optional<Hash> ChangeHashAt(const ReplicaId& replica, Number number) const;

  // The next message for a reader that has `after`, of entries up to `up_to`; none when they have
  // to be read.
  std::optional<v1::Entries> Next(Sequence after, Sequence up_to) const;
  // Not durable yet, for the next append.
  std::vector<ChainedEntry> After(Sequence durable) const;

  absl::Status Read(Sequence after, Sequence up_to,
                    const std::function<absl::Status(const v1::Entry&)>& see) const override;

 private:
  Sequence last() const { return entry_hashes_.size(); }
  Sequence before_tail() const { return last() - tail_.size(); }
  void RememberEffect(const v1::Entry& entry);
  void RememberCopy(const v1::Entry& entry);
  void Remember(const ReplicaId& replica, Number first, Number last, const Hash& hash);

  const ledger::EntrySource& durable_;
  const size_t tail_bytes_;
  std::deque<ChainedEntry> tail_;
  size_t bytes_ = 0;
  std::vector<Hash> entry_hashes_;                                  // by sequence - 1
  std::unordered_map<ReplicaId, std::vector<Hash>> change_hashes_;  // by number - 1
};

}  // namespace twinning::sync
