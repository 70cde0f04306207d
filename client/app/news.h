// Notices what is different in a replica since it last looked, and tells the journal: which records
// changed, and where syncing stands. For the replica's thread.
#pragma once

#include <set>
#include <string>

#include "client/app/journal.h"
#include "client/desk/json.h"
#include "client/replica/replica.h"

namespace twinning::app {

using desk::Json;

struct Touched {
  std::set<RecordId> records;
  std::set<RecordId> texts;  // where nothing but words were written
};

class News {
 public:
  News(std::string partnership, const client::Replica& replica, Journal& journal);

  // "changed": {"partnership", "records": [ids], "texts": [ids], "sequence"}, texts those in which
  // somebody wrote and nothing else happened; records null when it is too many to name. "status":
  // as SyncJson with "partnership".
  void Tell();

 private:
  void TellChanged();
  void TellStatus();
  std::optional<Touched> TouchedUpTo(Sequence head) const;
  void AddRelated(Touched& touched) const;

  const std::string partnership_;
  const client::Replica& replica_;
  Journal& journal_;
  Sequence head_;
  Number own_;      // the last own change that was told
  Number settled_;  // the last own change that was in the ledger
  std::string status_;
};

// {"connected", "synced", "sequence", "server_sequence", "outbox", "refused", "history_complete",
// "needs_update", "problem"}
Json SyncJson(const client::Replica& replica);

}  // namespace twinning::app
