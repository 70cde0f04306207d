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

Exit codes: 0 done; 2 wrong usage; 3 no such partnership; 4 exists already; 5 no server answers;
6 the server refused or failed.)";

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
  Program() : app_("Administers the Twinning server on this machine.") {
    app_.footer(kExamples);
    app_.require_subcommand(1);
    app_.set_version_flag("--version", "twinningctl " TWINNING_VERSION);
    // So that --data and --json may stand anywhere.
    app_.fallthrough();
    app_.add_option("--data", data_, "The server's data directory")->envname("TWINNING_DATA");
    app_.add_flag("--json", json_, "Print JSON");
    AddPartnership();
    auto choose = [this](Command command) {
      command_ = [this, command = std::move(command)] { return command(*server_, json_); };
    };
    AddMembershipCommands(app_, choose);
    AddRecoveryCommands(app_, choose, [this, choose](Command command) {
      choose(std::move(command));
      alone_ = true;
    });
    AddLog();
  }

  int Run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? 0 : 2;
    }
    umask(0077);
    if (data_.empty() && !alone_) {
      return Fail(InvalidArgument("which server? Give --data DIR or set TWINNING_DATA"));
    }
    server_ = Server::In(data_);
    absl::Status status = command_();
    return status.ok() ? 0 : Fail(status);
  }

 private:
  void AddPartnership() {
    CLI::App* partnership = app_.add_subcommand("partnership", "Found and list partnerships");
    partnership->require_subcommand(1);
    CLI::App* create = partnership->add_subcommand("create", "Found a partnership");
    create->add_option("NAME", name_, "How it is called")->required();
    create->footer("\nExample:\n  twinningctl partnership create \"Exampleton - Exempleville\"");
    create->callback([this] { command_ = [this] { return Create(); }; });
    CLI::App* list =
        partnership->add_subcommand("list", "Name, towns and size of each partnership");
    list->footer("\nExample:\n  twinningctl partnership list --json");
    list->callback([this] { command_ = [this] { return List(); }; });
  }

  void AddLog() {
    CLI::App* log = app_.add_subcommand("log", "Who did what, entry by entry");
    log->add_option("PARTNERSHIP", name_, "Its name or id, or the beginning of it")->required();
    log->add_flag("--follow", follow_, "Go on as entries come, until Ctrl-C");
    log->add_option("--after", after_, "Begin after this sequence number");
    log->footer("\nExample:\n  twinningctl log 3f2a --after 120 --follow");
    log->callback([this] { command_ = [this] { return Log(); }; });
  }

  absl::Status Create() {
    TWINNING_ASSIGN_OR_RETURN(v1::PartnershipInfo info, server_->Create(name_));
    Print(json_ ? InfoJson(info) : CreatedText(info));
    return absl::OkStatus();
  }

  absl::Status List() {
    TWINNING_ASSIGN_OR_RETURN(v1::ListPartnershipsResponse list, server_->List());
    Print(json_ ? ListJson(list) : ListText(list));
    return absl::OkStatus();
  }

  absl::Status Log() {
    v1::LogRequest request;
    request.set_partnership(name_);
    request.set_follow(follow_);
    request.set_after(after_);
    return server_->Log(
        request, [this](const v1::LogLine& line) { Print(json_ ? LogJson(line) : LogText(line)); });
  }

  int Fail(const absl::Status& status) {
    if (json_) Print(ErrorJson(MessageOf(status)));
    fmt::print(stderr, "twinningctl: {}\n", MessageOf(status));
    return ExitOf(status);
  }

  CLI::App app_;
  std::string data_;
  std::string name_;
  uint64_t after_ = 0;
  bool json_ = false;
  bool alone_ = false;  // the command needs no data directory
  bool follow_ = false;
  std::function<absl::Status()> command_;
  std::unique_ptr<Server> server_;
};

}  // namespace
}  // namespace twinning::ctl

int main(int argc, char** argv) { return twinning::ctl::Program().Run(argc, argv); }
