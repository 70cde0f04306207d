// Who takes part in a partnership, how far each replica has come, and what each person may do.
#include <algorithm>

#include "common/base/status.h"
#include "common/plan/people.h"
#include "common/plan/titles.h"
#include "server/admin/office.h"

namespace twinning::server {
namespace {

v1::ReplicaInfo InfoOf(const sync::ServerPartnership& partnership, const plan::Member& member) {
  v1::ReplicaInfo info;
  info.set_replica(std::string(member.replica.bytes()));
  info.set_member(member.name);
  info.set_town(plan::TownName(partnership.plan(), member.town));
  info.set_role(member.role);
  info.set_revoked(member.revoked);
  info.set_confirmed(member.confirmed());
  info.set_connected(partnership.Connected(member.replica));
  auto known = partnership.progress().find(member.replica);
  if (known == partnership.progress().end()) {
    info.set_behind(partnership.durable().sequence);
    return info;
  }
  const sync::ReplicaProgress& progress = known->second;
  const Sequence head = partnership.durable().sequence;
  info.set_seen_ms(progress.seen_ms);
  info.set_software(progress.software);
  info.set_sequence(progress.sequence);
  info.set_behind(head - std::min(head, progress.sequence));
  info.set_outbox(progress.outbox);
  info.set_verified(progress.verified);
  if (progress.verified != 0) info.set_digest(std::string(progress.digest.bytes()));
  info.set_differs(progress.digest_matches == false);
  return info;
}

absl::StatusOr<v1::ChangeRoleResponse> Change(sync::ServerPartnership& partnership,
                                              const v1::ChangeRoleRequest& request,
                                              int64_t now_ms) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<const plan::Member*> meant,
                            plan::Meant(partnership.plan(), request.who(), "no role was changed"));
  std::vector<ReplicaId> replicas;
  for (const plan::Member* member : meant) replicas.push_back(member->replica);
  v1::ChangeRoleResponse response;
  for (const ReplicaId& replica : replicas) {
    TWINNING_ASSIGN_OR_RETURN(Sequence sequence,
                              partnership.ChangeRole(replica, request.role(), now_ms));
    response.set_sequence(sequence);
  }
  for (const ReplicaId& replica : replicas) {
    *response.add_replicas() = InfoOf(partnership, *partnership.plan().FindMember(replica));
  }
  return response;
}

}  // namespace

absl::StatusOr<v1::ReplicasResponse> Office::Replicas(Sequencer& sequencer,
                                                      const std::string& partnership) {
  TWINNING_ASSIGN_OR_RETURN(LedgerId ledger, Resolve(sequencer, partnership));
  TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * found, sequencer.Find(ledger));
  v1::ReplicasResponse response;
  response.set_head(found->durable().sequence);
  for (const plan::Member& member : found->plan().members()) {
    *response.add_replicas() = InfoOf(*found, member);
  }
  return response;
}

void Office::ChangeRole(Sequencer& sequencer, const v1::ChangeRoleRequest& request,
                        const std::string& by, Done<v1::ChangeRoleResponse> done) {
  if (!v1::Role_IsValid(request.role()) || request.role() == v1::ROLE_UNSPECIFIED) {
    return done(InvalidArgument("there is no such role"));
  }
  absl::StatusOr<LedgerId> ledger = Resolve(sequencer, request.partnership());
  if (!ledger.ok()) return done(ledger.status());
  absl::StatusOr<sync::ServerPartnership*> found = sequencer.Find(*ledger);
  if (!found.ok()) return done(found.status());
  absl::StatusOr<v1::ChangeRoleResponse> response = Change(**found, request, sequencer.now_ms());
  if (!response.ok()) return done(response.status());
  for (const v1::ReplicaInfo& replica : response->replicas()) {
    records_.audit.Note("role changed", {{"by", by},
                                         {"partnership", (*found)->plan().name()},
                                         {"town", replica.town()},
                                         {"member", replica.member()},
                                         {"replica", HexOf(replica.replica())},
                                         {"role", v1::Role_Name(replica.role())}});
  }
  sequencer.WhenDurable(*ledger, response->sequence(),
                        [response, done = std::move(done)](const absl::Status& durable) {
                          done(durable.ok() ? response : durable);
                        });
}

}  // namespace twinning::server
