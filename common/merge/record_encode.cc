// A record as a RecordState message.
#include <google/protobuf/arena.h>

#include "common/merge/record_checksum.h"
#include "common/merge/record_codec.h"
#include "twinning/v1/snapshot.pb.h"

namespace twinning::merge {
namespace {

void Put(const Stamp& stamp, v1::StampState* out) {
  out->set_sequence(stamp.sequence);
  out->set_replica(stamp.replica);
  out->set_number(stamp.number);
}

void Put(const Candidate& candidate, v1::CandidateState* out) {
  Put(candidate.stamp, out->mutable_stamp());
  out->set_value(candidate.value);
  out->set_time_ms(candidate.time_ms);
}

void Put(const OpenConflict& conflict, v1::ConflictState* out) {
  out->set_id(std::string(conflict.id.bytes()));
  out->set_opened(conflict.opened);
}

void Put(const Touch& touch, v1::TouchState* out) {
  Put(touch.stamp, out->mutable_stamp());
  out->set_source(std::string(touch.source.bytes()));
  out->set_time_ms(touch.time_ms);
}

void Put(const Register& reg, v1::RegisterState* out) {
  for (const Candidate& candidate : reg.candidates) Put(candidate, out->add_candidates());
  if (reg.conflict) Put(*reg.conflict, out->mutable_conflict());
}

void Put(const SetField& set, v1::SetState* out) {
  for (const auto& [value, adds] : set.adds) {
    v1::ElementState* element = out->add_elements();
    element->set_value(value);
    for (const Stamp& add : adds) Put(add, element->add_adds());
  }
}

void Put(const std::vector<TextField::Mark>& marks, v1::MarksState* out) {
  TextField::Mark before;
  for (const TextField::Mark& mark : marks) {
    out->add_sequences(mark.stamp.sequence - before.stamp.sequence);
    out->add_replicas(mark.stamp.replica);
    out->add_numbers(mark.stamp.number);
    out->add_operations(static_cast<uint64_t>(mark.end - before.end));
    out->add_times_ms(static_cast<int64_t>(static_cast<uint64_t>(mark.time_ms) -
                                           static_cast<uint64_t>(before.time_ms)));
    before = mark;
  }
}

void Put(const PassageConflict& open, v1::PassageState* out) {
  Put(open.conflict, out->mutable_conflict());
  out->set_begin(static_cast<uint64_t>(open.begin));
  out->set_end(static_cast<uint64_t>(open.end));
  for (const Candidate& candidate : open.candidates) Put(candidate, out->add_candidates());
}

void Put(const TextField& field, v1::TextState* out) {
  out->set_document(field.document.Encode());
  Put(field.marks, out->mutable_marks());
  for (const PassageConflict& open : field.conflicts) Put(open, out->add_conflicts());
}

void Put(const Existence& existence, v1::ExistenceState* out) {
  for (const Deletion& deletion : existence.deletions) {
    v1::DeletionState* state = out->add_deletions();
    Put(deletion.stamp, state->mutable_stamp());
    state->set_time_ms(deletion.time_ms);
    for (const Touch& touch : deletion.challengers) Put(touch, state->add_challengers());
  }
  for (const Touch& touch : existence.touches) Put(touch, out->add_touches());
  if (existence.conflict) Put(*existence.conflict, out->mutable_conflict());
}

void Put(const Consent& consent, v1::ConsentState* out) {
  Put(consent.stamp, out->mutable_stamp());
  out->set_town(std::string(consent.town.bytes()));
  out->set_agrees(consent.agrees);
  if (consent.agrees) out->set_terms(std::string(consent.terms.bytes()));
  out->set_form(consent.form);
  for (const std::string& language : consent.languages) out->add_languages(language);
  out->set_statement(consent.statement);
  out->set_signature(consent.signature);
  out->set_time_ms(consent.time_ms);
}

void Put(const SettledConflict& settled, v1::SettledState* out) {
  out->set_id(std::string(settled.id.bytes()));
  out->set_kind(static_cast<uint32_t>(settled.kind));
  out->set_field(settled.field);
  out->set_language(settled.language);
  for (const Candidate& candidate : settled.candidates) Put(candidate, out->add_candidates());
  Put(settled.by, out->mutable_by());
  out->set_time_ms(settled.time_ms);
  out->set_outcome(settled.outcome);
  out->set_by_name(settled.by_name);
  out->set_diverged(settled.diverged);
  out->set_reopened(settled.reopened);
}

void PutFields(const Record& record, v1::RecordState* out) {
  for (const auto& [number, reg] : record.registers) {
    v1::RegisterState* state = out->add_registers();
    state->set_field(number);
    Put(reg, state);
  }
  for (const auto& [number, set] : record.sets) {
    v1::SetState* state = out->add_sets();
    state->set_field(number);
    Put(set, state);
  }
  for (const auto& [number, value] : record.counters) {
    v1::CounterState* state = out->add_counters();
    state->set_field(number);
    state->set_value(value);
  }
  for (const auto& [key, text] : record.texts) {
    v1::TextState* state = out->add_texts();
    state->set_field(key.field);
    state->set_language(key.language);
    Put(text, state);
  }
}

void PutConfirmations(const Record& record, v1::RecordState* out) {
  for (const auto& [pair, confirmation] : record.confirmations) {
    v1::ConfirmationState* state = out->add_confirmations();
    state->set_field(pair.first.field);
    state->set_language(pair.first.language);
    state->set_counterpart(pair.second);
    Put(confirmation.stamp, state->mutable_stamp());
    state->set_own_digest(std::string(confirmation.own.bytes()));
    state->set_counterpart_digest(std::string(confirmation.counterpart.bytes()));
  }
}

void PutBranch(const Record& record, v1::RecordState* out) {
  if (record.diverged) {
    Put(*record.diverged, out->mutable_diverged()->mutable_stamp());
    out->mutable_diverged()->set_base(record.diverged_base);
  }
  if (record.branch_of.empty() && record.branch_town.empty()) return;
  out->mutable_branch()->set_record(std::string(record.branch_of.bytes()));
  out->mutable_branch()->set_town(std::string(record.branch_town.bytes()));
}

}  // namespace

std::string EncodeRecord(const Record& record) {
  google::protobuf::Arena arena;
  auto* state = google::protobuf::Arena::CreateMessage<v1::RecordState>(&arena);
  state->set_id(std::string(record.id.bytes()));
  state->set_kind(record.kind);
  Put(record.created, state->mutable_created());
  state->set_created_ms(record.created_ms);
  PutFields(record, state);
  Put(record.existence, state->mutable_existence());
  for (const Consent& consent : record.consents) Put(consent, state->add_consents());
  PutConfirmations(record, state);
  for (const SettledConflict& settled : record.settled) Put(settled, state->add_settled());
  PutBranch(record, state);
  return Checksummed(state->SerializeAsString());
}

}  // namespace twinning::merge
