// Where a scenario is played: a partnership with its people, who write offline and sync when told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "client/replica/replica.h"
#include "common/plan/plan.h"

namespace twinning::scenarios {

class Stage {
 public:
  virtual ~Stage() = default;

  // Somebody joins and has synced; the town is admitted when it is not there yet.
  virtual absl::Status Join(const std::string& name, const std::string& town) = 0;

  // What somebody sees: valid until they write or sync.
  virtual const plan::Plan& View(const std::string& name) = 0;
  virtual ledger::Head Confirmed(const std::string& name) = 0;
  virtual TownId TownOf(const std::string& name) = 0;
  virtual const SigningKey& Key(const std::string& name) = 0;
  virtual Number LastNumber(const std::string& name) = 0;
  virtual absl::StatusOr<plan::Change> OwnChange(const std::string& name, Number number) = 0;
  using Drawer = std::vector<std::pair<plan::Change, v1::RefusalReason>>;
  virtual absl::StatusOr<Drawer> Refused(const std::string& name) = 0;

  // One change, by that person's clock. An answer: their own plan does not take it.
  virtual absl::StatusOr<std::optional<plan::Refusal>> Write(const std::string& name,
                                                             const client::Replica::Draft& draft,
                                                             int64_t time_ms) = 0;
  // The same without asking the own plan, as a modified client would.
  virtual absl::Status Force(const std::string& name, const client::Replica::Draft& draft,
                             int64_t time_ms) = 0;

  // Sends what was written and takes in what others did.
  virtual absl::Status Sync(const std::string& name) = 0;
  // Takes in what others did, and sends nothing yet.
  virtual absl::Status Receive(const std::string& name) = 0;
  // OK when everybody has synced, and server and replicas hold the same.
  virtual absl::Status CheckEqual() = 0;
};

}  // namespace twinning::scenarios
