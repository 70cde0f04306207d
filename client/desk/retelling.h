// The ledger told again from its first entry, with what each entry made of the records that it
// touched. Costs as much as applying it; keeps one plan and nothing else.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "client/desk/field_changes.h"
#include "common/ledger/entry_source.h"
#include "common/plan/plan.h"

namespace twinning::desk {

struct RecordChange {
  RecordId record;
  bool made = false;  // it was not there before
  std::vector<FieldChange> fields;
};

struct Telling {
  const v1::Entry* entry = nullptr;      // null: a change of the outbox
  const plan::Change* change = nullptr;  // null: not an entry that is a change
  const plan::Plan& after;               // valid during the call
  std::vector<RecordChange> records;
};

// Who listens. Both are called for each entry, then for each change of the outbox.
struct Listener {
  // Whether this one is to be told; `change` is null for an entry that is none. What is not told
  // costs no more than applying it.
  std::function<bool(const plan::Plan& before, const v1::Entry* entry, const plan::Change* change)>
      wants;
  std::function<absl::Status(const Telling&)> see;
};

// Tells as far as it is asked to, and goes on from there. For one thread; `past` must outlive it.
class Teller {
 public:
  Teller(const ledger::EntrySource& past, Listener listener);

  // Entries after those that were told, up to `head`. DataLoss when one cannot be applied: then the
  // teller is of no more use.
  absl::Status GoOn(Sequence head);

  const plan::Plan& plan() const { return plan_; }

 private:
  absl::Status Tell(const v1::Entry& entry);
  LedgerId LedgerOf(const v1::Entry& entry) const;

  const ledger::EntrySource& past_;
  plan::Plan plan_;
  Listener listener_;
};

// Changes that lie on top of `under`, in their order.
absl::Status TellPending(const plan::Plan& under, const std::vector<plan::Change>& outbox,
                         const Listener& listener);

// Entries 1 to `head`, then the changes that lie on top. DataLoss when an entry cannot be applied.
absl::Status Retell(const ledger::EntrySource& past, Sequence head,
                    const std::vector<plan::Change>& outbox, const Listener& listener);

}  // namespace twinning::desk
