#include "common/plan/judgement.h"

#include <fmt/core.h>

#include <algorithm>

#include "common/base/status.h"
#include "common/plan/divergence.h"
#include "common/plan/standing.h"
#include "common/plan/terms.h"
#include "common/plan/titles.h"
#include "common/text/utf8.h"

namespace twinning::plan {
namespace {

constexpr int kMaxEdits = 4096;                // in one change
constexpr int64_t kMaxText = 4 * 1024 * 1024;  // code points of one text
constexpr size_t kMaxElements = 65536;         // of one set

bool IsText(std::string_view bytes) {
  return text::IsValidUtf8(bytes) && bytes.find('\0') == std::string_view::npos;
}

}  // namespace

// A primary subtag in lower case, then anything that BCP 47 allows in form.
bool IsLanguage(std::string_view tag) {
  if (tag.size() < 2 || tag.size() > 35) return false;
  size_t primary = std::min(tag.find('-'), tag.size());
  for (size_t i = 0; i < tag.size(); ++i) {
    char c = tag[i];
    bool lower = c >= 'a' && c <= 'z';
    bool other = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    if (!lower && (i < primary || !other)) return false;
  }
  return primary >= 2 && primary <= 8;
}

bool MadeByLedger(const Plan& plan, const merge::Kind& kind) {
  return &kind == plan.schema().KindByName("partnership") ||
         &kind == plan.schema().KindByName("town");
}

std::optional<std::string> MayNotWrite(const Plan& plan, const merge::Record& record,
                                       const TownId& town) {
  const merge::Kind* kind = plan.KindOf(record);
  if (kind == nullptr) return "its kind is not known";
  std::optional<TownId> owner = plan.OwnerOf(record);
  switch (kind->writers) {
    case v1::ANY_TOWN:
      return std::nullopt;
    case v1::AUTHOR_ONLY: {
      merge::ReplicaIndex author = record.created.replica;
      if (author < plan.members().size() && plan.members()[author].town == town)
        return std::nullopt;
      return "only the town that wrote it may change it";
    }
    case v1::OWNER_OR_ANY:
      if (!owner) return std::nullopt;
      break;
    default:
      break;
  }
  if (owner == town) return std::nullopt;
  return fmt::format("it belongs to {}", owner ? TownName(plan, *owner) : "no town");
}

Judgement::Judgement(const Plan& plan, const Change& change) : plan_(plan), change_(change) {}

std::optional<Refusal> Judgement::Answer() {
  if (Verdict no = JudgeMember()) return no;
  author_ = plan_.AuthorOf(change_.authored, merge::kPending);
  if (Verdict no = JudgeShape()) return no;
  if (Verdict no = JudgeRefusedBefore()) return no;
  for (const v1::Edit& edit : change_.edits.edits()) {
    if (Verdict no = JudgeEdit(edit)) return no;
  }
  return JudgeCompleteness();
}

Judgement::Verdict Judgement::JudgeMember() {
  const Member* member = plan_.FindMember(change_.authored.replica);
  if (member == nullptr) return No(v1::NOT_MEMBER, "this replica is not enrolled");
  member_ = member;
  if (member->revoked != 0) {
    return No(v1::NOT_MEMBER, fmt::format("{}'s replica has been revoked", member->name));
  }
  if (member->role == v1::VIEWER) {
    return No(v1::NO_RIGHT, fmt::format("{} may read and not write", member->name));
  }
  return std::nullopt;
}

Judgement::Verdict Judgement::JudgeShape() const {
  if (!change_.readable) return No(v1::MALFORMED, "the edits cannot be read");
  if (change_.edits.edits_size() > kMaxEdits) {
    return No(v1::MALFORMED, fmt::format("{} edits in one change are over the limit of {}",
                                         change_.edits.edits_size(), kMaxEdits));
  }
  return std::nullopt;
}

Judgement::Verdict Judgement::JudgeRefusedBefore() const {
  std::vector<RecordId> records;
  for (const Member::RefusedRecords& refused : member_->refused) {
    if (plan_.HadSeen(change_.authored.base, refused.sequence)) continue;
    if (records.empty()) records = RecordsOf(change_.edits);
    for (const RecordId& id : records) {
      if (std::find(refused.records.begin(), refused.records.end(), id) == refused.records.end()) {
        continue;
      }
      return No(v1::BUILDS_ON_REFUSED,
                fmt::format("it builds on a change of record {} that was refused at entry {}",
                            ShortId(id), refused.sequence));
    }
  }
  return std::nullopt;
}

Judgement::Verdict Judgement::JudgeEdit(const v1::Edit& edit) {
  std::optional<RecordId> named = RecordId::Of(edit.record());
  if (!named || named->empty()) return No(v1::MALFORMED, "an edit names no record");
  if (edit.has_create()) return JudgeCreate(*named, edit.create());
  // Its words are no longer the ones that its author had before them.
  if (parted_.contains(*named)) {
    return No(v1::MALFORMED,
              fmt::format("record {} diverges, or is one again, by this very change; "
                          "write to it in the next one",
                          ShortId(*named)));
  }
  Subject subject;
  subject.id = *named;
  if (auto made = created_.find(*named); made != created_.end() && !made->second.again) {
    subject.created = &made->second;
    subject.kind = made->second.kind;
    return JudgeOperation(subject, edit);
  }
  RecordId routed = edit.has_reopen() ? *named : plan_.Routed(*named, member_->town);
  subject.id = routed;
  subject.record = Admitted(*named, routed);
  if (subject.record == nullptr) {
    return No(v1::UNKNOWN_RECORD, fmt::format("there is no record {}", ShortId(*named)));
  }
  const RecordId& shared = subject.record->branch_of;
  if (!shared.empty() && !plan_.Find(shared)->diverged) {
    return No(v1::UNKNOWN_RECORD,
              fmt::format("{} is one record again; write in that", NameOf(plan_, *subject.record)));
  }
  subject.kind = plan_.KindOf(*subject.record);
  if (subject.kind == nullptr) return No(v1::MALFORMED, "the record's kind is not known");
  if (Verdict no = JudgeInName(*subject.kind, false)) return no;
  bool rejoins = edit.has_reopen() && subject.record->diverged;
  if (edit.settle().diverge() || rejoins) parted_.insert(*named);
  return JudgeOperation(subject, edit);
}

const merge::Record* Judgement::Admitted(const RecordId& named, const RecordId& routed) {
  if (named == routed) return plan_.Find(routed);
  if (!admitted_) admitted_ = Plan::Over(plan_);
  std::set<RecordId> touched;
  // A past that cannot be read fails again when the change is applied, and is reported there.
  (void)Divergence(*admitted_, touched).Admit(named, author_, member_->town);
  return admitted_->Find(routed);
}

Judgement::Verdict Judgement::JudgeCreate(const RecordId& id, const v1::Create& create) {
  const merge::Kind* kind = plan_.schema().KindByNumber(create.kind());
  if (kind == nullptr) {
    return No(v1::MALFORMED, fmt::format("there is no kind {}", create.kind()));
  }
  if (MadeByLedger(plan_, *kind)) {
    return No(v1::NO_RIGHT, fmt::format("a {} is not created by a change", kind->label));
  }
  if (Verdict no = JudgeInName(*kind, true)) return no;
  std::optional<RecordId> rule = RecordId::Of(create.rule());
  if (!create.rule().empty() && (!rule || plan_.Find(*rule) == nullptr)) {
    return No(v1::UNKNOWN_RECORD, "the rule that makes this record is not there");
  }
  const merge::Record* same = plan_.Find(id);
  bool again = same != nullptr && rule && same->kind == create.kind();
  if (created_.count(id) > 0 || (same != nullptr && !again) ||
      (again && author_.context.Holds(same->created))) {
    return No(v1::ALREADY_EXISTS, fmt::format("record {} is there already", ShortId(id)));
  }
  created_[id] = {kind, {}, again};
  return std::nullopt;
}

Judgement::Verdict Judgement::JudgeOperation(const Subject& subject, const v1::Edit& edit) {
  switch (edit.operation_case()) {
    case v1::Edit::kWrite:
      return JudgeWrite(subject, edit.write());
    case v1::Edit::kSplice:
      return JudgeSplice(subject, edit.splice().field(), edit.splice().language(),
                         edit.splice().splices());
    case v1::Edit::kAdd:
      return JudgeElement(subject, edit.add().field(), edit.add().value(), true);
    case v1::Edit::kRemove:
      return JudgeElement(subject, edit.remove().field(), edit.remove().value(), false);
    case v1::Edit::kIncrement:
      return JudgeIncrement(subject, edit.increment());
    case v1::Edit::kConfirm:
      return JudgeConfirm(subject, edit.confirm());
    case v1::Edit::OPERATION_NOT_SET:
      return No(v1::MALFORMED, "an edit does nothing that this version knows");
    default:
      break;
  }
  if (subject.record == nullptr) {
    return No(v1::MALFORMED, "only what is there already can be deleted, agreed or settled");
  }
  switch (edit.operation_case()) {
    case v1::Edit::kDelete:
      return JudgeDelete(subject);
    case v1::Edit::kRestore:
      return JudgeRestore(subject);
    case v1::Edit::kAgree:
      return JudgeAgree(subject, edit.agree());
    case v1::Edit::kWithdraw:
      return JudgeConsenting(subject);
    case v1::Edit::kSettle:
      return JudgeSettle(subject, edit.settle());
    case v1::Edit::kMandate:
      return JudgeMember(subject, edit.mandate());
    default:
      return JudgeReopen(subject, edit.reopen());
  }
}

const merge::Field* Judgement::FieldOf(const Subject& subject, uint32_t number,
                                       v1::MergeRule rule) const {
  const merge::Field* field = subject.kind->FieldByNumber(number);
  if (field == nullptr) return nullptr;
  bool registers =
      rule == v1::REGISTER && (field->rule == v1::PAIR || field->rule == v1::QUIET_REGISTER);
  return field->rule == rule || registers ? field : nullptr;
}

std::string Judgement::Title(const Subject& subject) const {
  if (subject.record != nullptr) return NameOf(plan_, *subject.record);
  return fmt::format("the new {}", subject.kind->label);
}

Judgement::Verdict Judgement::JudgeWrite(const Subject& subject, const v1::Write& write) {
  const merge::Field* field = FieldOf(subject, write.field(), v1::REGISTER);
  if (field == nullptr) {
    return No(v1::MALFORMED, fmt::format("{} has no such field to write", Title(subject)));
  }
  if (absl::Status fits = plan_.schema().CheckValue(*field, write.value()); !fits.ok()) {
    return No(v1::MALFORMED, MessageOf(fits));
  }
  if (Verdict no = JudgeReference(*field, write.value())) return no;
  if (field->owner) {
    if (Verdict no = JudgeOwner(subject, write.value())) return no;
  }
  if (subject.created != nullptr) {
    subject.created->written[field->number] = write.value();
    return std::nullopt;
  }
  if (Verdict no = JudgeRight(subject)) return no;
  if (Verdict no = JudgeStanding(subject, field->number)) return no;
  auto found = subject.record->registers.find(field->number);
  if (found != subject.record->registers.end() && found->second.conflict &&
      merge::KnowsConflict(merge::ConflictKind::kValues, found->second.candidates,
                           author_.context)) {
    return No(v1::OPEN_CONFLICT,
              fmt::format("the {} of {} has an open conflict; settle it by name (conflict {})",
                          field->label, Title(subject),
                          HexOf(found->second.conflict->id.bytes()).substr(0, 8)));
  }
  return std::nullopt;
}

// The owner is named when a record is made; later only the owner gives it away.
Judgement::Verdict Judgement::JudgeOwner(const Subject& subject, const merge::Value& value) const {
  std::optional<TownId> named = merge::ReferenceOf(value);
  if (named && *named != member_->town) {
    return No(v1::NO_RIGHT, "a town can make only itself the owner");
  }
  if (subject.record == nullptr || subject.created != nullptr) return std::nullopt;
  std::optional<TownId> owner = plan_.OwnerOf(*subject.record);
  if (owner == named || owner == member_->town) return std::nullopt;
  return No(v1::NO_RIGHT, fmt::format("{} {}; a town cannot take it over", Title(subject),
                                      owner ? "belongs to another town" : "is shared"));
}

Judgement::Verdict Judgement::JudgeReference(const merge::Field& field,
                                             const std::string& value) const {
  std::optional<RecordId> id = merge::ReferenceOf(value);
  if (!id) return std::nullopt;
  uint32_t kind = 0;
  if (auto made = created_.find(*id); made != created_.end()) {
    kind = made->second.kind->number;
  } else if (const merge::Record* record = plan_.Find(*id)) {
    kind = record->kind;
  } else {
    return No(v1::UNKNOWN_RECORD,
              fmt::format("{} names record {}, which is not there", field.label, ShortId(*id)));
  }
  if (field.targets.empty() ||
      std::find(field.targets.begin(), field.targets.end(), kind) != field.targets.end()) {
    return std::nullopt;
  }
  return No(v1::MALFORMED, fmt::format("{} cannot name a {}", field.label,
                                       plan_.schema().KindByNumber(kind)->label));
}

Judgement::Verdict Judgement::JudgeRight(const Subject& subject) const {
  if (subject.record == nullptr) return std::nullopt;
  std::optional<std::string> why = MayNotWrite(plan_, *subject.record, member_->town);
  if (!why) return std::nullopt;
  return No(v1::NO_RIGHT, fmt::format("{} cannot be changed by {}: {}", Title(subject),
                                      TownName(plan_, member_->town), *why));
}

Judgement::Verdict Judgement::JudgeStanding(const Subject& subject, uint32_t field) const {
  if (subject.record == nullptr) return std::nullopt;
  for (const merge::Deletion& deletion : subject.record->existence.deletions) {
    if (deletion.challengers.empty() && author_.context.Holds(deletion.stamp)) {
      return No(v1::DELETED, fmt::format("{} has been deleted; restore it first", Title(subject)));
    }
  }
  if (subject.kind->append_only) {
    return No(v1::FROZEN, fmt::format("{} is written once and never changed", Title(subject)));
  }
  const merge::Field* changed = subject.kind->FieldByNumber(field);
  bool terms = field == 0 || (changed != nullptr && changed->terms);
  if (terms && Signed(plan_, *subject.record)) {
    return No(v1::FROZEN,
              fmt::format("{} is signed and no longer changes; propose an amendment: a new {} that "
                          "amends it",
                          Title(subject), subject.kind->label));
  }
  return std::nullopt;
}

Judgement::Verdict Judgement::JudgeSplice(
    const Subject& subject, uint32_t number, const std::string& language,
    const google::protobuf::RepeatedPtrField<v1::Splice>& splices) {
  const merge::Field* field = FieldOf(subject, number, v1::TEXT);
  if (field == nullptr) {
    return No(v1::MALFORMED, fmt::format("{} has no such text", Title(subject)));
  }
  if (!IsLanguage(language)) {
    return No(v1::MALFORMED, fmt::format("\"{}\" is not a language",
                                         IsText(language) ? language : HexOf(language)));
  }
  if (Verdict no = JudgeRight(subject)) return no;
  if (Verdict no = JudgeStanding(subject, number)) return no;
  merge::TextKey key{number, language};
  auto [size, first] = sizes_.try_emplace({subject.id, key}, 0);
  if (first && subject.record != nullptr) {
    auto found = subject.record->texts.find(key);
    if (found != subject.record->texts.end()) {
      size->second = merge::SizeSeenBy(found->second, author_.context).value_or(0);
    }
  }
  for (const v1::Splice& splice : splices) {
    if (!IsText(splice.inserted())) {
      return No(v1::MALFORMED,
                fmt::format("what is inserted in the {} is not valid text", field->label));
    }
    if (int64_t{splice.position()} + splice.removed() > size->second) {
      return No(v1::MALFORMED,
                fmt::format("a splice lies outside the {} that its author had", field->label));
    }
    size->second += text::CodePoints(splice.inserted()) - splice.removed();
    if (size->second > kMaxText) {
      return No(v1::MALFORMED,
                fmt::format("the {} would be over {} characters", field->label, kMaxText));
    }
  }
  return std::nullopt;
}

Judgement::Verdict Judgement::JudgeElement(const Subject& subject, uint32_t number,
                                           const std::string& value, bool add) {
  const merge::Field* field = FieldOf(subject, number, v1::SET);
  if (field == nullptr || value.empty()) {
    return No(v1::MALFORMED,
              fmt::format("{} has no such list, or nothing is named", Title(subject)));
  }
  if (absl::Status fits = plan_.schema().CheckValue(*field, value); !fits.ok()) {
    return No(v1::MALFORMED, MessageOf(fits));
  }
  if (add) {
    if (Verdict no = JudgeReference(*field, value)) return no;
  }
  if (Verdict no = JudgeRight(subject)) return no;
  if (Verdict no = JudgeStanding(subject, number)) return no;
  if (!add || subject.record == nullptr) return std::nullopt;
  auto found = subject.record->sets.find(number);
  if (found != subject.record->sets.end() && found->second.adds.size() >= kMaxElements) {
    return No(v1::MALFORMED, fmt::format("the {} of {} are full", field->label, Title(subject)));
  }
  return std::nullopt;
}

Judgement::Verdict Judgement::JudgeIncrement(const Subject& subject,
                                             const v1::Increment& increment) const {
  if (FieldOf(subject, increment.field(), v1::COUNTER) == nullptr) {
    return No(v1::MALFORMED, fmt::format("{} has no such count", Title(subject)));
  }
  if (Verdict no = JudgeRight(subject)) return no;
  return JudgeStanding(subject, increment.field());
}

Judgement::Verdict Judgement::JudgeCompleteness() const {
  for (const auto& [id, made] : created_) {
    if (made.again) continue;
    for (const merge::Field& field : made.kind->fields) {
      auto written = made.written.find(field.number);
      bool missing = written == made.written.end() || written->second.empty();
      if (missing && (field.required || (field.owner && made.kind->writers == v1::OWN_TOWN))) {
        return No(v1::MALFORMED,
                  fmt::format("a new {} needs its {}", made.kind->label, field.label));
      }
    }
    if (made.kind != plan_.schema().KindByName("position")) continue;
    const merge::Field* about = made.kind->FieldByName("about");
    std::optional<RecordId> on = merge::ReferenceOf(made.written.at(about->number));
    if (!on || id != PositionId(*on, member_->town)) {
      return No(v1::MALFORMED, "a town's position on a record has an id made of both");
    }
  }
  return std::nullopt;
}

}  // namespace twinning::plan
