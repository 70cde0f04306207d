// What people do: one change at a time, chosen at random from all that the schema allows, on what
// they see. The values are few, so that towns often write the same field; most of it is allowed,
// some is refused at once, which people live with.
#pragma once

#include <string>
#include <vector>

#include "client/replica/replica.h"
#include "common/plan/plan.h"
#include "tests/simulation/random.h"
#include "tests/simulation/witness.h"

namespace twinning::simulation {

class Workload {
 public:
  // Both must outlive it.
  Workload(Random& random, Witness& witness) : random_(random), witness_(witness) {}

  // The draft of one change by `replica`'s member; what was chosen is in said().
  absl::StatusOr<client::Replica::Draft> Make(const client::Replica& replica,
                                              const plan::Plan& view);
  // The payload of a change that a modified program would make, which the server must refuse.
  std::string Forbidden(const client::Replica& replica, const plan::Plan& view);
  // Creates one activity with this id and title, as everybody does when all is well again.
  static client::Replica::Draft Greeting(const RecordId& id, const std::string& title);

  const std::string& said() const { return said_; }

 private:
  using Edits = std::vector<v1::Edit>;
  struct Found {
    const merge::Record* record = nullptr;
    const merge::Kind* kind = nullptr;
  };

  void Do(const client::Replica& replica, const plan::Plan& view);
  bool DecideOnMembers(const client::Replica& replica, const plan::Plan& view);
  void Create(const plan::Plan& view);
  void EditSome(const plan::Plan& view);
  void EditField(const plan::Plan& view, const Found& found, const merge::Field& field);
  void Type(const Found& found, const merge::Field& field);
  void Delete(const plan::Plan& view);
  void Restore(const Found& found);
  void Agree(const client::Replica& replica, const plan::Plan& view);
  void Withdraw(const plan::Plan& view);
  void Position(const plan::Plan& view);
  void Settle(const plan::Plan& view);
  void Reopen(const plan::Plan& view);
  void Undo(const client::Replica& replica, const plan::Plan& view);
  void Confirm(const plan::Plan& view);
  void Ratify(const plan::Plan& view);

  Found Pick(const plan::Plan& view, bool (*wanted)(const merge::Kind&));
  const merge::Kind& PickKind(const plan::Plan& view);
  merge::Value ValueFor(const plan::Plan& view, const merge::Field& field);
  merge::Value MemberFor(const merge::Member& member);
  merge::Value Named(const plan::Plan& view, const merge::Field& field);
  std::string Word();
  RecordId FreshId();
  v1::Edit& Add(const RecordId& record);
  void Say(const std::string& what, const Found& found);

  Random& random_;
  Witness& witness_;
  TownId town_;
  client::Replica::Draft draft_;
  std::string said_;
};

}  // namespace twinning::simulation
