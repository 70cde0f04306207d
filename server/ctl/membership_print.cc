#include "server/ctl/membership_print.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "common/base/date.h"
#include "common/base/ids.h"
#include "server/ctl/print.h"

namespace twinning::ctl {
namespace {

using nlohmann::ordered_json;

std::string StateText(const v1::InvitationInfo& info) {
  switch (info.state()) {
    case v1::InvitationInfo::USED:
      if (info.used_ms() == 0) return fmt::format("used by {}", info.used_by());
      return fmt::format("used by {} at {} UTC", info.used_by(), FormatTime(info.used_ms()));
    case v1::InvitationInfo::WITHDRAWN:
      if (info.withdrawn_ms() == 0) return "withdrawn by the town";
      return fmt::format("withdrawn at {} UTC", FormatTime(info.withdrawn_ms()));
    case v1::InvitationInfo::ENDED:
      return fmt::format("ended at {} UTC", FormatTime(info.expires_ms()));
    default:
      return fmt::format("open until {} UTC", FormatTime(info.expires_ms()));
  }
}

ordered_json JsonOf(const v1::InvitationInfo& info) {
  ordered_json json = {{"id", info.id()},
                       {"town", info.town()},
                       {"role", Lower(v1::Role_Name(info.role()))},
                       {"state", Lower(v1::InvitationInfo::State_Name(info.state()))},
                       {"made_ms", info.made_ms()},
                       {"expires_ms", info.expires_ms()}};
  if (info.state() == v1::InvitationInfo::USED) {
    json["used_by"] = info.used_by();
    json["used_ms"] = info.used_ms();
  }
  if (info.withdrawn_ms() != 0) json["withdrawn_ms"] = info.withdrawn_ms();
  if (!info.by().empty()) json["by"] = info.by();
  return json;
}

}  // namespace

std::string InvitationsText(const v1::ListInvitationsResponse& all) {
  if (all.invitations().empty()) return "No invitations have been given out.\n";
  std::string text;
  for (const v1::InvitationInfo& info : all.invitations()) {
    text += fmt::format("{}  {} as {}{}: {}\n", info.id(), info.town(),
                        Lower(v1::Role_Name(info.role())),
                        info.by().empty() ? "" : ", by " + info.by(), StateText(info));
  }
  return text;
}

std::string WithdrawnText(const v1::InvitationInfo& info) {
  return fmt::format("The invitation of {} is withdrawn: nobody can use its code.\n", info.town());
}

std::string RehomeCodeText(const v1::RehomeCodeResponse& response) {
  return fmt::format(
      "Give this code to everybody who has a replica; it is no secret:\n\n  {}\n\nThere: twinning "
      "rehome CODE\n",
      response.code());
}

std::string RevokedText(const v1::RevokeResponse& response) {
  std::string text;
  for (const v1::RevokeResponse::Replica& replica : response.replicas()) {
    text += fmt::format("{} of {} is shut out, replica {}{}.\n", replica.member(), replica.town(),
                        HexOf(replica.replica()),
                        replica.sequence() == 0 ? "; the ledger says so when it takes entries again"
                                                : fmt::format(" (entry {})", replica.sequence()));
  }
  return text + "What it has not sent is still on its disk, and can be exported there.\n";
}

std::string AuditText(const v1::AuditResponse& response) {
  std::string text;
  for (const std::string& line : response.lines()) {
    ordered_json json = ordered_json::parse(line, nullptr, false);
    if (!json.is_object()) continue;
    text += fmt::format("{}  {}", json.value("time", ""), json.value("what", ""));
    for (const auto& [name, value] : json.items()) {
      if (name == "time" || name == "time_ms" || name == "what" || !value.is_string()) continue;
      text += fmt::format("; {}: {}", name, value.get<std::string>());
    }
    text += "\n";
  }
  return text.empty() ? "Nothing has been noted yet.\n" : text;
}

std::string CertificatesText(const v1::CertificatesResponse& response) {
  std::string text;
  for (const v1::CertificatesResponse::Certificate& one : response.certificates()) {
    text += fmt::format("{:<12} until {} UTC  {}\n", one.what(), FormatTime(one.until_ms()),
                        one.fingerprint());
  }
  return text;
}

std::string InvitationsJson(const v1::ListInvitationsResponse& all) {
  ordered_json json = ordered_json::array();
  for (const v1::InvitationInfo& info : all.invitations()) json.push_back(JsonOf(info));
  return Dump(json);
}

std::string WithdrawnJson(const v1::InvitationInfo& info) { return Dump(JsonOf(info)); }

std::string RehomeCodeJson(const v1::RehomeCodeResponse& response) {
  return Dump({{"code", response.code()}});
}

std::string RevokedJson(const v1::RevokeResponse& response) {
  ordered_json json = ordered_json::array();
  for (const v1::RevokeResponse::Replica& replica : response.replicas()) {
    json.push_back({{"replica", HexOf(replica.replica())},
                    {"member", replica.member()},
                    {"town", replica.town()},
                    {"sequence", replica.sequence()}});
  }
  return Dump({{"revoked", json}});
}

std::string AuditJson(const v1::AuditResponse& response) {
  ordered_json json = ordered_json::array();
  for (const std::string& line : response.lines()) {
    ordered_json one = ordered_json::parse(line, nullptr, false);
    if (one.is_object()) json.push_back(one);
  }
  return Dump(json);
}

std::string CertificatesJson(const v1::CertificatesResponse& response) {
  ordered_json json = ordered_json::array();
  for (const v1::CertificatesResponse::Certificate& one : response.certificates()) {
    json.push_back({{"what", one.what()},
                    {"fingerprint", one.fingerprint()},
                    {"from_ms", one.from_ms()},
                    {"until_ms", one.until_ms()}});
  }
  return Dump(json);
}

}  // namespace twinning::ctl
