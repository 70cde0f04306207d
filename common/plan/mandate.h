// Who speaks for a town and who may say so: the rights behind mandates, and how one is made. The
// same answers in server, replica, proof and before typing. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/crypto/ed25519.h"
#include "common/plan/refusal.h"
#include "common/plan/roster.h"

namespace twinning::plan {

class Plan;

// What a mandate's signature covers.
std::string SignedMandate(std::string_view statement);

// A member whose word is the town's: confirmed, not revoked, representative or coordinator.
bool Speaks(const Member& member);

// Whether the member may appoint, dismiss and invite for its town: a coordinator, or a
// representative when the town has no coordinator left. A sentence when not.
std::optional<std::string> MayNotCoordinate(const Roster& roster, const Member& member);

// Whether nobody is left who speaks for the town: then another town vouches for its next
// coordinator.
bool HasNobodyToSpeak(const Roster& roster, const TownId& town);

// The member whose key people had to compare for this one to be confirmed: the first coordinator of
// its town, or who came after that with another town's word. Null: it is not confirmed.
const Member* RootOf(const Roster& roster, const Member& member);

// Whether people of `town` compared the key that the member's membership rests on. Its own town
// need not.
bool ComparedBy(const Roster& roster, const Member& member, const TownId& town);

// These and all copies of them that are not revoked: whoever holds a replica's key can make some,
// so they go with it.
std::vector<const Member*> WithCopies(const Roster& roster, std::vector<const Member*> members);

// The open invite of this key, with its town; null when there is none, it was used or withdrawn, or
// who made it may no longer.
struct OpenInvite {
  const Town* town = nullptr;
  const Invite* invite = nullptr;
};
OpenInvite FindInvite(const Roster& roster, std::string_view key);
bool IsOpen(const Roster& roster, const Invite& invite);

// Whether `author` may say it, in an edit of `record`, of a change that was made on `base`. The
// statement's signature is checked too. None: it may.
struct MandateCase {
  const Roster& roster;
  const LedgerId& ledger;
  const Member& author;
  RecordId record;
  Sequence base = 0;
};
std::optional<Refusal> JudgeMandate(const MandateCase& where, const v1::Mandate& mandate);

// The edit by which `author` says what `decision`, `key`, `role` and `expires_ms` of `said` tell,
// on what `view` shows. `of` is the town whose member or invitation it is about.
v1::Edit MandateEdit(const Plan& view, const Member& author, const SigningKey& key,
                     const TownId& of, v1::MandateStatement said);

}  // namespace twinning::plan
