// Backups, and what is done when a server has to be put back.
#include <fmt/core.h>

#include <memory>

#include "common/base/status.h"
#include "common/line/line.h"
#include "server/backup/restore.h"
#include "server/backup/verify.h"
#include "server/ctl/command.h"
#include "server/ctl/print.h"
#include "server/ctl/receiving.h"
#include "server/ctl/recovery_print.h"

namespace twinning::ctl {
namespace {

// For what works on files, with no server running.
absl::StatusOr<std::string> DataHere(const Server& server) {
  if (!server.data().empty()) return server.data();
  return InvalidArgument("this works on a data directory of this machine: give --data DIR");
}

absl::Status Backup(Server& server, bool json, const std::string& file) {
  TWINNING_ASSIGN_OR_RETURN(v1::BackupInfo info, ReceiveCopy(file, [&](const TakePart& take) {
                              return server.Backup(take);
                            }));
  Print(json ? BackupJson(file, info) : BackupText(file, info));
  return absl::OkStatus();
}

void AddBackup(CLI::App& app, const Choose& choose) {
  auto file = std::make_shared<std::string>();
  CLI::App* backup = app.add_subcommand(
      "backup",
      "Copy everything into a file, while the server goes on; verified before it is done");
  backup->add_option("FILE", *file, "A new file")->required();
  backup->footer(
      "\nKeys are not in it: copy the directory \"authority\" of the data directory once, and "
      "after "
      "it changed.\n\nExample:\n  twinningctl backup /var/backups/twinning-2031-03-28.db");
  backup->callback([file, choose] {
    choose([file](Server& server, bool json) { return Backup(server, json, *file); });
  });
}

absl::Status VerifyServer(Server& server, bool json) {
  std::vector<v1::Verified> all;
  TWINNING_RETURN_IF_ERROR(server.Verify([&](const v1::Verified& verified) {
    if (!json) Print(VerifiedText(verified));
    all.push_back(verified);
    return absl::OkStatus();
  }));
  if (json) Print(VerifiedJson(all));
  return absl::OkStatus();
}

void AddVerify(CLI::App& app, const Choose& choose, const Choose& alone) {
  auto file = std::make_shared<std::string>();
  CLI::App* verify = app.add_subcommand(
      "verify", "Check every entry from the first on: of the running server, or of a backup");
  verify->add_option("FILE", *file, "A backup; without it, what the server holds");
  verify->footer(
      "\nPrints where each ledger ends, as a number and eight words that can be compared by "
      "telephone.\n\n"
      "Example:\n  twinningctl verify /var/backups/twinning-2031-03-28.db");
  verify->callback([=] {
    if (file->empty()) return choose(VerifyServer);
    alone([file](Server&, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(std::vector<v1::Verified> all, server::VerifyFile(*file));
      if (json) Print(VerifiedJson(all));
      for (const v1::Verified& verified : all) {
        if (!json) Print(VerifiedText(verified));
      }
      return absl::OkStatus();
    });
  });
}

void AddRestore(CLI::App& app, const Choose& choose) {
  auto file = std::make_shared<std::string>();
  CLI::App* restore = app.add_subcommand(
      "restore", "Put a backup in the place of the data; the server must not run");
  restore->add_option("FILE", *file, "As \"backup\" made it")->required();
  restore->footer(
      "\nWhat was there is kept beside it. Invitations that had not been used are withdrawn.\n\n"
      "Example:\n  twinningctl --data /var/lib/twinning restore "
      "/var/backups/twinning-2031-03-28.db");
  restore->callback([file, choose] {
    choose([file](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(std::string data, DataHere(server));
      TWINNING_ASSIGN_OR_RETURN(server::Restored restored,
                                server::Restore(*file, data, line::SystemTime_ms()));
      Print(json ? RestoredJson(restored) : RestoredText(data, restored));
      return absl::OkStatus();
    });
  });
}

void AddRebuild(CLI::App& app, const Choose& choose) {
  auto replica = std::make_shared<std::string>();
  CLI::App* rebuild = app.add_subcommand(
      "rebuild", "Make a server's data from one replica's directory; the server must not run");
  rebuild->add_option("--from-replica", *replica, "A directory that \"twinning join\" made")
      ->required();
  rebuild->footer(
      "\nThe replica stays as it is. Partnerships that the server has already stay too.\n\n"
      "Example:\n  twinningctl --data ./data rebuild --from-replica ~/twinning");
  rebuild->callback([replica, choose] {
    choose([replica](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(std::string data, DataHere(server));
      TWINNING_ASSIGN_OR_RETURN(v1::Verified verified, server::Rebuild(*replica, data));
      Print(json ? VerifiedJson({verified}) : RebuiltText(verified));
      return absl::OkStatus();
    });
  });
}

void AddRecovery(CLI::App& app, const Choose& choose) {
  CLI::App* recovery = app.add_subcommand(
      "recovery", "After a restore: who has been heard from, and when new changes are let in");
  recovery->require_subcommand(1);
  auto name = std::make_shared<std::string>();
  auto add = [&](const char* word, const char* what, Server::Recovery how) {
    CLI::App* command = recovery->add_subcommand(word, what);
    command->add_option("PARTNERSHIP", *name, "Its name or id, or the beginning of it")->required();
    command->footer(fmt::format("\nExample:\n  twinningctl recovery {} Exampleton", word));
    command->callback([name, how, choose] {
      choose([name, how](Server& server, bool json) -> absl::Status {
        TWINNING_ASSIGN_OR_RETURN(v1::RecoveryReport report, server.Recover(how, *name));
        Print(json ? RecoveryJson(report) : RecoveryText(report));
        return absl::OkStatus();
      });
    });
  };
  add("status", "How it stands, replica by replica", Server::Recovery::kStatus);
  add("begin", "For a server whose files were exchanged: take what its replicas bring back",
      Server::Recovery::kBegin);
  add("finish", "End it, whoever has not been heard from: what they hold still comes back later",
      Server::Recovery::kFinish);
}

}  // namespace

void AddRecoveryCommands(CLI::App& app, const Choose& choose, const Choose& alone) {
  AddBackup(app, choose);
  AddVerify(app, choose, alone);
  AddRestore(app, choose);
  AddRebuild(app, choose);
  AddRecovery(app, choose);
}

}  // namespace twinning::ctl
