#include "client/cli/retelling.h"

#include <map>
#include <optional>

#include "common/base/status.h"
#include "common/ledger/change.h"
#include "common/ledger/hashes.h"

namespace twinning::cli {
namespace {

using Before = std::map<RecordId, std::optional<merge::Record>>;

// The records that a change may touch, as they are before it.
Before Remember(const plan::Plan& plan, const plan::Change& change) {
  Before before;
  const plan::Member* member = plan.FindMember(change.authored.replica);
  auto remember = [&](const RecordId& id) {
    const merge::Record* record = plan.Find(id);
    before.emplace(id, record == nullptr ? std::nullopt : std::optional(*record));
  };
  for (const RecordId& id : plan::RecordsOf(change.edits)) {
    remember(id);
    if (member != nullptr) remember(plan.Routed(id, member->town));
  }
  return before;
}

std::vector<RecordChange> Compare(const Before& before, const plan::Plan& after) {
  std::vector<RecordChange> changes;
  for (const auto& [id, was] : before) {
    RecordChange change{id, !was, {}};
    change.fields = ChangesBetween({after, was ? &*was : nullptr}, {after, after.Find(id)});
    if (!change.fields.empty()) changes.push_back(std::move(change));
  }
  return changes;
}

class Teller {
 public:
  Teller(const ledger::EntrySource& past, const See& see) : plan_(past), see_(see) {}

  absl::Status Tell(const v1::Entry& entry) {
    std::optional<plan::Change> change;
    if (entry.kind() == v1::CHANGE) {
      TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange parsed, ledger::ParseChange(entry.body()));
      change = plan::ReadChange(std::move(parsed));
    }
    Before before = change ? Remember(plan_, *change) : Before();
    LedgerId ledger = plan_.ledger();
    v1::Founding founding;
    if (entry.kind() == v1::FOUNDING && founding.ParseFromString(entry.body())) {
      ledger = LedgerId::Of(founding.ledger()).value_or(ledger);
    }
    Hash hash = ledger::EntryHash(ledger, plan_.head().hash, entry);
    TWINNING_RETURN_IF_ERROR(plan_.Apply(entry, hash, change ? &*change : nullptr).status());
    return see_({&entry, change ? &*change : nullptr, plan_, Compare(before, plan_)});
  }

  absl::Status TellOutbox(const std::vector<plan::Change>& outbox) {
    plan::Plan view = plan::Plan::Over(plan_);
    for (const plan::Change& change : outbox) {
      Before before = Remember(view, change);
      TWINNING_RETURN_IF_ERROR(view.ApplyPending(change).status());
      TWINNING_RETURN_IF_ERROR(see_({nullptr, &change, view, Compare(before, view)}));
    }
    return absl::OkStatus();
  }

 private:
  plan::Plan plan_;
  const See& see_;
};

}  // namespace

absl::Status Retell(const ledger::EntrySource& past, Sequence head,
                    const std::vector<plan::Change>& outbox, const See& see) {
  Teller teller(past, see);
  TWINNING_RETURN_IF_ERROR(
      past.Read(0, head, [&](const v1::Entry& entry) { return teller.Tell(entry); }));
  return teller.TellOutbox(outbox);
}

}  // namespace twinning::cli
