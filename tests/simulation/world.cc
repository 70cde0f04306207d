// The steps of a script.
#include "tests/simulation/world.h"

#include <fmt/core.h>

#include <filesystem>
#include <utility>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "tests/simulation/server_log.h"

namespace twinning::simulation {
namespace {

constexpr int64_t kTenYearsMs = 10 * 365 * 86'400'000LL;

TownId TownNumber(size_t town) {
  return *TownId::Of(Sha256(fmt::format("town {}", town)).bytes().substr(0, TownId::kSize));
}

Hash FingerprintOf(const History& history) {
  std::string bytes;
  for (const Event& event : history) {
    AppendVarint(static_cast<uint64_t>(event.seen), bytes);
    bytes.append(event.replica.bytes());
    AppendVarint(event.number, bytes);
    AppendVarint(event.sequence, bytes);
    bytes.append(event.hash.bytes());
  }
  return Sha256(bytes);
}

std::string TownName(size_t town) {
  constexpr const char* kNames[] = {"Exampleton", "Exempleville", "Beispielstadt", "Esempio",
                                    "Ejemplo"};
  return kNames[town];
}

}  // namespace

World::World(const Script& script, std::string folder, bool trace)
    : script_(script),
      traced_(trace),
      random_(script.seed),
      ledger_(*LedgerId::Of("partnership-0001")),
      server_(folder + "/server", {script.sqlite, script.limits}, random_),
      network_(
          server_.computer(), [this] { return server_.sequencer(); }, random_, history_),
      workload_(random_, witness_) {
  InstallDisks();
  LoggedErrors().clear();
  for (size_t town = 0; town < script.replicas.size(); ++town) {
    for (size_t replica = 0; replica < script.replicas[town]; ++replica) {
      std::string name = fmt::format("{}{}", TownName(town), replica + 1);
      offices_.push_back(std::make_unique<Office>(folder + "/" + name, name, TownNumber(town),
                                                  network_, random_, history_));
    }
  }
}

World::~World() = default;

Counts& Counts::operator+=(const Counts& other) {
  entries += other.entries;
  refusals += other.refusals;
  values += other.values;
  passages += other.passages;
  deletions += other.deletions;
  settled += other.settled;
  diverged += other.diverged;
  agreed += other.agreed;
  deaths += other.deaths;
  breaks += other.breaks;
  disk_failures += other.disk_failures;
  return *this;
}

Result World::Run() {
  SetUp();
  for (const Step& step : script_.steps) {
    if (!result_.broken.empty()) break;
    Take(step);
  }
  random_ = Random(script_.seed + 1);
  if (result_.broken.empty()) Heal();
  if (result_.broken.empty()) Judge();
  result_.fingerprint = FingerprintOf(history_);
  return std::move(result_);
}

void World::Broken(const std::string& what) {
  Say("BROKEN: " + what);
  result_.broken.push_back(what);
}

void World::Say(const std::string& what) {
  if (traced_) result_.trace.push_back("    " + what);
}

// --- Set-up --------------------------------------------------------------------------------------

void World::SetUp() {
  StartServer();
  if (!server_.up()) return;
  absl::Status founded = server_.sequencer()->Found(ledger_, "Link with France");
  if (!founded.ok()) return Broken("cannot found: " + MessageOf(founded));
  Commit();
  size_t first = script_.begins_in_step ? offices_.size() : 2;
  for (size_t i = 0; i < first; ++i) {
    Join(*offices_[i]);
    Commit();
    Start(*offices_[i]);
  }
  if (script_.begins_in_step) Drain("before the first step");
  network_.RepeatOneIn(script_.repeat_one_in);
}

// As an operator's invitation does it, once it is redeemed.
void World::Join(Office& office) {
  if (!server_.up()) return;
  auto partnership = server_.sequencer()->Find(ledger_);
  if (!partnership.ok()) return Broken("no partnership: " + MessageOf(partnership.status()));
  absl::Status admitted = absl::OkStatus();
  int64_t now_ms = Now(nullptr);
  if ((*partnership)->plan().FindTown(office.town()) == nullptr) {
    admitted = (*partnership)->AdmitTown(office.town(), "Town of " + office.member(), now_ms);
  }
  sync::NewMember member{office.town(), office.member(), office.public_key(), v1::REPRESENTATIVE};
  absl::StatusOr<Sequence> enrolled = (*partnership)->Enrol(member, now_ms);
  uncommitted_ = true;
  if (!admitted.ok() || !enrolled.ok()) return Broken("cannot enrol " + office.member());
  server_.sequencer()->WhenDurable(ledger_, *enrolled, [this, &office](const absl::Status& status) {
    if (status.ok() && server_.computer().Effect()) office.Enrol(ledger_);
  });
}

// --- Steps ---------------------------------------------------------------------------------------

void World::Take(const Step& step) {
  random_ = Random(step.seed);
  now_ms_ += random_.Between(0, 2'000);
  if (traced_) {
    result_.trace.push_back(
        fmt::format("{:4} {}", &step - script_.steps.data(), NameOf(step.what)));
  }
  switch (step.what) {
    case Do::kWrite:
      Write();
      break;
    case Do::kForce:
      Force();
      break;
    case Do::kHappen: {
      size_t events = 1 + random_.Below(30);
      for (size_t i = 0; i < events && result_.broken.empty(); ++i) {
        if (!HappenOne()) break;
      }
      break;
    }
    case Do::kJoin:
      JoinOne();
      break;
    case Do::kBreak:
      BreakOne();
      break;
    case Do::kStall:
    case Do::kGoOn:
      Stall(step.what == Do::kStall);
      break;
    case Do::kCut:
      Cut();
      break;
    case Do::kMend:
      Mend();
      break;
    case Do::kKill:
    case Do::kPowerFails:
      DieOne(step.what == Do::kPowerFails);
      break;
    case Do::kRestart:
      RestartOne();
      break;
    case Do::kStop:
      StopOne();
      break;
    case Do::kDiskFails:
      FailOneDisk();
      break;
    case Do::kClockJumps:
      JumpClock();
      break;
    case Do::kLook:
      Look();
      break;
  }
  BuryTheDead();
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

void World::Stall(bool stalled) {
  for (const std::shared_ptr<Line>& line : network_.lines()) {
    if (random_.OneIn(2)) line->stalled = stalled;
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

void World::Look() {
  for (Office* office : Up()) {
    if (office->replica().empty()) continue;
    for (const std::string& wrong : witness_.Check(office->replica().view())) {
      Broken(office->member() + ": " + wrong);
    }
  }
}

// --- What happens by itself ----------------------------------------------------------------------

std::vector<Office*> World::Up() {
  std::vector<Office*> up;
  for (const std::unique_ptr<Office>& office : offices_) {
    if (office->up()) up.push_back(office.get());
  }
  return up;
}

Office* World::PickUp() {
  std::vector<Office*> up = Up();
  return up.empty() ? nullptr : random_.Pick(up);
}

int64_t World::Now(const Office* office) { return now_ms_ + clocks_[office]; }

// False: nothing can.
bool World::HappenOne() {
  std::vector<Network::Possible> messages = network_.Events();
  std::vector<Office*> timers;
  std::vector<Office*> writes;
  for (Office* office : Up()) {
    if (office->has_timer()) timers.push_back(office);
    if (office->has_writes()) writes.push_back(office);
  }
  size_t commits = uncommitted_ && server_.up() ? 1 + messages.size() / 4 : 0;
  size_t all = messages.size() + timers.size() + writes.size() + commits;
  if (all == 0) return false;
  server_.SetClock(Now(nullptr));
  size_t drawn = random_.Below(all);
  if (drawn < messages.size()) {
    uncommitted_ = true;
    network_.Happen(messages[drawn]);
  } else if ((drawn -= messages.size()) < timers.size()) {
    timers[drawn]->Timer();
  } else if ((drawn -= timers.size()) < writes.size()) {
    writes[drawn]->Wake();
  } else {
    Commit();
  }
  BuryTheDead();
  for (Office* office : Up()) Watch(*office);
  return true;
}

void World::Commit() {
  uncommitted_ = false;
  absl::Status committed = server_.sequencer()->Commit();
  if (committed.ok() || server_.computer().dead()) return;
  // As its supervisor sees it: the process has ended, and is started again.
  if (!troubled_[nullptr]) Broken("the server's ledger failed: " + MessageOf(committed));
  StopServer(false);
}

// What must never be seen, whatever goes wrong around it.
void World::Watch(const Office& office) {
  const client::EngineState& engine = office.engine();
  if (engine.given_up) Broken(office.member() + " has given up: " + engine.problem);
  if (engine.ignored > 0) Broken(office.member() + " met an entry that should have been refused");
  if (!engine.disk.ok() && !troubled_[&office]) {
    Broken(office.member() + " could not write: " + MessageOf(engine.disk));
  }
}

void World::Start(Office& office) {
  if (!office.enrolled()) return;
  absl::Status started = office.Start();
  Say(fmt::format("{} starts", office.member()));
  if (started.ok()) return;
  if (!office.computer().dead() && !troubled_[&office]) {
    Broken(office.member() + " cannot start: " + MessageOf(started));
  }
  office.Kill(power_[&office]);
}

void World::StartServer() {
  server_.SetClock(Now(nullptr));
  absl::Status started = server_.Start(ledger_);
  Say("the server starts");
  uncommitted_ = true;
  if (started.ok()) return;
  if (!server_.computer().dead() && !troubled_[nullptr]) {
    Broken("the server cannot start: " + MessageOf(started));
  }
  StopServer(power_[nullptr]);
}

void World::StopServer(bool power_lost) {
  server_.Stop(power_lost);
  network_.ServerDied();
  ++result_.counts.deaths;
}

void World::BuryTheDead() {
  if (server_.computer().dead()) {
    Say("the server dies");
    StopServer(power_[nullptr]);
  }
  for (const std::unique_ptr<Office>& office : offices_) {
    if (!office->computer().dead()) continue;
    Say(office->member() + " dies");
    office->Kill(power_[office.get()]);
    ++result_.counts.deaths;
  }
  for (const std::string& complaint : network_.complaints()) Broken(complaint);
  for (const std::string& error : LoggedErrors()) {
    if (!troubled_[nullptr]) Broken("the server's log: " + error);
  }
}

}  // namespace twinning::simulation
