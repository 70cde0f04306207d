// What towns say of their members.
#include <fmt/core.h>

#include <algorithm>

#include "common/plan/mandate.h"
#include "tests/simulation/workload.h"

namespace twinning::simulation {
namespace {

// Nobody is left without anybody who speaks for the town: those who agree are what is watched.
constexpr v1::Role kRoles[] = {v1::EDITOR, v1::REPRESENTATIVE, v1::REPRESENTATIVE, v1::COORDINATOR};

}  // namespace

// Whom the operator enrolled waits for a while for the town's word, and says nothing for it
// meanwhile.
bool Workload::DecideOnMembers(const client::Replica& replica, const plan::Plan& view) {
  const plan::Member* own = view.FindMember(replica.identity().replica);
  if (own == nullptr) return false;
  const bool may = !plan::MayNotCoordinate(view.roster(), *own);
  std::vector<const plan::Member*> some;
  bool waiting = false;
  for (const plan::Member& member : view.members()) {
    const bool colleague = member.town == own->town;
    bool known = colleague ? member.confirmed() && !random_.OneIn(4)
                           : plan::ComparedBy(view.roster(), member, own->town);
    // Who has no right to tries it now and then.
    bool tries = random_.OneIn(32) || (colleague ? may : plan::Speaks(*own));
    if (!known && tries && member.revoked == 0) some.push_back(&member);
    waiting = waiting || (colleague && may && !member.confirmed());
  }
  if (!waiting && !random_.OneIn(32)) return false;
  v1::MandateStatement said;
  if (some.empty()) {
    if (!may) return false;
    said.set_decision(v1::MandateStatement::INVITE);
    said.set_key(random_.Bytes(kPublicKeySize));
    said.set_role(v1::EDITOR);
    said_ = "invites somebody";
    draft_.edits.push_back(plan::MandateEdit(view, *own, replica.key(), own->town, said));
    return true;
  }
  const plan::Member& member = *random_.Pick(some);
  const bool colleague = member.town == own->town;
  said.set_decision(colleague ? v1::MandateStatement::APPOINT : v1::MandateStatement::VOUCH);
  said.set_key(member.key);
  if (colleague) said.set_role(kRoles[random_.Below(std::size(kRoles))]);
  said_ = fmt::format("{} {}", colleague ? "appoints" : "vouches for", member.name);
  draft_.edits.push_back(plan::MandateEdit(view, *own, replica.key(), member.town, said));
  return true;
}

}  // namespace twinning::simulation
