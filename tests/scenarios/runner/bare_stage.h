// The stage without network and disk: the state machines of tests/support/world.h alone.
#pragma once

#include <set>

#include "tests/scenarios/runner/stage.h"
#include "tests/support/world.h"

namespace twinning::scenarios {

class BareStage final : public Stage {
 public:
  absl::Status Join(const std::string& name, const std::string& town) override;
  const plan::Plan& View(const std::string& name) override;
  ledger::Head Confirmed(const std::string& name) override;
  TownId TownOf(const std::string& name) override;
  const SigningKey& Key(const std::string& name) override;
  Number LastNumber(const std::string& name) override;
  absl::StatusOr<plan::Change> OwnChange(const std::string& name, Number number) override;
  absl::StatusOr<Drawer> Refused(const std::string& name) override;
  absl::StatusOr<std::optional<plan::Refusal>> Write(const std::string& name,
                                                     const client::Replica::Draft& draft,
                                                     int64_t time_ms) override;
  absl::Status Force(const std::string& name, const client::Replica::Draft& draft,
                     int64_t time_ms) override;
  absl::Status Sync(const std::string& name) override;
  absl::Status Receive(const std::string& name) override;
  absl::Status CheckEqual() override;

 private:
  testing::World world_{{}};
  std::set<std::string> people_;
};

}  // namespace twinning::scenarios
