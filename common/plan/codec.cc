#include "common/plan/codec.h"

#include <algorithm>

#include "common/base/status.h"
#include "common/merge/record_codec.h"
#include "twinning/v1/snapshot.pb.h"

namespace twinning::plan {
namespace {

absl::Status Damaged(std::string_view what) {
  return DataLoss(std::string("the stored plan is damaged: ") + std::string(what));
}

void EncodeMember(const Member& member, v1::MemberState& state) {
  state.set_replica(std::string(member.replica.bytes()));
  state.set_town(std::string(member.town.bytes()));
  state.set_name(member.name);
  state.set_key(member.key);
  state.set_role(member.role);
  state.set_enrolled(member.enrolled);
  state.set_revoked(member.revoked);
  if (!member.continues.empty()) state.set_continues(std::string(member.continues.bytes()));
  state.set_continues_number(member.continues_number);
  if (member.confirmed()) state.set_confirmed_by(std::string(member.confirmed_by.bytes()));
  for (const TownId& town : member.vouched) state.add_vouched(std::string(town.bytes()));
  for (const Member::RefusedRecords& refused : member.refused) {
    v1::RefusedState& one = *state.add_refused();
    one.set_sequence(refused.sequence);
    for (const RecordId& id : refused.records) one.add_records(std::string(id.bytes()));
  }
}

absl::StatusOr<Member> DecodeMember(const v1::MemberState& state) {
  std::optional<ReplicaId> replica = ReplicaId::Of(state.replica());
  std::optional<TownId> town = TownId::Of(state.town());
  if (!replica || !town) return Damaged("a member without replica or town");
  Member member;
  member.replica = *replica;
  member.town = *town;
  member.name = state.name();
  member.key = state.key();
  member.role = state.role();
  member.enrolled = state.enrolled();
  member.revoked = state.revoked();
  member.continues = ReplicaId::Of(state.continues()).value_or(ReplicaId());
  member.continues_number = state.continues_number();
  member.confirmed_by = ReplicaId::Of(state.confirmed_by()).value_or(ReplicaId());
  for (const std::string& bytes : state.vouched()) {
    std::optional<TownId> vouched = TownId::Of(bytes);
    if (!vouched) return Damaged("a town that vouched without an id");
    member.vouched.push_back(*vouched);
  }
  for (const v1::RefusedState& one : state.refused()) {
    Member::RefusedRecords refused{one.sequence(), {}};
    for (const std::string& bytes : one.records()) {
      std::optional<RecordId> id = RecordId::Of(bytes);
      if (!id) return Damaged("a refused record without an id");
      refused.records.push_back(*id);
    }
    member.refused.push_back(std::move(refused));
  }
  return member;
}

void EncodeTown(const Town& town, v1::TownState& state) {
  state.set_id(std::string(town.id.bytes()));
  state.set_name(town.name);
  state.set_admitted(town.admitted);
  for (const Invite& invite : town.invites) {
    v1::InviteState& one = *state.add_invites();
    one.set_key(invite.key);
    one.set_role(invite.role);
    one.set_expires_ms(invite.expires_ms);
    one.set_by(std::string(invite.by.bytes()));
    one.set_sequence(invite.sequence);
    if (!invite.used_by.empty()) one.set_used_by(std::string(invite.used_by.bytes()));
    one.set_withdrawn(invite.withdrawn);
  }
}

absl::StatusOr<Town> DecodeTown(const v1::TownState& state) {
  std::optional<TownId> id = TownId::Of(state.id());
  if (!id) return Damaged("a town without an id");
  Town town{*id, state.name(), state.admitted()};
  for (const v1::InviteState& one : state.invites()) {
    town.invites.push_back({one.key(), one.role(), one.expires_ms(),
                            ReplicaId::Of(one.by()).value_or(ReplicaId()), one.sequence(),
                            ReplicaId::Of(one.used_by()).value_or(ReplicaId()), one.withdrawn()});
  }
  return town;
}

void EncodeLost(const ledger::Lost& lost, v1::LostState& state) {
  state.set_hash(std::string(lost.hash.bytes()));
  state.set_sequence(lost.sequence);
  state.set_previous(std::string(lost.previous.bytes()));
  state.set_fork(lost.fork);
  state.set_readmitted(lost.readmitted);
  state.set_replica(std::string(lost.replica.bytes()));
  state.set_number(lost.number);
}

absl::StatusOr<ledger::Lost> DecodeLost(const v1::LostState& state) {
  std::optional<Hash> hash = Hash::Of(state.hash());
  std::optional<Hash> previous = Hash::Of(state.previous());
  std::optional<ReplicaId> replica = ReplicaId::Of(state.replica());
  if (!hash || !previous || !replica) return Damaged("a readmitted entry without a hash");
  return ledger::Lost{*hash,    *previous,     state.sequence(), state.fork(), state.readmitted(),
                      *replica, state.number()};
}

}  // namespace

class PlanCodec {
 public:
  static v1::PlanFacts Encode(const Plan& plan) {
    v1::PlanFacts facts;
    facts.set_ledger(std::string(plan.ledger_.bytes()));
    facts.set_name(plan.name_);
    facts.set_sequence(plan.head_.sequence);
    facts.set_hash(std::string(plan.head_.hash.bytes()));
    facts.set_epoch(plan.epoch_);
    facts.set_semantics(plan.semantics_);
    facts.set_schema(plan.schema_bytes_);
    for (const Town& town : plan.towns()) EncodeTown(town, *facts.add_towns());
    for (const Member& member : plan.members()) EncodeMember(member, *facts.add_members());
    for (Sequence sequence : plan.ignored_) facts.add_ignored(sequence);
    for (const ledger::Lost& lost : plan.lineage_.all()) EncodeLost(lost, *facts.add_lost());
    for (const auto& [commitment, value] : plan.personal_) {
      v1::PersonalState& state = *facts.add_personal();
      state.set_commitment(commitment);
      state.set_value(value);
    }
    return facts;
  }

