#include "client/app/news.h"

#include <optional>
#include <utility>

#include "common/ledger/change.h"
#include "common/plan/change.h"

namespace twinning::app {
namespace {

// More than this a page rather reads anew.
constexpr Sequence kMaxEntries = 500;
constexpr size_t kMaxRecords = 300;

void AddEdits(const v1::Edits& edits, Touched& touched) {
  for (const v1::Edit& edit : edits.edits()) {
    if (auto id = RecordId::Of(edit.record()))
      (edit.has_splice() ? touched.texts : touched.records).insert(*id);
  }
}

void AddEntry(const v1::Entry& entry, Touched& touched) {
  if (entry.kind() == v1::CHANGE) {
    auto parsed = ledger::ParseChange(entry.body());
    if (parsed.ok()) AddEdits(plan::ReadChange(*std::move(parsed)).edits, touched);
  }
  v1::Refusal refusal;
  if (entry.kind() == v1::REFUSAL && refusal.ParseFromString(entry.body())) {
    for (const std::string& id : refusal.records()) {
      if (auto record = RecordId::Of(id)) touched.records.insert(*record);
    }
  }
  v1::Membership membership;
  if (entry.kind() == v1::MEMBERSHIP && membership.ParseFromString(entry.body())) {
    if (auto town = RecordId::Of(membership.town())) touched.records.insert(*town);
  }
}

Json IdsJson(const std::set<RecordId>& ids) {
  Json list = Json::array();
  for (const RecordId& id : ids) list.push_back(id.hex());
  return list;
}

}  // namespace

Json SyncJson(const client::Replica& replica) {
  const client::SyncState state = replica.sync_state();
  auto refused = replica.Refused();
  return {{"connected", state.connected},
          {"synced", replica.synced()},
          {"sequence", replica.confirmed().head().sequence},
          {"server_sequence", state.server_head},
          {"outbox", replica.outbox()},
          {"refused", refused.ok() ? refused->size() : 0},
          {"history_complete", state.history_complete},
          {"needs_update", replica.confirmed().needs_update()},
          {"problem", state.problem.empty() ? Json(nullptr) : Json(state.problem)}};
}

News::News(std::string partnership, const client::Replica& replica, Journal& journal)
    : partnership_(std::move(partnership)),
      replica_(replica),
      journal_(journal),
      head_(replica.confirmed().head().sequence),
      own_(replica.last_number()),
      settled_(replica.acknowledged()) {}

void News::Tell() {
  TellChanged();
  TellStatus();
}

void News::TellChanged() {
  const Sequence head = replica_.confirmed().head().sequence;
  const Number own = replica_.last_number();
  if (head == head_ && own == own_ && replica_.acknowledged() == settled_) return;
  std::optional<Touched> touched = TouchedUpTo(head);
  head_ = head;
  own_ = own;
  settled_ = replica_.acknowledged();
  if (touched) AddRelated(*touched);
  Json event = {{"partnership", partnership_}, {"sequence", head}, {"records", nullptr}};
  if (touched && touched->records.size() + touched->texts.size() <= kMaxRecords) {
    event["records"] = IdsJson(touched->records);
    event["texts"] = IdsJson(touched->texts);
  }
  journal_.Add("changed", desk::LineOf(event));
}

std::optional<Touched> News::TouchedUpTo(Sequence head) const {
  Touched touched;
  if (head < head_ || head - head_ > kMaxEntries) return std::nullopt;
  absl::Status read = replica_.entries().Read(head_, head, [&](const v1::Entry& entry) {
    AddEntry(entry, touched);
    return absl::OkStatus();
  });
  if (!read.ok()) return std::nullopt;
  for (const plan::Change& change : replica_.view().pending()) {
    if (change.authored.number <= own_) continue;
    AddEdits(change.edits, touched);
  }
  std::erase_if(touched.texts, [&](const RecordId& id) { return touched.records.contains(id); });
  return touched;
}

// What shows differently although nothing was written in it: what a position or a ratification is
// about, branches, and what they are branches of.
void News::AddRelated(Touched& touched) const {
  const plan::Plan& view = replica_.view();
  std::set<RecordId> related;
  std::set<RecordId> all = touched.records;
  all.insert(touched.texts.begin(), touched.texts.end());
  for (const RecordId& id : all) {
    const merge::Record* record = view.Find(id);
    const merge::Kind* kind = record == nullptr ? nullptr : view.KindOf(*record);
    if (kind == nullptr) continue;
    for (const char* name : {"about", "charter"}) {
      const merge::Field* field = kind->FieldByName(name);
      if (field == nullptr || field->rule == v1::SET) continue;
      if (auto to = merge::ReferenceOf(view.Shown(*record, field->number))) related.insert(*to);
    }
    for (const merge::Record* branch : view.BranchesOf(id)) related.insert(branch->id);
    if (!record->branch_of.empty()) related.insert(record->branch_of);
  }
  std::erase_if(related, [&](const RecordId& id) { return touched.texts.contains(id); });
  touched.records.merge(related);
}

void News::TellStatus() {
  Json status = SyncJson(replica_);
  status["partnership"] = partnership_;
  std::string line = desk::LineOf(status);
  if (line == std::exchange(status_, line)) return;
  journal_.Add("status", line);
}

}  // namespace twinning::app
