// One simulated partnership: a server, towns with replicas, the network between them, people who
// write, and everything that can go wrong. Plays a script, then makes all well again, waits until
// nothing is left to happen, and checks what it came to. For one thread; one world at a time.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/history.h"
#include "tests/simulation/network.h"
#include "tests/simulation/office.h"
#include "tests/simulation/random.h"
#include "tests/simulation/script.h"
#include "tests/simulation/server_room.h"
#include "tests/simulation/witness.h"
#include "tests/simulation/workload.h"

namespace twinning::simulation {

// How much happened, so that a simulation in which nothing does is noticed.
struct Counts {
  size_t entries = 0;
  size_t refusals = 0;
  size_t values = 0;  // conflicts by their kind
  size_t passages = 0;
  size_t deletions = 0;
  size_t settled = 0;
  size_t diverged = 0;
  size_t agreed = 0;
  size_t deaths = 0;
  size_t breaks = 0;
  size_t disk_failures = 0;
  size_t restores = 0;
  size_t readmitted = 0;  // entries

  Counts& operator+=(const Counts& other);
};

struct Result {
  std::vector<std::string> broken;  // promises; empty: all were kept
  std::vector<std::string> trace;   // a line for each step, when asked for
  Counts counts;
  Hash fingerprint;  // of everything that was seen: the same whenever the script is played
};

class World {
 public:
  // `folder` is empty and this world's alone; it is on the fastest disk there is.
  World(const Script& script, std::string folder, bool trace);
  ~World();

  Result Run();

 private:
  // --- Steps
  void SetUp();
  void Take(const Step& step);
  void Write();
  void Force();
  void Join(Office& office);
  void HappenSome();
  void JoinOne();
  void BreakOne();
  void Stall();
  void GoOn();
  void Cut();
  void Mend();
  void KillOne() { DieOne(false); }
  void PowerFails() { DieOne(true); }
  void DieOne(bool power_lost);
  void RestartOne();
  void StopOne();
  void FailOneDisk();
  void JumpClock();
  void Restore() { PutBack(true); }
  void CopyBack() { PutBack(false); }
  void PutBack(bool by_tool);
  void FinishRecovery();
  void Look();

  // --- What happens by itself
  bool HappenOne();
  void Commit();
  void Start(Office& office);
  void StartServer();
  void StopServer(bool power_lost);
  void BuryTheDead();
  void Watch(const Office& office);

  // --- The end
  void Heal();
  bool Drain(const std::string& when);
  bool Recover();
  bool RestartThoseWhoGaveUp();
  void Greet();
  void Judge();
  ReplicaFact FactOf(Office& office);
  std::vector<v1::Entry> ReadLedger();
  void Count(const plan::Plan& plan);

  std::vector<Office*> Up();
  Office* PickUp();
  int64_t Now(const Office* office);
  void Broken(const std::string& what);
  void Say(const std::string& what);

  const Script& script_;
  const bool traced_;
  Random random_;
  History history_;
  Witness witness_;
  LedgerId ledger_;
  ServerRoom server_;
  Network network_;
  Workload workload_;
  std::vector<std::unique_ptr<Office>> offices_;
  std::map<const Office*, int64_t> clocks_;  // how far off; null: the server's
  std::map<const Office*, bool> power_;      // whether the one that dies next loses power
  std::map<const Office*, bool> troubled_;   // a disk failure was planned, so errors may come
  std::vector<std::pair<RecordId, std::string>> greetings_;
  int64_t now_ms_ = 1932473100000;
  bool restored_ = false;     // the server was put back at some time
  bool uncommitted_ = false;  // the server has something to commit
  Result result_;
};

}  // namespace twinning::simulation
