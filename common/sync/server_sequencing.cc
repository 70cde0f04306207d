// How what replicas push and operators decide becomes entries.
#include <algorithm>
#include <utility>

#include "common/base/fault.h"
#include "common/base/status.h"
#include "common/ledger/joining.h"
#include "common/plan/mandate.h"
#include "common/sync/server_partnership.h"

namespace twinning::sync {
namespace {

constexpr size_t kMaxDetail = 400;
constexpr size_t kMaxName = 200;

v1::CloseReason ReasonOf(ledger::PushAnswer::Kind kind) {
  using Answer = ledger::PushAnswer;
  switch (kind) {
    case Answer::kBadSignature:
      return v1::BAD_SIGNATURE;
    case Answer::kGap:
      return v1::NUMBER_GAP;
    case Answer::kClone:
      return v1::CLONE;
    case Answer::kUnknownBase:
      return v1::HISTORY_DIFFERS;
    case Answer::kNotMember:
      return v1::REVOKED;
    default:
      return v1::PROTOCOL_VIOLATION;
  }
}

// The greatest base of a frame: bases never fall.
Sequence BaseOf(const v1::Frame& frame) {
  if (frame.changes().empty()) return 0;
  absl::StatusOr<ledger::ParsedChange> last =
      ledger::ParseChange(frame.changes().rbegin()->change());
  return last.ok() ? last->base.sequence : 0;
}

// Cut before a code point, never within.
std::string Shortened(std::string text) {
  if (text.size() <= kMaxDetail) return text;
  size_t end = kMaxDetail;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

std::string RefusalOf(const plan::Change& change, const plan::Refusal& why) {
  v1::Refusal refusal;
  refusal.set_replica(std::string(change.authored.replica.bytes()));
  refusal.set_first(change.authored.number);
  refusal.set_last(change.authored.number);
  refusal.set_hash(std::string(change.authored.hash.bytes()));
  refusal.set_reason(why.reason);
  refusal.set_detail(Shortened(why.detail));
  if (change.readable) {
    for (const RecordId& record : plan::RecordsOf(change.edits)) {
      refusal.add_records(std::string(record.bytes()));
    }
  }
  return refusal.SerializeAsString();
}

// What waited in an outbox when it was copied is in both; it is taken once.
plan::Refusal Repeated() {
  return {v1::REPEATED, "another copy of this replica has sent the same change"};
}

v1::Role RoleOf(const plan::Plan& plan, const NewMember& member) {
  const std::vector<plan::Member>& known = plan.members();
  bool first = std::none_of(known.begin(), known.end(),
                            [&](const plan::Member& one) { return one.town == member.town; });
  if (first) return v1::COORDINATOR;
  plan::OpenInvite open = plan::FindInvite(plan.roster(), member.invitation);
  return open.invite == nullptr ? member.role : open.invite->role;
}

absl::Status CheckName(std::string_view what, std::string_view name) {
  auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (name.empty() || name.front() == ' ' || name.back() == ' ') {
    return InvalidArgument(std::string(what) + " needs a name without spaces around it");
  }
  if (name.size() > kMaxName || std::any_of(name.begin(), name.end(), control)) {
    return InvalidArgument(std::string(what) + " needs a name of one line and at most " +
                           std::to_string(kMaxName) + " bytes");
  }
  return absl::OkStatus();
}

}  // namespace

// --- Pushes -------------------------------------------------------------------------------------

void ServerPartnership::TakePush(SessionId id, const Session& session, const v1::Frame& frame,
                                 int64_t now_ms) {
  if (recovery_ || session.stage != Stage::kUsual) {
    return Close(id, v1::RECOVERING, "what was lost comes first");
  }
  if (archived()) return Close(id, v1::ARCHIVED, "");
  if (plan_.needs_update()) {
    return Close(id, v1::VERSION,
                 "this server is older than the partnership's schema: it only reads");
  }
  if (frame.ByteSizeLong() > ledger::kMaxFrameBytes) {
    return Close(
        id, v1::TOO_LARGE,
        "a frame of at most " + std::to_string(ledger::kMaxFrameBytes) + " bytes is taken");
  }
  // Before anything that takes time.
  if (std::optional<int64_t> wait_ms = rates_.Take(session.replica, frame, now_ms)) {
    return Close(id, v1::TOO_FAST, "", *wait_ms);
  }
  ledger::PushAnswer answer = chain_.Judge(frame, session.replica);
  if (answer.kind != ledger::PushAnswer::kNext) {
    bool beyond =
        answer.kind == ledger::PushAnswer::kUnknownBase && BaseOf(frame) > head().sequence;
    return Close(id, beyond ? v1::LEDGER_BEHIND : ReasonOf(answer.kind), answer.detail);
  }
  if (TWINNING_FAULT("skip deduplication") && answer.fresh.empty()) {
    return SequenceAgain(frame, now_ms);
  }
  SequenceFrame(frame, std::move(answer), now_ms);
}

void ServerPartnership::SequenceFrame(const v1::Frame& frame, ledger::PushAnswer answer,
                                      int64_t now_ms) {
  for (size_t i = 0; i < answer.fresh.size() && failure_.ok(); ++i) {
    v1::Entry entry = EntryOf(v1::CHANGE, now_ms);
    if (i + 1 == answer.fresh.size()) entry.set_signature(frame.signature());
    failure_ = SequenceChange(plan::ReadChange(std::move(answer.fresh[i])),
                              frame.changes(static_cast<int>(answer.places[i])), std::move(entry));
  }
}

absl::Status ServerPartnership::SequenceChange(plan::Change change,
                                               const v1::AuthoredChange& authored,
                                               v1::Entry entry) {
  std::optional<plan::Refusal> refusal =
      families_.Repeats(change) ? Repeated() : plan_.Judge(change);
  if (refusal) {
    rates_.Refused(change.authored.replica);
    entry.set_kind(v1::REFUSAL);
    entry.set_body(RefusalOf(change, *refusal));
    TWINNING_RETURN_IF_ERROR(Take(std::move(entry), nullptr));
    return absl::OkStatus();
  }
  entry.set_body(change.authored.bytes);
  *entry.mutable_personal() = authored.personal();
  return Take(std::move(entry), &change);
}

// A planted fault: what a server would do that looked at nothing but signatures.
void ServerPartnership::SequenceAgain(const v1::Frame& frame, int64_t now_ms) {
  for (const v1::AuthoredChange& authored : frame.changes()) {
    v1::Entry entry = EntryOf(v1::CHANGE, now_ms);
    entry.set_body(authored.change());
    bool last = &authored == &*frame.changes().rbegin();
    if (last) entry.set_signature(frame.signature());
    Hash hash = ledger::EntryHash(chain_.ledger(), head().hash, entry);
    history_.Add({std::move(entry), hash}, nullptr);
  }
}

// --- Operators ----------------------------------------------------------------------------------

absl::Status ServerPartnership::Found(const LedgerId& ledger, std::string_view name,
                                      int64_t now_ms) {
  TWINNING_RETURN_IF_ERROR(CheckName("a partnership", name));
  if (head().sequence > 0) return AlreadyExists("this partnership has been founded already");
  v1::Founding founding;
  founding.set_ledger(std::string(ledger.bytes()));
  founding.set_name(std::string(name));
  founding.set_semantics(plan::kSemantics);
  founding.set_schema(merge::Schema::BuiltInDescriptorSet());
  return SequenceStatement(v1::FOUNDING, founding.SerializeAsString(), now_ms);
}

absl::Status ServerPartnership::AdmitTown(const TownId& town, std::string_view name,
                                          int64_t now_ms) {
  TWINNING_RETURN_IF_ERROR(CheckName("a town", name));
  TWINNING_RETURN_IF_ERROR(CheckTakesEntries());
  for (const plan::Town& known : plan_.towns()) {
    if (known.name == name || known.id == town) {
      return AlreadyExists(known.name + " is a town of this partnership already");
    }
  }
  v1::Membership membership;
  membership.set_action(v1::Membership::ADMIT_TOWN);
  membership.set_town(std::string(town.bytes()));
  membership.set_town_name(std::string(name));
  return SequenceStatement(v1::MEMBERSHIP, membership.SerializeAsString(), now_ms);
}

absl::Status ServerPartnership::CheckNew(const NewMember& member) const {
  TWINNING_RETURN_IF_ERROR(CheckName("a member", member.name));
  if (member.key.size() != kPublicKeySize) return InvalidArgument("a key of a wrong size");
  if (plan_.FindTown(member.town) == nullptr) return NotFound("there is no such town here");
  const plan::Member* known = plan_.FindMember(ReplicaOfKey(member.key));
  if (known == nullptr) {
    TWINNING_RETURN_IF_ERROR(CheckTakesEntries());
    return member.invitation.empty() ? absl::OkStatus() : CheckInvited(member);
  }
  if (known->town == member.town && known->revoked == 0) return absl::OkStatus();
  return AlreadyExists("this key has been a member's before: make a new one");
}

absl::Status ServerPartnership::CheckInvited(const NewMember& member) const {
  plan::OpenInvite open = plan::FindInvite(plan_.roster(), member.invitation);
  if (open.invite == nullptr || open.town->id != member.town) {
    return NotFound("no coordinator of this town has made that invitation, or it is over");
  }
  if (ledger::VerifyInvited(member.invitation, chain_.ledger(), member.key, member.invited)) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(
      "the invitation's key did not sign for the one to be enrolled");
}

absl::StatusOr<Sequence> ServerPartnership::Enrol(const NewMember& member, int64_t now_ms) {
  TWINNING_RETURN_IF_ERROR(CheckNew(member));
  ReplicaId replica = ReplicaOfKey(member.key);
  if (const plan::Member* known = plan_.FindMember(replica)) return known->enrolled;
  v1::Membership membership;
  membership.set_action(v1::Membership::ENROL);
  membership.set_town(std::string(member.town.bytes()));
  membership.set_replica(std::string(replica.bytes()));
  membership.set_member(member.name);
  membership.set_key(member.key);
  membership.set_role(RoleOf(plan_, member));
  membership.set_invitation(member.invitation);
  membership.set_invited(member.invited);
  TWINNING_RETURN_IF_ERROR(
      SequenceStatement(v1::MEMBERSHIP, membership.SerializeAsString(), now_ms));
  return head().sequence;
}

absl::StatusOr<Sequence> ServerPartnership::Revoke(const ReplicaId& replica, int64_t now_ms) {
  const plan::Member* member = plan_.FindMember(replica);
  if (member == nullptr) return NotFound("this replica is not enrolled here");
  if (member->revoked != 0) return member->revoked;
  TWINNING_RETURN_IF_ERROR(CheckNotCollecting());
  v1::Membership membership;
  membership.set_action(v1::Membership::REVOKE);
  membership.set_town(std::string(member->town.bytes()));
  membership.set_replica(std::string(replica.bytes()));
  membership.set_member(member->name);
  TWINNING_RETURN_IF_ERROR(
      SequenceStatement(v1::MEMBERSHIP, membership.SerializeAsString(), now_ms));
  return head().sequence;
}

std::vector<ReplicaId> ServerPartnership::TakeDismissed() {
  std::vector<ReplicaId> durable;
  std::erase_if(dismissed_, [&](const auto& one) {
    if (one.first > durable_.sequence) return false;
    durable.push_back(one.second);
    return true;
  });
  return durable;
}

absl::StatusOr<Sequence> ServerPartnership::ChangeRole(const ReplicaId& replica, v1::Role role,
                                                       int64_t now_ms) {
  const plan::Member* member = plan_.FindMember(replica);
  if (member == nullptr || member->revoked != 0) {
    return NotFound("this replica is not enrolled here, or has been revoked");
  }
  if (member->role == role) return head().sequence;
  TWINNING_RETURN_IF_ERROR(CheckTakesEntries());
  v1::Membership membership;
  membership.set_action(v1::Membership::CHANGE_ROLE);
  membership.set_town(std::string(member->town.bytes()));
  membership.set_replica(std::string(replica.bytes()));
  membership.set_member(member->name);
  membership.set_role(role);
  TWINNING_RETURN_IF_ERROR(
      SequenceStatement(v1::MEMBERSHIP, membership.SerializeAsString(), now_ms));
  return head().sequence;
}

absl::Status ServerPartnership::SequenceStatement(v1::EntryKind kind, std::string body,
                                                  int64_t now_ms) {
  if (!failure_.ok()) return failure_;
  v1::Entry entry = EntryOf(kind, now_ms);
  entry.set_body(std::move(body));
  failure_ = Take(std::move(entry), nullptr);
  return failure_;
}

// --- Both ---------------------------------------------------------------------------------------

v1::Entry ServerPartnership::EntryOf(v1::EntryKind kind, int64_t now_ms) const {
  v1::Entry entry;
  entry.set_sequence(head().sequence + 1);
  entry.set_kind(kind);
  entry.set_time_ms(now_ms);
  return entry;
}

absl::Status ServerPartnership::Take(v1::Entry entry, const plan::Change* change, bool judged) {
  const ledger::ParsedChange* parsed = change == nullptr ? nullptr : &change->authored;
  TWINNING_ASSIGN_OR_RETURN(Hash hash, chain_.Follow(entry, parsed, true));
  judged = judged && change != nullptr;
  TWINNING_ASSIGN_OR_RETURN(plan::Applied applied, plan_.Apply(entry, hash, change, judged));
  for (const ReplicaId& replica : applied.dismissed) {
    dismissed_.emplace_back(entry.sequence(), replica);
  }
  NoteEpoch(entry);
  families_.Note(entry, change);
  history_.Add({std::move(entry), hash}, parsed);
  return absl::OkStatus();
}

}  // namespace twinning::sync
