// The server's program: reads its command line, opens the house, and waits for a signal.
#include <fmt/core.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "common/base/status.h"
#include "server/door/grpc_log.h"
#include "server/house.h"
#include "server/log/log.h"
#include "server/supervisor/supervisor.h"

namespace twinning::server {
namespace {

enum Exit {
  kOk = 0,
  kUsage = 2,
  kAlreadyRunning = 3,
  kCannotStart = 4,
  kLedgerFailed = 5,
  kUnreachable = 6
};

constexpr const char* kExamples = R"(
Examples:
  twinningd --data /var/lib/twinning --listen 127.0.0.1:7443
  twinningd --data /var/lib/twinning --listen 0.0.0.0:7443 --public-name plan.exampleton.gov.uk
  twinningd --data ./data --listen 127.0.0.1:0 --address-file ./address
  twinningd --config /etc/twinning/twinningd.conf

Stop it with SIGTERM. What it has acknowledged is on disk.

Exit codes: 0 stopped; 2 wrong usage; 3 a server runs on that data already; 4 it cannot start;
5 the ledger failed; 6 it could not be reached any more. After 5 and 6 start it again.)";

// Before any thread starts, so that every one of them has the mask.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

// A server that runs out of file descriptors stops accepting for good (gRPC 1.51).
void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Whole or not at all: whoever waits for the file never reads half an address.
absl::Status WriteAddress(const std::string& path, const std::string& address) {
  std::string partial = path + ".partial";
  std::ofstream(partial, std::ios::trunc) << address << "\n";
  std::error_code error;
  std::filesystem::rename(partial, path, error);
  if (!error) return absl::OkStatus();
  return Unavailable(
      fmt::format("the address file {} cannot be written: {}", path, error.message()));
}

// What no longer listens may not end well either.
void EndAnyway() {
  constexpr unsigned kPatience_s = 15;
  signal(SIGALRM, [](int) { _exit(kUnreachable); });
  alarm(kPatience_s);
  kill(getpid(), SIGTERM);
}

int ExitOf(const absl::Status& status) {
  if (absl::IsAlreadyExists(status)) return kAlreadyRunning;
  return absl::IsInvalidArgument(status) ? kUsage : kCannotStart;
}

int Refuse(const absl::Status& status) {
  fmt::print(stderr, "twinningd: {}\n", MessageOf(status));
  return ExitOf(status);
}

// Until a signal asks to stop. Meanwhile the service manager hears from the thread that commits.
void ServeUntilAsked(House& house, const Supervisor& supervisor, const sigset_t& signals) {
  const std::optional<std::chrono::milliseconds> every = supervisor.AliveEvery();
  if (!every) {
    int signal = 0;
    sigwait(&signals, &signal);
    return;
  }
  const timespec pause{every->count() / 1000, every->count() % 1000 * 1'000'000};
  do {
    house.AskWhetherAlive([&supervisor] { supervisor.Alive(); });
  } while (sigtimedwait(&signals, nullptr, &pause) < 0);
}

int Serve(House::Settings settings, const std::string& address_file) {
  sigset_t signals = BlockSignals();
  settings.failed = [] { kill(getpid(), SIGTERM); };
  settings.unreachable = EndAnyway;
  absl::StatusOr<std::unique_ptr<House>> house = House::Open(settings);
  if (!house.ok()) return Refuse(house.status());
  if (!address_file.empty()) {
    absl::Status written = WriteAddress(address_file, (*house)->address());
    if (!written.ok()) return Refuse(written);
  }
  std::string enrolment = (*house)->enrolment_address();
  const std::string listening = fmt::format(
      "listening at {}, {}, data in {}", (*house)->address(),
      enrolment.empty() ? "nobody can join" : "for those who join at " + enrolment, settings.data);
  LogInfo(listening);
  if (!(*house)->admin_address().empty()) {
    LogInfo(fmt::format("for operators at {}", (*house)->admin_address()));
  }
  if ((*house)->metrics_port() != 0) {
    LogInfo(fmt::format("figures at http://127.0.0.1:{}/metrics", (*house)->metrics_port()));
  }
  const Supervisor supervisor = Supervisor::OfEnvironment();
  supervisor.Ready(listening);
  ServeUntilAsked(**house, supervisor, signals);
  LogInfo("stopping");
  supervisor.Stopping();
  (*house)->Close();
  LogInfo("stopped");
  if ((*house)->unreachable()) return kUnreachable;
  return (*house)->failed() ? kLedgerFailed : kOk;
}

int Main(int argc, char** argv) {
  House::Settings settings;
  std::string address_file;
  CLI::App app("Twinning server: sequences every change of its partnerships and passes it on.");
  app.footer(kExamples);
  app.add_option("--data", settings.data, "Directory of the ledger; made when it is not there")
      ->required();
  app.add_option("--listen", settings.listen,
                 "ADDR:PORT where replicas sync, over mutual TLS; port 0 picks one")
      ->capture_default_str();
  app.add_option("--changes-per-second", settings.changes_per_second,
                 "How many changes one replica may send for long, with a minute's worth at once; 0: any")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--enrol", settings.enrol,
                 "ADDR:PORT where people join with a code, over TLS (default: the port after "
                 "--listen); \"off\": nobody can join");
  app.add_option(
      "--public-name", settings.public_name,
      "This machine's name or address as the towns reach it (default: that of --listen)");
  app.add_option("--admin-listen", settings.admin_listen,
                 "ADDR:PORT where operators at other machines administer, over mutual TLS with a "
                 "certificate of \"twinningctl operator add\"; \"off\": only on this machine")
      ->capture_default_str();
  app.add_option("--metrics", settings.metrics,
                 "Port on 127.0.0.1 where Prometheus collects, at /metrics; 0 picks one; \"off\"")
      ->capture_default_str();
  app.add_option("--address-file", address_file,
                 "Write the address picked for --listen into this file");
  app.set_version_flag("--version", "twinningd " TWINNING_VERSION);
  app.set_config("--config", "", "A file with any of these options, as \"listen = ADDR:PORT\"");
  app.allow_config_extras(CLI::config_extras_mode::error);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ConfigError& error) {
    return Refuse(InvalidArgument(
        fmt::format("the file of --config has a line that is no option: {}", error.what())));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  umask(0077);
  RaiseFileLimit();
  TakeGrpcLog();
  return Serve(std::move(settings), address_file);
}

}  // namespace
}  // namespace twinning::server

int main(int argc, char** argv) { return twinning::server::Main(argc, argv); }
