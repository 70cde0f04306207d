// The operator's program: reads its command line, calls the server, prints.
#include <fmt/core.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "common/base/status.h"
#include "server/ctl/call.h"
#include "server/ctl/command.h"
#include "server/ctl/print.h"

namespace twinning::ctl {
namespace {

constexpr const char* kExamples = R"(
Examples:
  twinningctl --data ./data partnership create "Exampleton - Exempleville"
  twinningctl --data ./data partnership list --json
  twinningctl --data ./data invite Exampleton Exempleville --role editor
  twinningctl --data ./data revoke Exampleton 5d90c2f1
  twinningctl --data ./data log Exampleton --follow
  twinningctl --data ./data backup /var/backups/twinning-2031-03-28.db
  twinningctl --data ./data doctor
  twinningctl --server plan.exampleton.gov.uk:7446 --identity ~/twinning-operator top

Exit codes: 0 done; 2 wrong usage; 3 no such partnership; 4 exists already; 5 no server answers;
6 the server refused or failed; "doctor" also 7: something needs attention; 8: something is wrong.)";

int ExitOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 0;
    case absl::StatusCode::kInvalidArgument:
      return 2;
    case absl::StatusCode::kNotFound:
      return 3;
    case absl::StatusCode::kAlreadyExists:
      return 4;
    case absl::StatusCode::kUnavailable:
      return 5;
    default:
      return 6;
  }
}

class Program {
 public:
  Program()
      : app_("Administers a Twinning server: on this machine, or at another one as its operator.") {
    app_.footer(kExamples);
    app_.require_subcommand(1);
    app_.set_version_flag("--version", "twinningctl " TWINNING_VERSION);
    // So that --data and --json may stand anywhere.
    app_.fallthrough();
    app_.add_option("--data", data_, "The server's data directory")->envname("TWINNING_DATA");
    app_.add_flag("--json", json_, "Print JSON");
    app_.add_option("--server", address_, "HOST:PORT of a server at another machine")
        ->excludes("--data");
    app_.add_option("--identity", identity_, "Directory of an operator's key and certificate");
    auto choose = [this](Command command) {
      command_ = [this, command = std::move(command)] { return command(*server_, json_); };
    };
    AddPartnershipCommands(app_, choose);
    AddMembershipCommands(app_, choose);
    AddReplicaCommands(app_, choose);
    AddRecoveryCommands(app_, choose, [this, choose](Command command) {
      choose(std::move(command));
      alone_ = true;
    });
    AddServerCommands(app_, choose, exit_code_);
    AddOperatorCommands(app_, choose);
  }

  int Run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? 0 : 2;
    }
    umask(0077);
    absl::Status status = Connect();
    if (status.ok()) status = command_();
    return status.ok() ? exit_code_ : Fail(status);
  }

 private:
  absl::Status Connect() {
    if (!address_.empty()) {
      if (identity_.empty()) {
        return InvalidArgument("--server needs --identity DIR: an operator's key and certificate");
      }
      TWINNING_ASSIGN_OR_RETURN(server_, Server::At(address_, identity_));
      return absl::OkStatus();
    }
    if (data_.empty() && !alone_) {
      return InvalidArgument(
          "which server? Give --data DIR or set TWINNING_DATA; for one at another machine, "
          "--server "
          "and --identity");
    }
    server_ = Server::In(data_);
    return absl::OkStatus();
  }

  int Fail(const absl::Status& status) {
    if (json_) Print(ErrorJson(MessageOf(status)));
    fmt::print(stderr, "twinningctl: {}\n", MessageOf(status));
    return ExitOf(status);
  }

  CLI::App app_;
  std::string data_;
  std::string address_;
  std::string identity_;
  int exit_code_ = 0;
  bool json_ = false;
  bool alone_ = false;  // the command needs no data directory
  std::function<absl::Status()> command_;
  std::unique_ptr<Server> server_;
};

}  // namespace
}  // namespace twinning::ctl

int main(int argc, char** argv) { return twinning::ctl::Program().Run(argc, argv); }
