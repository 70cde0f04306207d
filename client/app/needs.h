// What needs the town, worked out once for as long as plan and day stay the same: looking through
// a whole plan takes a while, and every page that opens asks. For the replica's thread.
#pragma once

#include <optional>
#include <vector>

#include "client/replica/replica.h"
#include "common/plan/attention.h"

namespace twinning::app {

class Needs {
 public:
  explicit Needs(const client::Replica& replica) : replica_(replica) {}

  // As plan::Attention, of the replica's view. Valid until the next call.
  const std::vector<plan::AttentionItem>& On(Days today);

 private:
  // What the view is made of, and the day.
  struct Moment {
    ledger::Head head;
    Number last = 0;
    Number acknowledged = 0;
    Days today{};
    bool operator==(const Moment&) const = default;
  };

  const client::Replica& replica_;
  std::optional<Moment> moment_;
  std::vector<plan::AttentionItem> items_;
};

}  // namespace twinning::app
