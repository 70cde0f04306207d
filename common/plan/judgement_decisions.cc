// Judging what people decide rather than write: deleting, agreeing, settling, letting diverge,
// opening again, confirming a translation.
#include <fmt/core.h>

#include <algorithm>

#include "common/base/status.h"
#include "common/crypto/ed25519.h"
#include "common/plan/judgement.h"
#include "common/plan/terms.h"
#include "common/plan/titles.h"

namespace twinning::plan {

Judgement::Verdict Judgement::JudgeDelete(const Subject& subject) const {
  if (MadeByLedger(plan_, *subject.kind)) {
    return No(v1::NO_RIGHT, fmt::format("a {} cannot be deleted", subject.kind->label));
  }
  if (Verdict no = JudgeRight(subject)) return no;
  if (Verdict no = JudgeStanding(subject, 0)) return no;
  const std::optional<merge::OpenConflict>& open = subject.record->existence.conflict;
  if (open && merge::KnowsConflict(merge::ConflictKind::kDeletion,
                                   merge::DeletionCandidates(*subject.record), author_.context)) {
    return No(
        v1::OPEN_CONFLICT,
        fmt::format("whether {} is deleted is an open conflict; settle it by name (conflict {})",
                    Title(subject), HexOf(open->id.bytes()).substr(0, 8)));
  }
  return std::nullopt;
}

Judgement::Verdict Judgement::JudgeRestore(const Subject& subject) const {
  if (Verdict no = JudgeRight(subject)) return no;
  if (!subject.record->existence.deletions.empty()) return std::nullopt;
  return No(v1::ALREADY_SETTLED, fmt::format("{} is not deleted", Title(subject)));
}

Judgement::Verdict Judgement::JudgeConsenting(const Subject& subject) const {
  if (!subject.kind->needs_agreement) {
    return No(v1::BAD_AGREEMENT, fmt::format("{} needs no agreement", Title(subject)));
  }
  if (member_->role != v1::REPRESENTATIVE && member_->role != v1::COORDINATOR) {
    return No(v1::NO_RIGHT, fmt::format("{} may not agree for {}", member_->name,
                                        TownName(plan_, member_->town)));
  }
  if (Verdict no = JudgeSpeaking()) return no;
  std::vector<TownId> towns = plan_.Participants(*subject.record);
  if (std::find(towns.begin(), towns.end(), member_->town) == towns.end()) {
    return No(v1::BAD_AGREEMENT, fmt::format("{} takes no part in {}",
                                             TownName(plan_, member_->town), Title(subject)));
  }
  return std::nullopt;
}

Judgement::Verdict Judgement::JudgeAgree(const Subject& subject, const v1::Agree& agree) const {
  if (Verdict no = JudgeConsenting(subject)) return no;
  v1::AgreementStatement statement;
  bool fits = statement.ParseFromString(agree.statement()) &&
              statement.ledger() == plan_.ledger().bytes() &&
              statement.record() == subject.id.bytes() &&
              statement.town() == member_->town.bytes() && statement.terms().size() == 32 &&
              statement.base().sequence() <= change_.authored.base.sequence;
  if (!fits) {
    return No(v1::BAD_AGREEMENT, "the signed statement is not about this record and town");
  }
  if (statement.form() != kTermsForm) {
    return No(v1::BAD_AGREEMENT,
              fmt::format("form {} of an agreement is not known", statement.form()));
  }
  if (!VerifySignature(member_->key, SignedStatement(agree.statement()), agree.signature())) {
    return No(v1::BAD_AGREEMENT, "the statement's signature is not this replica's");
  }
  for (const std::string& language : statement.languages()) {
    if (!IsLanguage(language)) return No(v1::BAD_AGREEMENT, "the statement names no language");
  }
  for (const Conflict& open : ConflictsOf(plan_, *subject.record, false)) {
    bool known = std::count_if(open.candidates.begin(), open.candidates.end(),
                               [&](const auto& c) { return author_.context.Holds(c.stamp); }) > 1;
    if (known && IsTerm(plan_, *subject.record, open.field)) {
      return No(
          v1::OPEN_CONFLICT,
          fmt::format("{} has an open conflict in its terms; settle it first", Title(subject)));
    }
  }
  return std::nullopt;
}

Judgement::Verdict Judgement::JudgeSettle(const Subject& subject, const v1::Settle& settle) {
  if (Verdict no = JudgeSpeaking()) return no;
  if (settle.candidates().empty()) return No(v1::MALFORMED, "a settlement names what it settles");
  if (settle.diverge()) return JudgeDiverge(subject, settle);
  bool existence = settle.subject_case() == v1::Settle::kExistence;
  if (Verdict no = JudgeRight(subject)) return no;
  if (subject.kind->append_only) {
    return No(v1::FROZEN, fmt::format("{} is written once and never changed", Title(subject)));
  }
  if (existence != (settle.outcome_case() == v1::Settle::kDeleted)) {
    return No(v1::MALFORMED, "the settlement's outcome does not fit what it settles");
  }
  if (!existence && settle.outcome_case() == v1::Settle::kText) {
    if (Verdict no =
            JudgeSplice(subject, settle.field(), settle.language(), settle.text().splices())) {
      return no;
    }
  } else if (!existence) {
    const merge::Field* field = FieldOf(subject, settle.field(), v1::REGISTER);
    if (field == nullptr || settle.outcome_case() != v1::Settle::kValue) {
      return No(v1::MALFORMED, "the settlement's outcome does not fit what it settles");
    }
    if (absl::Status fits = plan_.schema().CheckValue(*field, settle.value()); !fits.ok()) {
      return No(v1::MALFORMED, MessageOf(fits));
    }
    if (Verdict no = JudgeReference(*field, settle.value())) return no;
    if (field->owner) {
      if (Verdict no = JudgeOwner(subject, settle.value())) return no;
    }
    if (Verdict no = JudgeStanding(subject, settle.field())) return no;
  }
  return JudgeSettled(subject, settle);
}

// A settlement speaks of candidates that are still there, or that somebody settled whom its author
// had not seen.
Judgement::Verdict Judgement::JudgeSettled(const Subject& subject, const v1::Settle& settle) const {
  bool existence = settle.subject_case() == v1::Settle::kExistence;
  auto named = [&](const Candidate& candidate) {
    return std::any_of(
        settle.candidates().begin(), settle.candidates().end(), [&](const v1::CandidateName& name) {
          return name.replica() == candidate.replica.bytes() && name.number() == candidate.number;
        });
  };
  bool known = false;
  std::vector<Conflict> conflicts = ConflictsOf(plan_, *subject.record, true);
  // A branch's past is told by the record that diverged.
  if (!subject.record->branch_of.empty()) {
    for (Conflict& conflict : ConflictsOf(plan_, *plan_.Find(subject.record->branch_of), true)) {
      conflicts.push_back(std::move(conflict));
    }
  }
  for (const Conflict& conflict : conflicts) {
    bool same = conflict.field == (existence ? 0 : settle.field()) &&
                conflict.language == settle.language();
    if (!same || std::none_of(conflict.candidates.begin(), conflict.candidates.end(), named))
      continue;
    if (!conflict.settled) return std::nullopt;
    if (!author_.context.Holds(conflict.settled->stamp)) return std::nullopt;
    known = true;
  }
  if (known) {
    return No(v1::ALREADY_SETTLED,
              fmt::format("this conflict of {} is settled already", Title(subject)));
  }
  return No(v1::ALREADY_SETTLED,
            fmt::format("{} has no open conflict of what the settlement names", Title(subject)));
}

Judgement::Verdict Judgement::JudgeDiverge(const Subject& subject, const v1::Settle& settle) const {
  // Somebody else let it diverge at the same time: the same thing twice.
  if (!subject.record->branch_of.empty()) return std::nullopt;
  if (subject.kind->writers != v1::OWNER_OR_ANY || plan_.OwnerOf(*subject.record)) {
    return No(v1::MALFORMED,
              fmt::format("{} cannot diverge: only what is shared and could belong to one town can",
                          Title(subject)));
  }
  if (settle.subject_case() != v1::Settle::kField) {
    return No(v1::MALFORMED, "whether a record is deleted cannot diverge");
  }
  // Its branches are made from its edits, read again, and those do not tell how it became one.
  for (const merge::SettledConflict& settled : subject.record->settled) {
    if (!settled.diverged) continue;
    return No(
        v1::MALFORMED,
        fmt::format("{} has diverged before and is one record again: it cannot diverge twice; "
                    "keep one of them, or write another",
                    Title(subject)));
  }
  if (Verdict no = JudgeStanding(subject, 0)) return no;
  return JudgeSettled(subject, settle);
}

Judgement::Verdict Judgement::JudgeReopen(const Subject& subject, const v1::Reopen& reopen) const {
  std::optional<Hash> id = Hash::Of(reopen.conflict());
  if (!id) return No(v1::MALFORMED, "the conflict to open again is not named");
  if (Verdict no = JudgeSpeaking()) return no;
  bool diverged = subject.record->diverged.has_value();
  if (!diverged) {
    if (Verdict no = JudgeRight(subject)) return no;
  }
  for (const merge::SettledConflict& settled : subject.record->settled) {
    if (settled.id == *id && !settled.reopened) return std::nullopt;
  }
  return No(v1::ALREADY_SETTLED, fmt::format("{} has no settled conflict {}", Title(subject),
                                             HexOf(id->bytes()).substr(0, 8)));
}

Judgement::Verdict Judgement::JudgeConfirm(const Subject& subject,
                                           const v1::ConfirmText& confirm) const {
  if (FieldOf(subject, confirm.field(), v1::TEXT) == nullptr || !IsLanguage(confirm.language())) {
    return No(v1::MALFORMED, fmt::format("{} has no such text", Title(subject)));
  }
  for (const v1::Counterpart& counterpart : confirm.counterparts()) {
    if (!IsLanguage(counterpart.language()) || counterpart.digest().size() != 32) {
      return No(v1::MALFORMED, "a counterpart is not a language and a digest");
    }
  }
  if (Verdict no = JudgeRight(subject)) return no;
  return JudgeStanding(subject, 0);
}

}  // namespace twinning::plan
