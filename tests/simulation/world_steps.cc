// The steps of a script.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "common/base/status.h"
#include "tests/simulation/world.h"

namespace twinning::simulation {
namespace {

constexpr int64_t kTenYearsMs = 10 * 365 * 86'400'000LL;

}  // namespace

void World::Take(const Step& step) {
  using Play = void (World::*)();
  static const std::map<Do, Play> kPlays = {
      {Do::kWrite, &World::Write},
      {Do::kForce, &World::Force},
      {Do::kHappen, &World::HappenSome},
      {Do::kJoin, &World::JoinOne},
      {Do::kBreak, &World::BreakOne},
      {Do::kStall, &World::Stall},
      {Do::kGoOn, &World::GoOn},
      {Do::kCut, &World::Cut},
      {Do::kMend, &World::Mend},
      {Do::kKill, &World::KillOne},
      {Do::kPowerFails, &World::PowerFails},
      {Do::kRestart, &World::RestartOne},
      {Do::kStop, &World::StopOne},
      {Do::kDiskFails, &World::FailOneDisk},
      {Do::kClockJumps, &World::JumpClock},
      {Do::kRestore, &World::Restore},
      {Do::kCopyBack, &World::CopyBack},
      {Do::kFinish, &World::FinishRecovery},
      {Do::kLook, &World::Look},
  };
  random_ = Random(step.seed);
  now_ms_ += random_.Between(0, 2'000);
  if (traced_) {
    result_.trace.push_back(
        fmt::format("{:4} {}", &step - script_.steps.data(), NameOf(step.what)));
  }
  (this->*kPlays.at(step.what))();
  BuryTheDead();
}

void World::HappenSome() {
  size_t events = 1 + random_.Below(30);
  for (size_t i = 0; i < events && result_.broken.empty(); ++i) {
    if (!HappenOne()) return;
  }
}

void World::Write() {
  Office* office = PickUp();
  if (office == nullptr || office->replica().empty()) return;
  auto make = [&](const plan::Plan& view) { return workload_.Make(office->replica(), view); };
  std::string ended = office->Write(make, Now(office), random_.OneIn(8));
  Say(fmt::format("{} {}: {}", office->member(), workload_.said(), ended));
}

void World::Force() {
  Office* office = PickUp();
  if (office == nullptr || !office->replica().Refresh().ok() || office->replica().empty()) return;
  std::string payload = workload_.Forbidden(office->replica(), office->replica().view());
  std::string ended = office->Force(payload, Now(office));
  Say(fmt::format("{} {}: {}", office->member(), workload_.said(), ended));
}

void World::JoinOne() {
  for (const std::unique_ptr<Office>& office : offices_) {
    if (office->enrolled()) continue;
    Join(*office);
    return Say(office->member() + " is enrolled");
  }
}

void World::BreakOne() {
  if (network_.lines().empty()) return;
  const std::shared_ptr<Line>& line = random_.Pick(network_.lines());
  network_.Break(*line);
  ++result_.counts.breaks;
  Say(fmt::format("connection {} breaks", line->id));
}

void World::Stall() {
  for (const std::shared_ptr<Line>& line : network_.lines()) {
    if (random_.OneIn(2)) line->stalled = true;
  }
}

void World::GoOn() {
  for (const std::shared_ptr<Line>& line : network_.lines()) {
    if (random_.OneIn(2)) line->stalled = false;
  }
}

void World::Cut() {
  Office* office = PickUp();
  if (office == nullptr) return;
  network_.Cut(office->replica_id());
  Say(office->member() + " goes offline");
}

void World::Mend() {
  for (const std::unique_ptr<Office>& office : offices_) {
    if (random_.OneIn(2)) network_.Mend(office->replica_id());
  }
}

void World::DieOne(bool power_lost) {
  Office* office = random_.OneIn(3) ? nullptr : PickUp();
  power_[office] = power_lost;
  Computer& computer = office == nullptr ? server_.computer() : office->computer();
  size_t effects = random_.Below(random_.OneIn(2) ? 6 : 40);
  Say(fmt::format("{} dies after {} effects", office ? office->member() : "the server", effects));
  computer.DieAfter(effects);
}

void World::RestartOne() {
  std::vector<Office*> down;
  for (const std::unique_ptr<Office>& office : offices_) {
    if (office->enrolled() && !office->up()) down.push_back(office.get());
  }
  bool server = !server_.up() && (down.empty() || random_.OneIn(2));
  if (server) return StartServer();
  if (!down.empty()) Start(*random_.Pick(down));
}

void World::StopOne() {
  Office* office = random_.OneIn(4) ? nullptr : PickUp();
  if (office != nullptr) {
    office->Stop();
    return Say(office->member() + " stops");
  }
  if (!server_.up()) return;
  Commit();
  if (!server_.up() || server_.computer().dead()) return;
  server_.sequencer()->End();
  StopServer(false);
  Say("the server stops");
}

void World::FailOneDisk() {
  Office* office = random_.OneIn(3) ? nullptr : PickUp();
  troubled_[office] = true;
  size_t after = random_.Below(12);
  size_t failures = 1 + random_.Below(random_.OneIn(2) ? 2 : 12);
  office == nullptr ? server_.FailDisk(after, failures) : office->disk().FailAfter(after, failures);
  ++result_.counts.disk_failures;
  Say(fmt::format("the disk of {} fails {} times after {} writes",
                  office ? office->member() : "the server", failures, after));
}

void World::JumpClock() {
  const Office* office = random_.OneIn(3) ? nullptr : PickUp();
  clocks_[office] = random_.Between(-kTenYearsMs, kTenYearsMs);
}

void World::PutBack(bool by_tool) {
  if (!server_.up()) return;
  auto partnership = server_.sequencer()->Find(ledger_);
  if (!partnership.ok()) return;
  Sequence head = (*partnership)->durable().sequence;
  Sequence to = head - random_.Below(std::min<Sequence>(head, random_.OneIn(3) ? head : 20));
  StopServer(false);
  server_.Spare();
  to = server_.PutBack(ledger_, to, by_tool);
  if (to == 0) return Broken("the server cannot be put back");
  history_.push_back({Seen::kRestored, {}, 0, to, {}});
  restored_ = true;
  network_.ServerWasPutBack();
  ++result_.counts.restores;
  Say(fmt::format("the server is put back from entry {} to {}{}", head, to,
                  by_tool ? "" : ", by a file copy"));
  StartServer();
}

void World::FinishRecovery() {
  if (!server_.up() || !server_.sequencer()->FinishRecovery(ledger_).ok()) return;
  uncommitted_ = true;
  Say("the recovery is ended");
}

void World::Look() {
  for (Office* office : Up()) {
    if (office->replica().empty()) continue;
    for (const std::string& wrong : witness_.Check(office->replica().view())) {
      Broken(office->member() + ": " + wrong);
    }
  }
}

}  // namespace twinning::simulation
