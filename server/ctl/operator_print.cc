#include "server/ctl/operator_print.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "common/base/date.h"
#include "common/base/ids.h"
#include "server/ctl/print.h"

namespace twinning::ctl {
namespace {

using nlohmann::ordered_json;

ordered_json JsonOf(const v1::OperatorInfo& info) {
  return {{"name", info.name()},
          {"key", HexOf(info.key())},
          {"added_ms", info.added_ms()},
          {"withdrawn_ms", info.withdrawn_ms()}};
}

}  // namespace

std::string OperatorAddedText(const std::string& name, const std::string& folder,
                              const v1::AddOperatorResponse& given) {
  std::string text = fmt::format(
      "{} may administer this server until {} UTC, with what is in {}.\nBring that directory to "
      "their machine, and keep no copy here.\n",
      name, FormatTime(given.until_ms()), folder);
  if (given.address().empty()) {
    return text +
           "The server does not listen for operators now: start it with --admin-listen "
           "ADDR:PORT.\n";
  }
  return text +
         fmt::format("There: twinningctl --server {} --identity DIR doctor\n", given.address());
}

std::string OperatorsText(const v1::ListOperatorsResponse& all) {
  std::string text;
  for (const v1::OperatorInfo& info : all.operators()) {
    text += fmt::format("{}  {}, {}\n", HexOf(info.key()).substr(0, 8), info.name(),
                        info.withdrawn_ms() == 0
                            ? fmt::format("since {} UTC", FormatTime(info.added_ms()))
                            : fmt::format("withdrawn {} UTC", FormatTime(info.withdrawn_ms())));
  }
  return text.empty() ? "Only on this machine, through the socket in the data directory.\n" : text;
}

std::string OperatorWithdrawnText(const v1::OperatorInfo& info) {
  return fmt::format("{}'s key counts no more: nobody administers with it from now on.\n",
                     info.name());
}

std::string OperatorAddedJson(const std::string& name, const std::string& folder,
                              const v1::AddOperatorResponse& given) {
  return Dump({{"name", name},
               {"identity", folder},
               {"server", given.address()},
               {"until_ms", given.until_ms()}});
}

std::string OperatorsJson(const v1::ListOperatorsResponse& all) {
  ordered_json json = ordered_json::array();
  for (const v1::OperatorInfo& info : all.operators()) json.push_back(JsonOf(info));
  return Dump(json);
}

std::string OperatorWithdrawnJson(const v1::OperatorInfo& info) { return Dump(JsonOf(info)); }

}  // namespace twinning::ctl
