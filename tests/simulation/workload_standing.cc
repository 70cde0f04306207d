// Agreeing, taking positions, settling, taking back.
#include <fmt/core.h>

#include <algorithm>

#include "common/plan/compose.h"
#include "common/plan/conflicts.h"
#include "common/plan/standing.h"
#include "common/plan/terms.h"
#include "tests/simulation/workload.h"

namespace twinning::simulation {
namespace {

bool NeedsAgreement(const merge::Kind& kind) { return kind.needs_agreement; }
bool TakesPositions(const merge::Kind& kind) { return kind.takes_positions; }
bool HasTexts(const merge::Kind& kind) {
  return std::any_of(kind.fields.begin(), kind.fields.end(), [](const merge::Field& field) {
    return field.rule == v1::TEXT && field.terms;
  });
}

std::string TextOf(const merge::Record& record, const merge::TextKey& key) {
  auto found = record.texts.find(key);
  return found == record.texts.end() ? "" : found->second.document.text();
}

v1::Edit AgreeEdit(const client::Replica& replica, const plan::Plan& view,
                   const merge::Record& record, const TownId& town) {
  v1::AgreementStatement statement;
  std::vector<std::string> languages = plan::TermLanguages(view, record);
  statement.set_ledger(std::string(view.ledger().bytes()));
  statement.set_record(std::string(record.id.bytes()));
  statement.set_town(std::string(town.bytes()));
  statement.set_terms(std::string(plan::TermsDigest(view, record, languages).bytes()));
  statement.set_form(plan::kTermsForm);
  for (const std::string& language : languages) statement.add_languages(language);
  const ledger::Head& head = replica.confirmed().head();
  statement.mutable_base()->set_sequence(head.sequence);
  statement.mutable_base()->set_hash(std::string(head.hash.bytes()));
  v1::Edit edit;
  edit.set_record(std::string(record.id.bytes()));
  edit.mutable_agree()->set_statement(statement.SerializeAsString());
  edit.mutable_agree()->set_signature(
      replica.key().Sign(plan::SignedStatement(edit.agree().statement())));
  return edit;
}

}  // namespace

void Workload::Agree(const client::Replica& replica, const plan::Plan& view) {
  Found found = Pick(view, NeedsAgreement);
  if (found.record == nullptr) return;
  const merge::Record* routed = view.Find(view.Routed(found.record->id, town_));
  if (routed == nullptr) return;
  Say("agrees to", found);
  witness_.Agreed(view, *routed, town_, plan::TermLanguages(view, *routed));
  draft_.edits.push_back(AgreeEdit(replica, view, *routed, town_));
}

void Workload::Withdraw(const plan::Plan& view) {
  Found found = Pick(view, NeedsAgreement);
  if (found.record == nullptr) return;
  Say("withdraws from", found);
  Add(found.record->id).mutable_withdraw();
}

void Workload::Position(const plan::Plan& view) {
  Found found = Pick(view, TakesPositions);
  if (found.record == nullptr) return;
  auto stance = static_cast<v1::StanceKind>(1 + random_.Below(3));
  auto edits = plan::StatePosition(view, town_, found.record->id, stance, Word(), "en");
  if (!edits.ok()) return;
  Say("takes a position on", found);
  for (v1::Edit& edit : *edits) draft_.edits.push_back(std::move(edit));
}

void Workload::Settle(const plan::Plan& view) {
  std::vector<plan::Conflict> open = plan::Conflicts(view, false);
  if (open.empty()) return EditSome(view);
  const plan::Conflict& conflict = random_.Pick(open);
  const merge::Record& record = *view.Find(conflict.record);
  plan::Choice choice;
  choice.keep = random_.Below(conflict.candidates.size());
  bool may_diverge = view.KindOf(record)->writers == v1::OWNER_OR_ANY && conflict.field != 0;
  if (may_diverge && random_.OneIn(2)) choice.kind = plan::Choice::kDiverge;
  if (conflict.kind == merge::ConflictKind::kPassage && random_.OneIn(2)) {
    choice.kind = plan::Choice::kValue;
    choice.value = "Both " + Word() + ". ";
  }
  absl::StatusOr<v1::Edit> edit = plan::Settle(view, conflict, choice);
  if (!edit.ok()) return;
  Say(choice.kind == plan::Choice::kDiverge ? "lets diverge" : "settles a conflict of",
      {&record, view.KindOf(record)});
  draft_.edits.push_back(*std::move(edit));
}

void Workload::Reopen(const plan::Plan& view) {
  std::vector<plan::Conflict> all = plan::Conflicts(view, true);
  std::erase_if(all, [](const plan::Conflict& conflict) { return !conflict.settled; });
  if (all.empty()) return Delete(view);
  const plan::Conflict& conflict = random_.Pick(all);
  const merge::Record& record = *view.Find(conflict.record);
  Say("reopens a conflict of", {&record, view.KindOf(record)});
  Add(conflict.record).mutable_reopen()->set_conflict(std::string(conflict.id.bytes()));
}

void Workload::Undo(const client::Replica& replica, const plan::Plan& view) {
  Number last = replica.last_number();
  if (last == 0) return;
  absl::StatusOr<plan::Change> change = replica.OwnChange(1 + random_.Below(last));
  if (!change.ok()) return;
  absl::StatusOr<plan::Undo> undo = plan::UndoOf(view, *change);
  if (!undo.ok()) return;
  said_ += fmt::format("{}undoes change {}", said_.empty() ? "" : ", ", change->authored.number);
  for (v1::Edit& edit : undo->edits) draft_.edits.push_back(std::move(edit));
}

void Workload::Confirm(const plan::Plan& view) {
  Found found = Pick(view, HasTexts);
  if (found.record == nullptr) return;
  std::vector<plan::StalePair> stale = plan::StalePairs(view, *found.record);
  if (stale.empty()) return EditSome(view);
  const plan::StalePair& pair = random_.Pick(stale);
  Say("confirms the translation of", found);
  v1::ConfirmText& confirm = *Add(found.record->id).mutable_confirm();
  confirm.set_field(pair.text.field);
  confirm.set_language(pair.text.language);
  v1::Counterpart& counterpart = *confirm.add_counterparts();
  counterpart.set_language(pair.counterpart);
  std::string text = TextOf(*found.record, {pair.text.field, pair.counterpart});
  counterpart.set_digest(std::string(Sha256(text).bytes()));
}

void Workload::Ratify(const plan::Plan& view) {
  Found found = Pick(view, [](const merge::Kind& kind) { return kind.equally_authentic; });
  const merge::Kind& kind = *view.schema().KindByName("ratification");
  if (found.record == nullptr) return;
  Say("ratifies", found);
  RecordId id = FreshId();
  Add(id).mutable_create()->set_kind(kind.number);
  auto write = [&](const char* field, const merge::Value& value) {
    v1::Write& one = *Add(id).mutable_write();
    one.set_field(kind.FieldByName(field)->number);
    one.set_value(value);
  };
  write("town", merge::ReferenceValue(town_));
  write("charter", merge::ReferenceValue(found.record->id));
  write("resolution", merge::StringValue(Word()));
  write("digest", merge::BytesValue(plan::WordsDigest(view, *found.record).bytes()));
}

}  // namespace twinning::simulation
