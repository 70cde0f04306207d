// One partnership: found, look at, archive, carry to another server, read.
#include <fmt/core.h>

#include <fstream>
#include <memory>

#include "common/base/status.h"
#include "server/ctl/command.h"
#include "server/ctl/partnership_print.h"
#include "server/ctl/print.h"
#include "server/ctl/receiving.h"
#include "server/ctl/recovery_print.h"

namespace twinning::ctl {
namespace {

constexpr size_t kPartBytes = 256 * 1024;
using Word = std::shared_ptr<std::string>;

void AddCreate(CLI::App& partnership, const Choose& choose) {
  Word name = std::make_shared<std::string>();
  CLI::App* create = partnership.add_subcommand("create", "Found a partnership");
  create->add_option("NAME", *name, "How it is called")->required();
  create->footer("\nExample:\n  twinningctl partnership create \"Exampleton - Exempleville\"");
  create->callback([name, choose] {
    choose([name](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::PartnershipInfo info, server.Create(*name));
      Print(json ? InfoJson(info) : CreatedText(info));
      return absl::OkStatus();
    });
  });
}

void AddList(CLI::App& partnership, const Choose& choose) {
  CLI::App* list = partnership.add_subcommand("list", "Name, towns and size of each partnership");
  list->footer("\nExample:\n  twinningctl partnership list --json");
  list->callback([choose] {
    choose([](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::ListPartnershipsResponse all, server.List());
      Print(json ? ListJson(all) : ListText(all));
      return absl::OkStatus();
    });
  });
}

void AddShow(CLI::App& partnership, const Choose& choose) {
  Word name = std::make_shared<std::string>();
  CLI::App* show = partnership.add_subcommand(
      "show", "How it stands: towns, people, connections, where its ledger ends");
  show->add_option("PARTNERSHIP", *name, kWhich)->required();
  show->footer("\nExample:\n  twinningctl partnership show Exampleton");
  show->callback([name, choose] {
    choose([name](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::PartnershipDetails details, server.Show(*name));
      Print(json ? DetailsJson(details) : DetailsText(details));
      return absl::OkStatus();
    });
  });
}

void AddArchive(CLI::App& partnership, const Choose& choose) {
  Word name = std::make_shared<std::string>();
  auto back = std::make_shared<bool>(false);
  CLI::App* archive = partnership.add_subcommand(
      "archive", "Take no more changes: it can still be read, and is backed up");
  archive->add_option("PARTNERSHIP", *name, kWhich)->required();
  archive->add_flag("--take-back", *back, "Take changes again");
  archive->footer(
      "\nWhat people write meanwhile is kept on their machines, and goes out when it is taken "
      "back.\n\nExamples:\n  twinningctl partnership archive Exampleton\n"
      "  twinningctl partnership archive Exampleton --take-back");
  archive->callback([=] {
    choose([=](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::PartnershipInfo info, server.Archive(*name, *back));
      Print(json ? InfoJson(info) : ArchivedText(info));
      return absl::OkStatus();
    });
  });
}

void AddExport(CLI::App& partnership, const Choose& choose) {
  Word name = std::make_shared<std::string>();
  Word file = std::make_shared<std::string>();
  CLI::App* out = partnership.add_subcommand(
      "export", "Copy one partnership into a file, for another server or to be kept");
  out->add_option("PARTNERSHIP", *name, kWhich)->required();
  out->add_option("FILE", *file, "A new file")->required();
  out->footer(
      "\n\"twinningctl verify FILE\" checks it anywhere. To move a partnership, archive it first: "
      "then nothing\ncan be added here that the file lacks.\n\n"
      "Example:\n  twinningctl partnership export Exampleton exampleton.twinning");
  out->callback([=] {
    choose([=](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::BackupInfo info, ReceiveCopy(*file, [&](const TakePart& take) {
                                  return server.Export(*name, take);
                                }));
      Print(json ? BackupJson(*file, info) : ExportedText(*file, info));
      return absl::OkStatus();
    });
  });
}

absl::Status Import(Server& server, bool json, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return NotFound(fmt::format("{} cannot be read", path));
  auto next = [&]() -> absl::StatusOr<std::string> {
    std::string bytes(kPartBytes, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (file.bad()) return Unavailable(fmt::format("{} cannot be read", path));
    bytes.resize(static_cast<size_t>(file.gcount()));
    return bytes;
  };
  TWINNING_ASSIGN_OR_RETURN(v1::ImportReport report, server.Import(next));
  Print(json ? ImportedJson(report) : ImportedText(report));
  return absl::OkStatus();
}

void AddImport(CLI::App& partnership, const Choose& choose) {
  Word file = std::make_shared<std::string>();
  CLI::App* in = partnership.add_subcommand(
      "import", "Take in a partnership that \"export\" wrote; the server goes on meanwhile");
  in->add_option("FILE", *file, "As \"partnership export\" made it")->required();
  in->footer(
      "\nIt is checked whole first. Then take its replicas along: twinningctl rehome. Unless it "
      "was "
      "archived when\nit was exported, a recovery begins, in which they bring what the file "
      "lacks.\n\nExample:\n  twinningctl partnership import exampleton.twinning");
  in->callback(
      [=] { choose([=](Server& server, bool json) { return Import(server, json, *file); }); });
}

void AddConflicts(CLI::App& app, const Choose& choose) {
  Word name = std::make_shared<std::string>();
  CLI::App* conflicts =
      app.add_subcommand("conflicts", "What the towns still have to decide, in words");
  conflicts->add_option("PARTNERSHIP", *name, kWhich)->required();
  conflicts->footer(
      "\nOnly the towns can settle them. That you read them is noted in the audit.\n\n"
      "Example:\n  twinningctl conflicts Exampleton");
  conflicts->callback([name, choose] {
    choose([name](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::ConflictsResponse all, server.Conflicts(*name));
      Print(json ? ConflictsJson(all) : ConflictsText(all));
      return absl::OkStatus();
    });
  });
}

void AddLog(CLI::App& app, const Choose& choose) {
  auto request = std::make_shared<v1::LogRequest>();
  Word name = std::make_shared<std::string>();
  auto follow = std::make_shared<bool>(false);
  auto after = std::make_shared<uint64_t>(0);
  CLI::App* log = app.add_subcommand("log", "Who did what, entry by entry");
  log->add_option("PARTNERSHIP", *name, kWhich)->required();
  log->add_flag("--follow", *follow, "Go on as entries come, until Ctrl-C");
  log->add_option("--after", *after, "Begin after this sequence number");
  log->footer("\nExample:\n  twinningctl log 3f2a --after 120 --follow");
  log->callback([=] {
    choose([=](Server& server, bool json) {
      request->set_partnership(*name);
      request->set_follow(*follow);
      request->set_after(*after);
      return server.Log(*request, [json](const v1::LogLine& line) {
        Print(json ? LogJson(line) : LogText(line));
      });
    });
  });
}

}  // namespace

void AddPartnershipCommands(CLI::App& app, const Choose& choose) {
  CLI::App* partnership = app.add_subcommand(
      "partnership", "Found, list, show, archive, export and import partnerships");
  partnership->require_subcommand(1);
  AddCreate(*partnership, choose);
  AddList(*partnership, choose);
  AddShow(*partnership, choose);
  AddArchive(*partnership, choose);
  AddExport(*partnership, choose);
  AddImport(*partnership, choose);
  AddConflicts(app, choose);
  AddLog(app, choose);
}

}  // namespace twinning::ctl
