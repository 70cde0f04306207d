// Who may administer the server from another machine.
#include <fmt/core.h>

#include <memory>

#include "common/base/date.h"
#include "common/base/ids.h"
#include "common/base/status.h"
#include "server/ctl/command.h"
#include "server/ctl/identity.h"
#include "server/ctl/operator_print.h"
#include "server/ctl/print.h"

namespace twinning::ctl {
namespace {

struct OperatorWords {
  std::string name;
  std::string folder;
};

absl::Status Certify(Server& server, bool json, const OperatorWords& words, const SigningKey& key) {
  v1::AddOperatorRequest request;
  request.set_name(words.name);
  request.set_key(key.public_key());
  TWINNING_ASSIGN_OR_RETURN(v1::AddOperatorResponse given, server.AddOperator(request));
  TWINNING_RETURN_IF_ERROR(KeepCertificate(words.folder, given));
  Print(json ? OperatorAddedJson(words.name, words.folder, given)
             : OperatorAddedText(words.name, words.folder, given));
  return absl::OkStatus();
}

absl::Status Add(Server& server, bool json, OperatorWords words) {
  if (words.folder.empty() && words.name.find('/') != std::string::npos) {
    return InvalidArgument("a name with a slash makes no directory: say which one by --out");
  }
  if (words.folder.empty()) words.folder = "twinning-operator-" + words.name;
  TWINNING_ASSIGN_OR_RETURN(SigningKey key, MakeIdentityKey(words.folder, words.name));
  return Certify(server, json, words, key);
}

absl::Status Renew(Server& server, bool json, OperatorWords words) {
  TWINNING_ASSIGN_OR_RETURN(Identity own, Identity::Read(words.folder));
  words.name = own.name;
  return Certify(server, json, words, own.key);
}

void AddAdd(CLI::App& app, const Choose& choose) {
  auto words = std::make_shared<OperatorWords>();
  CLI::App* add = app.add_subcommand(
      "add", "Make the key and certificate by which somebody administers from another machine");
  add->add_option("NAME", words->name, "Who they are, as the audit will name them")->required();
  add->add_option("--out", words->folder,
                  "A new directory to make (default: twinning-operator-NAME)");
  add->footer(
      "\nBring the directory to their machine; whoever has it can do everything that twinningctl "
      "can."
      "\nWho had a key before under this name has it no more.\n\n"
      "Example:\n  twinningctl operator add maria --out /media/stick/maria");
  add->callback([words, choose] {
    choose([words](Server& server, bool json) { return Add(server, json, *words); });
  });
}

void AddRenew(CLI::App& app, const Choose& choose) {
  auto words = std::make_shared<OperatorWords>();
  CLI::App* renew = app.add_subcommand("renew", "Get a new certificate for the key that is there");
  renew->add_option("DIR", words->folder, "The operator's directory")->required();
  renew->footer(
      "\nExample:\n  twinningctl --server plan.exampleton.gov.uk:7446 --identity ~/maria operator "
      "renew ~/maria");
  renew->callback([words, choose] {
    choose([words](Server& server, bool json) { return Renew(server, json, *words); });
  });
}

void AddOperatorList(CLI::App& app, const Choose& choose) {
  CLI::App* list = app.add_subcommand("list", "Who may, and who no longer may");
  list->footer("\nExample:\n  twinningctl operator list");
  list->callback([choose] {
    choose([](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::ListOperatorsResponse all, server.Operators());
      Print(json ? OperatorsJson(all) : OperatorsText(all));
      return absl::OkStatus();
    });
  });
}

void AddWithdraw(CLI::App& app, const Choose& choose) {
  auto name = std::make_shared<std::string>();
  CLI::App* withdraw = app.add_subcommand("withdraw", "Shut out an operator's key, at once");
  withdraw->add_option("NAME", *name, "As \"operator list\" shows it")->required();
  withdraw->footer("\nExample:\n  twinningctl operator withdraw maria");
  withdraw->callback([name, choose] {
    choose([name](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::OperatorInfo info, server.WithdrawOperator(*name));
      Print(json ? OperatorWithdrawnJson(info) : OperatorWithdrawnText(info));
      return absl::OkStatus();
    });
  });
}

}  // namespace

void AddOperatorCommands(CLI::App& app, const Choose& choose) {
  CLI::App* operators = app.add_subcommand(
      "operator", "Who may administer from another machine (twinningd --admin-listen)");
  operators->require_subcommand(1);
  AddAdd(*operators, choose);
  AddRenew(*operators, choose);
  AddOperatorList(*operators, choose);
  AddWithdraw(*operators, choose);
}

}  // namespace twinning::ctl
