#include "tests/simulation/workload.h"

#include <fmt/core.h>

#include <algorithm>

#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/ledger/personal.h"
#include "common/plan/compose.h"
#include "common/plan/titles.h"
#include "common/text/utf8.h"

namespace twinning::simulation {
namespace {

constexpr size_t kRecordsMany = 12;  // then people rather edit than create
constexpr const char* kWords[] = {"bread", "music", "youth", "beech"};
constexpr const char* kLanguages[] = {"en", "en", "fr"};

bool AnyKind(const merge::Kind&) { return true; }
// What the ledger makes, what is derived, and what is written once.
bool CreatedByHand(const merge::Kind& kind) {
  return kind.name != "partnership" && kind.name != "town" && kind.name != "position" &&
         !kind.append_only;
}

std::string TextOf(const merge::Record& record, const merge::TextKey& key) {
  auto found = record.texts.find(key);
  return found == record.texts.end() ? "" : found->second.document.text();
}

}  // namespace

// --- One change ----------------------------------------------------------------------------------

absl::StatusOr<client::Replica::Draft> Workload::Make(const client::Replica& replica,
                                                      const plan::Plan& view) {
  town_ = replica.identity().town;
  draft_ = {};
  said_.clear();
  if (DecideOnMembers(replica, view)) return std::move(draft_);
  size_t times = random_.OneIn(4) ? 2 : 1;
  for (size_t i = 0; i < times; ++i) Do(replica, view);
  if (random_.OneIn(2)) {
    TWINNING_ASSIGN_OR_RETURN(draft_.edits, plan::WithPositions(view, replica.identity().replica,
                                                                std::move(draft_.edits)));
  }
  return std::move(draft_);
}

void Workload::Do(const client::Replica& replica, const plan::Plan& view) {
  size_t records = view.records().size() - view.towns().size();
  // Who is not confirmed mostly does what they may.
  const plan::Member* own = view.FindMember(replica.identity().replica);
  if (records >= 3 && own != nullptr && !own->confirmed() && !random_.OneIn(8)) {
    return EditSome(view);
  }
  if (records < 3 || random_.OneIn(records > kRecordsMany ? 30 : 10)) return Create(view);
  switch (random_.Below(20)) {
    case 0:
    case 1:
      return Agree(replica, view);
    case 2:
      return random_.OneIn(2) ? Withdraw(view) : Confirm(view);
    case 3:
      return Position(view);
    case 4:
    case 5:
    case 6:
      return Settle(view);
    case 7:
      return Reopen(view);
    case 8:
      return Undo(replica, view);
    case 9:
      return random_.OneIn(2) ? Ratify(view) : Delete(view);
    default:
      return EditSome(view);
  }
}

client::Replica::Draft Workload::Greeting(const RecordId& id, const std::string& title) {
  const merge::Kind& kind = *merge::Schema::BuiltIn()->KindByName("activity");
  client::Replica::Draft draft;
  draft.edits.resize(2);
  for (v1::Edit& edit : draft.edits) edit.set_record(std::string(id.bytes()));
  draft.edits[0].mutable_create()->set_kind(kind.number);
  draft.edits[1].mutable_write()->set_field(kind.title_field);
  draft.edits[1].mutable_write()->set_value(merge::StringValue(title));
  return draft;
}

// --- Choices -------------------------------------------------------------------------------------

v1::Edit& Workload::Add(const RecordId& record) {
  v1::Edit& edit = draft_.edits.emplace_back();
  edit.set_record(std::string(record.bytes()));
  return edit;
}

void Workload::Say(const std::string& what, const Found& found) {
  said_ += fmt::format("{}{} {} {}", said_.empty() ? "" : ", ", what, found.kind->name,
                       found.record ? plan::ShortId(found.record->id) : "");
}

std::string Workload::Word() { return kWords[random_.Below(std::size(kWords))]; }
RecordId Workload::FreshId() { return *RecordId::Of(random_.Bytes(RecordId::kSize)); }

// Often one of the first few, so that people meet.
Workload::Found Workload::Pick(const plan::Plan& view, bool (*wanted)(const merge::Kind&)) {
  std::vector<Found> all;
  view.records().ForEach([&](const merge::Record& record) {
    const merge::Kind* kind = view.KindOf(record);
    if (kind != nullptr && wanted(*kind)) all.push_back({&record, kind});
  });
  if (all.empty()) return {};
  return random_.OneIn(4) ? random_.Pick(all) : all[random_.Below(std::min<size_t>(2, all.size()))];
}

const merge::Kind& Workload::PickKind(const plan::Plan& view) {
  constexpr const char* kUsual[] = {"activity", "activity", "objective", "outcome", "charter"};
  if (!random_.OneIn(3)) return *view.schema().KindByName(kUsual[random_.Below(5)]);
  while (true) {
    const merge::Kind& kind = random_.Pick(view.schema().kinds());
    if (CreatedByHand(kind)) return kind;
  }
}

merge::Value Workload::MemberFor(const merge::Member& member) {
  switch (member.type) {
    case merge::Type::kDate:
      return merge::DateValue(static_cast<Days>(22000 + random_.Below(4)));
    case merge::Type::kString:
      return merge::StringValue(member.name == "currency" ? "EUR" : "Europe/Paris");
    case merge::Type::kBytes:
      return merge::BytesValue(Sha256(Word()).bytes());
    default:
      return merge::IntegerValue(static_cast<int64_t>(1 + random_.Below(3)));
  }
}

// A record that the field may name.
merge::Value Workload::Named(const plan::Plan& view, const merge::Field& field) {
  if (field.owner) return merge::ReferenceValue(town_);
  std::vector<RecordId> ids;
  view.records().ForEach([&](const merge::Record& record) {
    if (field.targets.empty() ||
        std::count(field.targets.begin(), field.targets.end(), record.kind) > 0) {
      ids.push_back(record.id);
    }
  });
  return ids.empty() ? merge::Value() : merge::ReferenceValue(random_.Pick(ids));
}

merge::Value Workload::ValueFor(const plan::Plan& view, const merge::Field& field) {
  if (field.personal) {
    v1::PersonalValue personal =
        ledger::MakePersonal(random_.Bytes(ledger::kSaltSize), merge::StringValue(Word()));
    draft_.personal.push_back(personal);
    return merge::CommitmentValue(personal.commitment());
  }
  switch (field.type) {
    case merge::Type::kString:
      return merge::StringValue(Word());
    case merge::Type::kInteger:
      return merge::IntegerValue(random_.Between(0, 5));
    case merge::Type::kBoolean:
      return merge::IntegerValue(random_.Between(0, 1));
    case merge::Type::kEnum:
      return merge::IntegerValue(random_.Pick(field.values).number);
    case merge::Type::kDate:
      return merge::DateValue(static_cast<Days>(22000 + random_.Below(4)));
    case merge::Type::kReference:
      return Named(view, field);
    case merge::Type::kBytes:
      return merge::BytesValue(Sha256(Word()).bytes());
    case merge::Type::kPair: {
      merge::PairMembers members;
      for (const merge::Member& member : field.members) {
        members.emplace_back(member.number, MemberFor(member));
      }
      return merge::PairValue(members);
    }
    case merge::Type::kText:
      break;
  }
  return {};
}

// --- Editing -------------------------------------------------------------------------------------

void Workload::Create(const plan::Plan& view) {
  const merge::Kind& kind = PickKind(view);
  RecordId id = FreshId();
  Add(id).mutable_create()->set_kind(kind.number);
  for (const merge::Field& field : kind.fields) {
    bool own = field.owner && (kind.writers == v1::OWN_TOWN || random_.OneIn(4));
    if (field.rule == v1::TEXT && random_.OneIn(2)) {
      Type({nullptr, &kind}, field);
      draft_.edits.back().set_record(std::string(id.bytes()));
    }
    if (!field.required && !own) continue;
    merge::Value value = ValueFor(view, field);
    v1::Write& write = *Add(id).mutable_write();
    write.set_field(field.number);
    write.set_value(value);
  }
  said_ += fmt::format("{}creates {} {}", said_.empty() ? "" : ", ", kind.name, plan::ShortId(id));
}

// Often one of the first fields, so that people meet there too.
void Workload::EditSome(const plan::Plan& view) {
  Found found = Pick(view, random_.OneIn(6) ? AnyKind : CreatedByHand);
  if (found.record == nullptr) return;
  if (found.record->existence.deleted() && random_.OneIn(2)) return Restore(found);
  const std::vector<merge::Field>& fields = found.kind->fields;
  size_t some = !random_.OneIn(3) ? std::min<size_t>(2, fields.size()) : fields.size();
  EditField(view, found, fields[random_.Below(some)]);
}

void Workload::EditField(const plan::Plan& view, const Found& found, const merge::Field& field) {
  Say("edits the " + field.label + " of", found);
  if (field.rule == v1::TEXT) return Type(found, field);
  merge::Value value = field.rule == v1::COUNTER ? merge::Value() : ValueFor(view, field);
  v1::Edit& edit = Add(found.record->id);
  if (field.rule == v1::COUNTER) {
    edit.mutable_increment()->set_field(field.number);
    edit.mutable_increment()->set_by(random_.Between(-2, 5));
  } else if (field.rule == v1::SET && random_.OneIn(3)) {
    edit.mutable_remove()->set_field(field.number);
    edit.mutable_remove()->set_value(value);
  } else if (field.rule == v1::SET) {
    edit.mutable_add()->set_field(field.number);
    edit.mutable_add()->set_value(value);
  } else {
    edit.mutable_write()->set_field(field.number);
    edit.mutable_write()->set_value(value);
  }
}

void Workload::Type(const Found& found, const merge::Field& field) {
  merge::TextKey key{field.number, kLanguages[random_.Below(std::size(kLanguages))]};
  std::string text = found.record != nullptr ? TextOf(*found.record, key) : "";
  auto size = static_cast<size_t>(text::CodePoints(text));
  text::Splice splice;
  splice.position = static_cast<int64_t>(random_.Below(size + 1));
  size_t removable = std::min<size_t>(8, size - static_cast<size_t>(splice.position));
  splice.removed = random_.OneIn(2) ? 0 : static_cast<int64_t>(random_.Below(removable + 1));
  splice.inserted = random_.OneIn(3) ? "Fête. " : Word() + " ";
  v1::Edit& edit = found.record != nullptr ? Add(found.record->id) : draft_.edits.emplace_back();
  edit.mutable_splice()->set_field(key.field);
  edit.mutable_splice()->set_language(key.language);
  plan::AddSplices({splice}, *edit.mutable_splice()->mutable_splices());
}

void Workload::Delete(const plan::Plan& view) {
  Found found = Pick(view, CreatedByHand);
  if (found.record == nullptr) return;
  if (found.record->existence.deleted()) return Restore(found);
  Say("deletes", found);
  Add(found.record->id).mutable_delete_();
}

void Workload::Restore(const Found& found) {
  Say("restores", found);
  Add(found.record->id).mutable_restore();
}

}  // namespace twinning::simulation
