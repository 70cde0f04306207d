// What a replica's member may do to a record, asked of the plan before anything is typed: the same
// judgement that a change would meet. Changes nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/desk/json.h"
#include "client/replica/replica.h"

namespace twinning::desk {

struct Right {
  std::string name;                    // a field's, or what is done: "delete", "agree" ...
  std::string label;                   // as people read it
  std::optional<std::string> refusal;  // why not; none: may
};

struct Rights {
  std::vector<Right> fields;  // in the schema's order
  std::vector<Right> deeds;   // what concerns the record whole
  // What changing its terms would come to: these towns' agreements lapse, these positions are to be
  // confirmed again.
  std::vector<TownId> agreements;
  std::vector<TownId> positions;
};

Rights RightsOn(const client::Replica& replica, const merge::Record& record);

std::string RightsReport(const plan::Plan& view, const merge::Record& record, const Rights& rights);
Json RightsJson(const plan::Plan& view, const merge::Record& record, const Rights& rights);

}  // namespace twinning::desk
