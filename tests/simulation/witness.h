// Who agreed to which words. Told of every agreement at the moment when it is written, with the
// terms as its author saw them, and later asked whether a plan shows anybody as agreeing to
// something else. Writes the terms down in its own way, so that it does not believe the digest that
// it checks.
#pragma once

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "common/plan/plan.h"

namespace twinning::simulation {

class Witness {
 public:
  // `town` agrees to the terms of `record` as `view` shows them, texts in `languages`.
  void Agreed(const plan::Plan& view, const merge::Record& record, const TownId& town,
              const std::vector<std::string>& languages);

  // One sentence for every town that `plan` shows as agreeing to what it never agreed to, and for
  // every record that it shows as agreed while a term has an open conflict.
  std::vector<std::string> Check(const plan::Plan& plan) const;

 private:
  std::set<std::tuple<TownId, RecordId, std::string>> agreed_;
};

// What a plan shows of agreements and positions, and what it asks of the first town, as text to be
// compared.
std::string StandingText(const plan::Plan& plan);
// The same of conflicts, settled ones included.
std::string ConflictsText(const plan::Plan& plan);

}  // namespace twinning::simulation