  static absl::Status Decode(const v1::PlanFacts& facts, Plan& plan) {
    std::optional<LedgerId> ledger = LedgerId::Of(facts.ledger());
    std::optional<Hash> hash = Hash::Of(facts.hash());
    if (!ledger || !hash) return Damaged("no ledger or head");
    plan.ledger_ = *ledger;
    plan.name_ = facts.name();
    plan.head_ = {facts.sequence(), *hash};
    plan.epoch_ = facts.epoch();
    plan.semantics_ = facts.semantics();
    plan.schema_bytes_ = facts.schema();
    TWINNING_ASSIGN_OR_RETURN(plan.schema_, merge::Schema::FromDescriptorSet(facts.schema()));
    for (const v1::TownState& state : facts.towns()) {
      TWINNING_ASSIGN_OR_RETURN(Town town, DecodeTown(state));
      plan.roster_.Restore(std::move(town));
    }
    for (const v1::MemberState& state : facts.members()) {
      TWINNING_ASSIGN_OR_RETURN(Member member, DecodeMember(state));
      plan.roster_.Restore(std::move(member));
    }
    // A town's first member is confirmed: facts without any are of a program that did not know
    // that.
    const std::vector<Member>& members = plan.members();
    if (!members.empty() && std::none_of(members.begin(), members.end(),
                                         [](const Member& one) { return one.confirmed(); })) {
      return Damaged("it was stored by an older program");
    }
    plan.ignored_.insert(facts.ignored().begin(), facts.ignored().end());
    for (const v1::LostState& state : facts.lost()) {
      TWINNING_ASSIGN_OR_RETURN(ledger::Lost lost, DecodeLost(state));
      plan.lineage_.Add(lost);
    }
    for (const v1::PersonalState& state : facts.personal()) {
      plan.personal_[state.commitment()] = state.value();
    }
    return absl::OkStatus();
  }

  static void Load(Plan& plan, merge::Record record) {
    plan.undigested_.insert(record.id);
    plan.records_.Put(std::move(record));
  }
};

std::string EncodeFacts(const Plan& plan) { return PlanCodec::Encode(plan).SerializeAsString(); }

absl::StatusOr<Plan> DecodeFacts(std::string_view bytes, const ledger::EntrySource& past) {
  v1::PlanFacts facts;
  if (!facts.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Damaged("its facts cannot be read");
  }
  Plan plan(past);
  TWINNING_RETURN_IF_ERROR(PlanCodec::Decode(facts, plan));
  return plan;
}

absl::Status LoadRecord(Plan& plan, std::string_view bytes, bool trusted) {
  TWINNING_ASSIGN_OR_RETURN(merge::Record record, merge::DecodeRecord(bytes, trusted));
  PlanCodec::Load(plan, std::move(record));
  return absl::OkStatus();
}

}  // namespace twinning::plan
