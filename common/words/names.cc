// How records, people and reasons are called.
#include <fmt/core.h>

#include <optional>

#include "common/ledger/change.h"
#include "common/words/phrases.h"
#include "common/words/words.h"

namespace twinning::words {
namespace {

std::string ShortId(const RecordId& id) { return "record " + id.hex().substr(0, 8); }

// A position or a comment is called by what it is about.
constexpr int kDepthMax = 3;

std::string Name(const plan::Plan& plan, const RecordId& id, int depth) {
  const merge::Record* record = plan.Find(id);
  const merge::Kind* kind = record == nullptr ? nullptr : plan.KindOf(*record);
  if (kind == nullptr) return ShortId(id);
  const merge::Value& title = plan.Shown(*record, kind->title_field);
  std::optional<RecordId> about = merge::ReferenceOf(title);
  if (about && depth < kDepthMax) return kind->label + " on " + Name(plan, *about, depth + 1);
  return kind->label + " " + Quoted(words::TitleOf(plan, *record));
}

}  // namespace

std::string TitleOf(const plan::Plan& plan, const merge::Record& record) {
  const merge::Kind* kind = plan.KindOf(record);
  const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByNumber(kind->title_field);
  if (field == nullptr) return "(no title)";
  const merge::Value& value = plan.Shown(record, field->number);
  std::optional<RecordId> about = merge::ReferenceOf(value);
  std::string title = about ? Name(plan, *about, 1) : FormatValue(plan, *field, value);
  return title.empty() ? "(no title)" : title;
}

std::string NameRecord(const plan::Plan& plan, const RecordId& record) {
  return Name(plan, record, 0);
}

std::string NameAuthor(const plan::Plan& plan, const ReplicaId& replica) {
  const plan::Member* member = plan.FindMember(replica);
  if (member == nullptr) return "replica " + ledger::ShortName(replica);
  const plan::Town* town = plan.FindTown(member->town);
  return fmt::format("{} ({})", OneLine(member->name),
                     town == nullptr ? ShortId(member->town) : OneLine(town->name));
}

std::string RoleName(v1::Role role) {
  switch (role) {
    case v1::VIEWER:
      return "viewer";
    case v1::EDITOR:
      return "editor";
    case v1::REPRESENTATIVE:
      return "representative";
    case v1::COORDINATOR:
      return "coordinator";
    default:
      return "member";
  }
}

std::string Reason(v1::RefusalReason reason) {
  switch (reason) {
    case v1::MALFORMED:
      return "not what the schema allows";
    case v1::NO_RIGHT:
      return "no right to write this";
    case v1::OPEN_CONFLICT:
      return "it wrote past an open conflict that its author knew of";
    case v1::DELETED:
      return "its author knew that the record was deleted";
    case v1::FROZEN:
      return "the record can no longer be changed";
    case v1::UNKNOWN_RECORD:
      return "it names a record that does not exist";
    case v1::ALREADY_EXISTS:
      return "the record exists already";
    case v1::BUILDS_ON_REFUSED:
      return "it builds on an earlier change that was refused";
    case v1::NOT_MEMBER:
      return "its author is no longer a member";
    case v1::BAD_AGREEMENT:
      return "the agreement does not fit what the record says";
    case v1::ALREADY_SETTLED:
      return "the conflict is settled already";
    case v1::REPEATED:
      return "another copy of the replica has sent the same change";
    case v1::NOT_CONFIRMED:
      return "its author is not confirmed by the town that it speaks for";
    default:
      return fmt::format("reason {}", static_cast<int>(reason));
  }
}

}  // namespace twinning::words
