// Towns and the people who act for them, as the ledger says. A membership is confirmed when the
// town itself stands behind it, and not only the server's operator:
//
//   the first member of a town                is its first coordinator; people compare its key
//   enrolled by a coordinator's invitation    by that coordinator
//   appointed                                 by whoever appointed it
//   a copy of a replica                       as the replica that it is a copy of
//   vouched for by another town               when nobody is left who speaks for its own
//
// Who is not confirmed reads and edits, and says nothing in the town's name; see mandate.h. A plan
// has one, and so has whoever checks a proof. Pure; not for two threads at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/base/ids.h"
#include "common/merge/record.h"
#include "twinning/v1/change.pb.h"

namespace twinning::plan {

// A coordinator's invitation, good for one replica.
struct Invite {
  std::string key;  // Ed25519 public key of the invitation
  v1::Role role = v1::ROLE_UNSPECIFIED;
  int64_t expires_ms = 0;  // for the server to judge
  ReplicaId by;
  Sequence sequence = 0;
  ReplicaId used_by;       // none: nobody yet
  Sequence withdrawn = 0;  // 0: not
};

struct Town {
  TownId id;
  std::string name;
  Sequence admitted = 0;
  std::vector<Invite> invites = {};  // in ledger order
};

// One replica and the person behind it. Its place in members() is its merge::ReplicaIndex.
struct Member {
  ReplicaId replica;
  TownId town;
  std::string name;
  std::string key;  // Ed25519 public key
  v1::Role role = v1::ROLE_UNSPECIFIED;
  Sequence enrolled = 0;
  Sequence revoked = 0;         // 0: not
  ReplicaId continues;          // the replica that this one is a copy of; mostly none
  Number continues_number = 0;  // up to this change
  ReplicaId confirmed_by;       // itself: its town's first coordinator; none: not confirmed
  std::vector<TownId> vouched;  // other towns whose people compared its key; ascending

  struct RefusedRecords {
    Sequence sequence = 0;
    std::vector<RecordId> records;
  };
  std::vector<RefusedRecords> refused;

  bool confirmed() const { return !confirmed_by.empty(); }
};

class Roster {
 public:
  const std::vector<Town>& towns() const { return towns_; }        // by admission
  const std::vector<Member>& members() const { return members_; }  // by enrolment
  const Town* FindTown(const TownId& id) const;
  const Member* FindMember(const ReplicaId& replica) const;
  const Member* FindKey(std::string_view key) const;
  std::optional<merge::ReplicaIndex> IndexOf(const ReplicaId& replica) const;
  std::string TownName(const TownId& id) const;  // the short id when there is no such town

  // What the operator says, in entry `sequence`. That a copied replica or an invitation's holder
  // signed for the key is for ledger::Chain to check before.
  enum class Taken { kDone, kUnreadable, kUnknown };  // unknown: of a newer program
  Taken Take(const v1::Membership& statement, Sequence sequence);

  // What a town says, by a change of `author` that was judged (see mandate.h) and is entry
  // `sequence`.
  void Take(const v1::MandateStatement& said, const ReplicaId& author, Sequence sequence);

  Member& Edit(merge::ReplicaIndex index) { return members_[index]; }
  // As stored, in order.
  void Restore(Town town) { towns_.push_back(std::move(town)); }
  void Restore(Member member);

  // What a state digest covers of it.
  void AppendTo(std::string& bytes) const;

 private:
  Taken Enrol(const v1::Membership& statement, Sequence sequence);
  void Confirm(const v1::Membership& statement, Member& member);
  void AdmitByInvite(const v1::Membership& statement, Member& member);
  static void ChangeRole(v1::Role role, Member& member);
  void Vouch(const TownId& town, const ReplicaId& by, Member& member) const;
  Town* EditTown(const TownId& id);

  std::vector<Town> towns_;
  std::vector<Member> members_;
  std::unordered_map<ReplicaId, merge::ReplicaIndex> index_;
};

}  // namespace twinning::plan
