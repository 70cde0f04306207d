#include "server/ctl/print.h"

#include <fmt/core.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "common/base/date.h"
#include "common/base/ids.h"
#include "common/crypto/sha256.h"
#include "common/crypto/spoken.h"

namespace twinning::ctl {
namespace {

using nlohmann::ordered_json;

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

ordered_json InfoOf(const v1::PartnershipInfo& info) {
  return {{"id", HexOf(info.ledger())},
          {"name", info.name()},
          {"sequence", info.sequence()},
          {"towns", std::vector<std::string>(info.towns().begin(), info.towns().end())},
          {"replicas", info.replicas()},
          {"archived_ms", info.archived_ms()}};
}

}  // namespace

std::string SpokenHash(const std::string& hash) {
  return SpokenForm(Hash::Of(hash).value_or(Hash()));
}

std::string Counted(uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string Lower(std::string name) {
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

std::string Dump(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

void Print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

std::string CreatedText(const v1::PartnershipInfo& info) {
  return fmt::format(
      "Partnership \"{}\" is founded ({}).\nInvite its towns: twinningctl invite \"{}\" TOWN\n",
      info.name(), HexOf(info.ledger()).substr(0, 8), info.name());
}

std::string ListText(const v1::ListPartnershipsResponse& list) {
  if (list.partnerships().empty()) {
    return "No partnerships yet. Found one: twinningctl partnership create NAME\n";
  }
  std::string text;
  for (const v1::PartnershipInfo& info : list.partnerships()) {
    text +=
        fmt::format("{}  {}: {}; {}, {}{}\n", HexOf(info.ledger()).substr(0, 8), info.name(),
                    info.towns().empty() ? "no towns yet" : Joined(info.towns()),
                    Counted(info.replicas(), "replica"),
                    info.sequence() == 1 ? "1 entry" : fmt::format("{} entries", info.sequence()),
                    info.archived_ms() == 0 ? "" : "; archived");
  }
  return text;
}

std::string InvitationText(const v1::InviteRequest& request, const v1::InviteResponse& response) {
  std::string admitted =
      response.town_admitted()
          ? fmt::format("{} is now a town of this partnership.\n", request.town())
          : "";
  std::string standing =
      response.confirmed()
          ? std::string(
                "Whoever uses it first is the town's coordinator, and invites the others.\n")
          : fmt::format(
                "A coordinator of {} confirms who comes by it; until then that one says "
                "nothing in the town's name.\n",
                request.town());
  return fmt::format(
      "{}Give this code to one person of {}, to be {}; it works once, until {} UTC:\n\n  {}\n\n{}"
      "There: twinning join CODE --as NAME\n",
      admitted, request.town(), Lower(v1::Role_Name(response.role())),
      FormatTime(response.expires_ms()), response.code(), standing);
}

std::string LogText(const v1::LogLine& line) {
  std::string who = line.who();
  if (!line.town().empty()) who += fmt::format(" ({})", line.town());
  std::string text;
  for (const std::string& what : line.what()) {
    std::string begin = text.empty()
                            ? fmt::format("{:>6}  {}", line.sequence(), FormatTime(line.time_ms()))
                            : std::string(24, ' ');
    text += fmt::format("{}  {}{}{}\n", begin, who, who.empty() ? "" : " ", what);
  }
  return text;
}

std::string InfoJson(const v1::PartnershipInfo& info) { return Dump(InfoOf(info)); }

std::string ListJson(const v1::ListPartnershipsResponse& list) {
  ordered_json all = ordered_json::array();
  for (const v1::PartnershipInfo& info : list.partnerships()) all.push_back(InfoOf(info));
  return Dump(all);
}

std::string InvitationJson(const v1::InviteRequest& request, const v1::InviteResponse& response) {
  return Dump({{"code", response.code()},
               {"town", request.town()},
               {"id", response.id()},
               {"town_admitted", response.town_admitted()},
               {"role", Lower(v1::Role_Name(response.role()))},
               {"confirmed", response.confirmed()},
               {"expires_ms", response.expires_ms()}});
}

std::string LogJson(const v1::LogLine& line) {
  return Dump({{"sequence", line.sequence()},
               {"time_ms", line.time_ms()},
               {"who", line.who()},
               {"town", line.town()},
               {"what", std::vector<std::string>(line.what().begin(), line.what().end())}});
}

std::string ErrorJson(const std::string& message) { return Dump({{"error", message}}); }

}  // namespace twinning::ctl
