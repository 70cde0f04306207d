// How a world begins, and what happens in it by itself.
#include "tests/simulation/world.h"

#include <fmt/core.h>

#include <utility>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "tests/simulation/server_log.h"

namespace twinning::simulation {
namespace {

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
  restores += other.restores;
  readmitted += other.readmitted;
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
  if ((*partnership)->recovery()) return;
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
  uncommitted_ = server_.sequencer()->full();
  if (committed.ok() || server_.computer().dead()) return;
  // As its supervisor sees it: the process has ended, and is started again.
  if (!troubled_[nullptr]) Broken("the server's ledger failed: " + MessageOf(committed));
  StopServer(false);
}

// What must never be seen, whatever goes wrong around it.
void World::Watch(const Office& office) {
  const client::EngineState& engine = office.engine();
  // Whom a restored server has forgotten waits for its operator.
  if (engine.given_up && !restored_) Broken(office.member() + " has given up: " + engine.problem);
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
