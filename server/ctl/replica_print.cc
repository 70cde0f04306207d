#include "server/ctl/replica_print.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "common/base/date.h"
#include "common/base/ids.h"
#include "server/ctl/print.h"

namespace twinning::ctl {
namespace {

using nlohmann::ordered_json;

std::string RoleOf(const v1::ReplicaInfo& info) { return Lower(v1::Role_Name(info.role())); }

// Only what its own people stand behind is a town's; the others wait for its coordinator.
std::string Waiting(const v1::ReplicaInfo& info) {
  return info.confirmed() ? "" : ", NOT CONFIRMED BY THE TOWN";
}

std::string SeenText(const v1::ReplicaInfo& info) {
  if (info.revoked() != 0) return fmt::format("revoked by entry {}", info.revoked());
  if (info.connected()) return "connected";
  if (info.seen_ms() == 0) return "never seen by this server";
  return fmt::format("last seen {} UTC", FormatTime(info.seen_ms()));
}

std::string ProgressText(const v1::ReplicaInfo& info) {
  if (info.seen_ms() == 0) return "";
  std::string text =
      info.behind() == 0 ? "has everything" : Counted(info.behind(), "entry") + " behind";
  if (info.behind() > 1) text = fmt::format("{} entries behind", info.behind());
  if (info.outbox() > 0) text += fmt::format(", {} to send", info.outbox());
  if (info.differs()) return text + ", ITS PLAN DIFFERS";
  if (info.verified() == 0) return text + ", not verified yet";
  return text + fmt::format(", verified at {}", info.verified());
}

ordered_json JsonOf(const v1::ReplicaInfo& info) {
  return {{"replica", HexOf(info.replica())},
          {"member", info.member()},
          {"town", info.town()},
          {"role", RoleOf(info)},
          {"confirmed", info.confirmed()},
          {"revoked", info.revoked()},
          {"connected", info.connected()},
          {"seen_ms", info.seen_ms()},
          {"software", info.software()},
          {"sequence", info.sequence()},
          {"behind", info.behind()},
          {"outbox", info.outbox()},
          {"verified", info.verified()},
          {"digest", HexOf(info.digest())},
          {"differs", info.differs()}};
}

ordered_json RoleJson(const v1::ReplicaInfo& info) {
  return {{"member", info.member()},
          {"town", info.town()},
          {"role", RoleOf(info)},
          {"confirmed", info.confirmed()},
          {"replica", HexOf(info.replica())}};
}

}  // namespace

std::string ReplicasText(const v1::ReplicasResponse& all) {
  if (all.replicas().empty()) return "Nobody has joined yet.\n";
  std::string text;
  for (const v1::ReplicaInfo& info : all.replicas()) {
    text += fmt::format("{}  {} ({}), {}; {}\n", HexOf(info.replica()).substr(0, 8), info.member(),
                        info.town(), RoleOf(info) + Waiting(info), SeenText(info));
    std::string more = ProgressText(info);
    if (!info.software().empty()) more += fmt::format("; {}", info.software());
    if (!more.empty()) text += fmt::format("          {}\n", more);
  }
  return text;
}

std::string RolesText(const v1::ReplicasResponse& all) {
  std::string text;
  for (const v1::ReplicaInfo& info : all.replicas()) {
    if (info.revoked() != 0) continue;
    text += fmt::format("{:<14}  {} ({}), replica {}{}\n", RoleOf(info), info.member(), info.town(),
                        HexOf(info.replica()).substr(0, 8), Waiting(info));
  }
  return text.empty() ? "Nobody has joined yet.\n" : text;
}

std::string RoleChangedText(const v1::ChangeRoleResponse& changed) {
  std::string text;
  for (const v1::ReplicaInfo& info : changed.replicas()) {
    text += fmt::format("{} ({}) is {} now, replica {} (entry {}){}.\n", info.member(), info.town(),
                        RoleOf(info), HexOf(info.replica()).substr(0, 8), changed.sequence(),
                        Waiting(info));
  }
  return text;
}

std::string ReplicasJson(const v1::ReplicasResponse& all) {
  ordered_json replicas = ordered_json::array();
  for (const v1::ReplicaInfo& info : all.replicas()) replicas.push_back(JsonOf(info));
  return Dump({{"head", all.head()}, {"replicas", replicas}});
}

std::string RolesJson(const v1::ReplicasResponse& all) {
  ordered_json roles = ordered_json::array();
  for (const v1::ReplicaInfo& info : all.replicas()) {
    if (info.revoked() == 0) roles.push_back(RoleJson(info));
  }
  return Dump(roles);
}

std::string RoleChangedJson(const v1::ChangeRoleResponse& changed) {
  ordered_json roles = ordered_json::array();
  for (const v1::ReplicaInfo& info : changed.replicas()) roles.push_back(RoleJson(info));
  return Dump({{"sequence", changed.sequence()}, {"changed", roles}});
}

}  // namespace twinning::ctl
