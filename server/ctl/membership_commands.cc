// Who may come in, who has to stay out, and what was done about both.
#include <fmt/core.h>

#include <charconv>
#include <memory>

#include "common/base/status.h"
#include "server/ctl/command.h"
#include "server/ctl/membership_print.h"
#include "server/ctl/print.h"

namespace twinning::ctl {
namespace {

constexpr uint32_t kAuditLines = 100;

// "90m", "72h", "2d".
absl::StatusOr<int64_t> LifeOf(const std::string& word) {
  int64_t count = 0;
  const char* end = word.data() + word.size();
  auto read = std::from_chars(word.data(), end, count);
  int64_t minutes = 0;
  if (read.ec == std::errc() && end - read.ptr == 1 && count > 0 && count < 100'000) {
    if (*read.ptr == 'm') minutes = 1;
    if (*read.ptr == 'h') minutes = 60;
    if (*read.ptr == 'd') minutes = 24 * 60;
  }
  if (minutes > 0) return count * minutes * 60 * 1000;
  return InvalidArgument(
      fmt::format("\"{}\" is no time: write 90m, 72h or 2d (72 hours at most)", word));
}

struct Inviting {
  std::string partnership;
  std::string town;
  std::string role;
  std::string expires = "72h";
};

absl::Status Invite(Server& server, bool json, const Inviting& words) {
  v1::InviteRequest request;
  request.set_partnership(words.partnership);
  request.set_town(words.town);
  v1::Role role = v1::ROLE_UNSPECIFIED;
  if (!words.role.empty()) {
    TWINNING_ASSIGN_OR_RETURN(role, RoleOf(words.role));
  }
  TWINNING_ASSIGN_OR_RETURN(int64_t life_ms, LifeOf(words.expires));
  request.set_role(role);
  request.set_life_ms(life_ms);
  TWINNING_ASSIGN_OR_RETURN(v1::InviteResponse response, server.Invite(request));
  Print(json ? InvitationJson(request, response) : InvitationText(request, response));
  return absl::OkStatus();
}

void AddInvite(CLI::App& app, const Choose& choose) {
  auto words = std::make_shared<Inviting>();
  CLI::App* invite = app.add_subcommand(
      "invite", "Make a code by which one person of a town joins; admits a town that is new");
  invite->add_option("PARTNERSHIP", words->partnership, "Its name or id, or the beginning of it")
      ->required();
  invite->add_option("TOWN", words->town, "The town's name")->required();
  invite->add_option("--role", words->role,
                     "viewer, editor, representative or coordinator (without it: a town's first is "
                     "its coordinator, others are representatives)");
  invite->add_option("--expires", words->expires, "When the code ends: 90m, 72h, 2d; 72h at most")
      ->capture_default_str();
  invite->footer(
      "\nA town's first member is its coordinator, who invites the others (twinning invite). Whom "
      "an "
      "operator adds after that says nothing in the town's name before a coordinator confirms it.\n"
      "\nExamples:\n  twinningctl invite \"Exampleton - Exempleville\" Exempleville\n"
      "  twinningctl invite Exampleton Exempleville --role editor --expires 24h");
  invite->callback([words, choose] {
    choose([words](Server& server, bool json) { return Invite(server, json, *words); });
  });
}

void AddInvitations(CLI::App& app, const Choose& choose) {
  CLI::App* invitations = app.add_subcommand("invitations", "List and withdraw invitations");
  invitations->require_subcommand(1);
  auto word = std::make_shared<std::string>();
  CLI::App* list = invitations->add_subcommand("list", "Those given out, and what became of them");
  list->add_option("PARTNERSHIP", *word, "Its name or id, or the beginning of it")->required();
  list->footer("\nExample:\n  twinningctl invitations list Exampleton");
  list->callback([word, choose] {
    choose([word](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::ListInvitationsResponse all, server.Invitations(*word));
      Print(json ? InvitationsJson(all) : InvitationsText(all));
      return absl::OkStatus();
    });
  });
  CLI::App* withdraw = invitations->add_subcommand("withdraw", "Make a code useless");
  withdraw->add_option("ID", *word, "As \"invitations list\" shows it")->required();
  withdraw->footer("\nExample:\n  twinningctl invitations withdraw 3f2a8c01d9e4");
  withdraw->callback([word, choose] {
    choose([word](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::InvitationInfo info, server.Withdraw(*word));
      Print(json ? WithdrawnJson(info) : WithdrawnText(info));
      return absl::OkStatus();
    });
  });
}

