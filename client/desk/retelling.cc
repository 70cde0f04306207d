#include "client/desk/retelling.h"

#include <map>
#include <optional>

#include "common/base/status.h"
#include "common/ledger/change.h"
#include "common/ledger/hashes.h"
#include "common/ledger/readmission.h"

namespace twinning::desk {
namespace {

using Before = std::map<RecordId, std::optional<Snapshot>>;

// The records that a change may touch, as they are before it.
Before Remember(const plan::Plan& plan, const plan::Change& change) {
  Before before;
  const plan::Member* member = plan.FindMember(change.authored.replica);
  auto remember = [&](const RecordId& id, const std::set<merge::TextKey>& texts) {
    const merge::Record* record = plan.Find(id);
    before.emplace(id, record == nullptr ? std::nullopt : std::optional(Snapshot(*record, texts)));
  };
  for (const RecordId& id : plan::RecordsOf(change.edits)) {
    const std::set<merge::TextKey> texts = TextsWritten(id, change.edits);
    remember(id, texts);
    if (member != nullptr) remember(plan.Routed(id, member->town), texts);
  }
  return before;
}

std::vector<RecordChange> Compare(const Before& before, const plan::Plan& after) {
  std::vector<RecordChange> changes;
  for (const auto& [id, was] : before) {
    RecordChange change{id, !was, {}};
    change.fields =
        ChangesBetween(was ? was->In(after) : Reading{after, nullptr}, {after, after.Find(id)});
    if (!change.fields.empty()) changes.push_back(std::move(change));
  }
  return changes;
}

absl::StatusOr<std::optional<plan::Change>> ChangeOf(const v1::Entry& entry) {
  std::optional<plan::Change> change;
  v1::Entry kept;
  const v1::Entry& effect = ledger::EffectOf(entry, kept);
  if (effect.kind() != v1::CHANGE) return change;
  TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange parsed, ledger::ParseChange(effect.body()));
  change = plan::ReadChange(std::move(parsed));
  return change;
}

}  // namespace

Teller::Teller(const ledger::EntrySource& past, Listener listener)
    : past_(past), plan_(past), listener_(std::move(listener)) {}

absl::Status Teller::GoOn(Sequence head) {
  return past_.Read(plan_.head().sequence, head,
                    [this](const v1::Entry& entry) { return Tell(entry); });
}

absl::Status Teller::Tell(const v1::Entry& entry) {
  TWINNING_ASSIGN_OR_RETURN(std::optional<plan::Change> read, ChangeOf(entry));
  const plan::Change* change = read ? &*read : nullptr;
  const bool wanted = listener_.wants(plan_, &entry, change);
  const Before before = wanted && read ? Remember(plan_, *read) : Before();
  const Hash hash = ledger::EntryHash(LedgerOf(entry), plan_.head().hash, entry);
  TWINNING_RETURN_IF_ERROR(plan_.Apply(entry, hash, change).status());
  if (!wanted) return absl::OkStatus();
  return listener_.see({&entry, change, plan_, Compare(before, plan_)});
}

absl::Status TellPending(const plan::Plan& under, const std::vector<plan::Change>& outbox,
                         const Listener& listener) {
  plan::Plan view = plan::Plan::Over(under);
  for (const plan::Change& change : outbox) {
    const bool wanted = listener.wants(view, nullptr, &change);
    const Before before = wanted ? Remember(view, change) : Before();
    TWINNING_RETURN_IF_ERROR(view.ApplyPending(change).status());
    if (!wanted) continue;
    TWINNING_RETURN_IF_ERROR(listener.see({nullptr, &change, view, Compare(before, view)}));
  }
  return absl::OkStatus();
}

// The founding entry brings the id that its own hash covers.
LedgerId Teller::LedgerOf(const v1::Entry& entry) const {
  v1::Founding founding;
  if (entry.kind() != v1::FOUNDING || !founding.ParseFromString(entry.body())) {
    return plan_.ledger();
  }
  return LedgerId::Of(founding.ledger()).value_or(plan_.ledger());
}

absl::Status Retell(const ledger::EntrySource& past, Sequence head,
                    const std::vector<plan::Change>& outbox, const Listener& listener) {
  Teller teller(past, listener);
  TWINNING_RETURN_IF_ERROR(teller.GoOn(head));
  return TellPending(teller.plan(), outbox, listener);
}

}  // namespace twinning::desk
