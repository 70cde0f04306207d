// How the server is: looked over once, or watched.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "common/base/status.h"
#include "common/line/line.h"
#include "server/ctl/command.h"
#include "server/ctl/print.h"
#include "server/ctl/server_print.h"
#include "server/doctor/doctor.h"

namespace twinning::ctl {
namespace {

enum DoctorExit { kFine = 0, kLook = 7, kWrong = 8 };

int ExitOf(const std::vector<v1::Finding>& all) {
  auto worst = [&](v1::Finding::Level level) {
    return std::any_of(all.begin(), all.end(),
                       [&](const v1::Finding& finding) { return finding.level() == level; });
  };
  if (worst(v1::Finding::FAILURE)) return kWrong;
  return worst(v1::Finding::WARNING) ? kLook : kFine;
}

// The server looks itself over; when none answers on this machine, its directory is looked at.
absl::Status Doctor(Server& server, bool json, int& exit_code) {
  std::vector<v1::Finding> all;
  auto take = [&](const v1::Finding& finding) {
    all.push_back(finding);
    if (!json) Print(FindingText(finding));
    return absl::OkStatus();
  };
  absl::Status looked = server.Examine(take);
  if (absl::IsUnavailable(looked) && all.empty() && !server.data().empty()) {
    looked = server::Examine({server.data(), line::SystemTime_ms(), nullptr}, take);
  }
  if (!looked.ok()) return looked;
  if (json) Print(FindingsJson(all));
  exit_code = ExitOf(all);
  return absl::OkStatus();
}

struct Watching {
  bool once = false;
  double interval_s = 2;
};

// Every figure is of the time since the one before; the first since the server started.
absl::Status Top(Server& server, bool json, const Watching& how) {
  const bool screen = !json && !how.once && isatty(STDOUT_FILENO) != 0;
  v1::Measurement before;
  while (true) {
    TWINNING_ASSIGN_OR_RETURN(v1::Measurement measured, server.Measure());
    const Rates rates = RatesBetween(before, measured);
    if (screen) Print("\x1b[H\x1b[2J");
    Print(json ? TopJson(measured, rates) : TopText(measured, rates));
    if (how.once) return absl::OkStatus();
    if (!screen && !json) Print("\n");
    before = std::move(measured);
    std::this_thread::sleep_for(std::chrono::duration<double>(how.interval_s));
  }
}

}  // namespace

void AddServerCommands(CLI::App& app, const Choose& choose, int& exit_code) {
  CLI::App* doctor = app.add_subcommand(
      "doctor", "Look the server over: disk, database, clock, certificates, limits, listener");
  doctor->footer(
      "\nSays what to do about each thing found. Works on the data directory alone when no server "
      "runs.\nExit code: 0 all is well, 7 something needs attention, 8 something is wrong.\n\n"
      "Examples:\n  twinningctl --data /var/lib/twinning doctor\n  twinningctl doctor --json");
  doctor->callback([choose, &exit_code] {
    choose([&exit_code](Server& server, bool json) { return Doctor(server, json, exit_code); });
  });
  auto how = std::make_shared<Watching>();
  CLI::App* top = app.add_subcommand(
      "top", "Watch it: connections, changes a second, latencies, queues; until Ctrl-C");
  top->add_flag("--once", how->once, "Print it once, of the time since the server started");
  top->add_option("--interval", how->interval_s, "Seconds between two looks")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 3600.0));
  top->footer(
      "\nWith --json one line a look.\n\nExamples:\n  twinningctl top\n  twinningctl top --json "
      "--interval 10\n  twinningctl top --once");
  top->callback([how, choose] {
    choose([how](Server& server, bool json) { return Top(server, json, *how); });
  });
}

}  // namespace twinning::ctl
