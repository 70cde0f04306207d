#include "tests/scenarios/runner/bare_stage.h"

#include <fmt/core.h>

#include "common/base/status.h"

namespace twinning::scenarios {

absl::Status BareStage::Join(const std::string& name, const std::string& town) {
  world_.Join(name, town);
  people_.insert(name);
  return absl::OkStatus();
}

const plan::Plan& BareStage::View(const std::string& name) { return world_[name].view(); }

ledger::Head BareStage::Confirmed(const std::string& name) {
  return world_[name].confirmed().head();
}

TownId BareStage::TownOf(const std::string& name) { return world_[name].town(); }

const SigningKey& BareStage::Key(const std::string& name) { return world_[name].key(); }

Number BareStage::LastNumber(const std::string& name) { return world_[name].authored().size(); }

absl::StatusOr<plan::Change> BareStage::OwnChange(const std::string& name, Number number) {
  const std::vector<plan::Change>& authored = world_[name].authored();
  if (number == 0 || number > authored.size()) return NotFound("there is no such change");
  return authored[number - 1];
}

absl::StatusOr<Stage::Drawer> BareStage::Refused(const std::string& name) {
  Drawer drawer;
  for (const auto& [change, refusal] : world_.Refused(name)) {
    drawer.emplace_back(change, refusal.reason);
  }
  return drawer;
}

absl::StatusOr<std::optional<plan::Refusal>> BareStage::Write(const std::string& name,
                                                              const client::Replica::Draft& draft,
                                                              int64_t time_ms) {
  world_[name].SetClock(time_ms);
  return world_[name].Write(draft.edits, draft.personal);
}

absl::Status BareStage::Force(const std::string& name, const client::Replica::Draft& draft,
                              int64_t time_ms) {
  world_[name].SetClock(time_ms);
  world_[name].Force(draft.edits, draft.personal);
  return absl::OkStatus();
}

absl::Status BareStage::Sync(const std::string& name) {
  world_.Sync(name);
  return absl::OkStatus();
}

absl::Status BareStage::Receive(const std::string& name) {
  world_.Fetch(name);
  return absl::OkStatus();
}

absl::Status BareStage::CheckEqual() {
  for (const std::string& name : people_) {
    if (!world_[name].outbox().empty()) {
      return Internal(fmt::format("{} has not sent everything", name));
    }
    if (world_[name].confirmed().Digest() != world_.server().Digest()) {
      return Internal(fmt::format("{} and the server have different digests", name));
    }
  }
  return absl::OkStatus();
}

}  // namespace twinning::scenarios