void AddRehomeCode(CLI::App& app, const Choose& choose) {
  CLI::App* rehome = app.add_subcommand(
      "rehome",
      "Make the code that takes replicas to this server, after it moved or was made anew");
  rehome->footer(
      "\nIt is for every replica, and invites nobody.\n\nExample:\n  twinningctl rehome");
  rehome->callback([choose] {
    choose([](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::RehomeCodeResponse response, server.RehomeCode());
      Print(json ? RehomeCodeJson(response) : RehomeCodeText(response));
      return absl::OkStatus();
    });
  });
}

void AddRevoke(CLI::App& app, const Choose& choose) {
  auto partnership = std::make_shared<std::string>();
  auto who = std::make_shared<std::string>();
  CLI::App* revoke = app.add_subcommand(
      "revoke", "Shut out a replica (a stolen laptop), or all of a member, at once and for good");
  revoke->add_option("PARTNERSHIP", *partnership, "Its name or id, or the beginning of it")
      ->required();
  revoke->add_option("WHO", *who, "A member's name, or a replica's id or the beginning of it")
      ->required();
  revoke->footer(
      "\nWhat a revoked replica has not sent stays on its disk and can be exported there.\n\n"
      "Example:\n  twinningctl revoke Exampleton 5d90c2f1");
  revoke->callback([=] {
    choose([=](Server& server, bool json) -> absl::Status {
      v1::RevokeRequest request;
      request.set_partnership(*partnership);
      request.set_who(*who);
      TWINNING_ASSIGN_OR_RETURN(v1::RevokeResponse response, server.Revoke(request));
      Print(json ? RevokedJson(response) : RevokedText(response));
      return absl::OkStatus();
    });
  });
}

void AddLookups(CLI::App& app, const Choose& choose) {
  auto lines = std::make_shared<uint32_t>(kAuditLines);
  CLI::App* audit = app.add_subcommand("audit", "What operators did and strangers tried");
  audit->add_option("--lines", *lines, "How many, at most 1000")->capture_default_str();
  audit->footer("\nExample:\n  twinningctl audit --lines 20");
  audit->callback([lines, choose] {
    choose([lines](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::AuditResponse response, server.Audit(*lines));
      Print(json ? AuditJson(response) : AuditText(response));
      return absl::OkStatus();
    });
  });
  CLI::App* certificates = app.add_subcommand(
      "certificates", "The server's authority and certificates, and when they end");
  certificates->footer("\nExample:\n  twinningctl certificates --json");
  certificates->callback([choose] {
    choose([](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::CertificatesResponse response, server.Certificates());
      Print(json ? CertificatesJson(response) : CertificatesText(response));
      return absl::OkStatus();
    });
  });
}

}  // namespace

absl::StatusOr<v1::Role> RoleOf(const std::string& word) {
  if (word == "viewer") return v1::VIEWER;
  if (word == "editor") return v1::EDITOR;
  if (word == "representative") return v1::REPRESENTATIVE;
  if (word == "coordinator") return v1::COORDINATOR;
  return InvalidArgument(
      fmt::format("there is no role \"{}\": viewer, editor, representative (may agree and sign for "
                  "the town) or "
                  "coordinator (may invite and revoke for it)",
                  word));
}

void AddMembershipCommands(CLI::App& app, const Choose& choose) {
  AddInvite(app, choose);
  AddInvitations(app, choose);
  AddRehomeCode(app, choose);
  AddRevoke(app, choose);
  AddLookups(app, choose);
}

}  // namespace twinning::ctl
