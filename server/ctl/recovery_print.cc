#include "server/ctl/recovery_print.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "common/base/date.h"
#include "common/base/ids.h"
#include "server/ctl/print.h"

namespace twinning::ctl {
namespace {

using nlohmann::ordered_json;

std::string Size(uint64_t bytes) {
  if (bytes < 10 * 1024 * 1024) return fmt::format("{} KiB", bytes / 1024);
  return fmt::format("{} MiB", bytes / (1024 * 1024));
}

std::string CountedAs(uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

ordered_json JsonOf(const v1::Verified& verified) {
  return {{"id", HexOf(verified.ledger())},       {"name", verified.name()},
          {"sequence", verified.sequence()},      {"hash", HexOf(verified.hash())},
          {"words", SpokenHash(verified.hash())}, {"epoch", verified.epoch()},
          {"digest", HexOf(verified.digest())},   {"ignored", verified.ignored()}};
}

template <typename All>
ordered_json JsonOfAll(const All& all) {
  ordered_json json = ordered_json::array();
  for (const v1::Verified& verified : all) json.push_back(JsonOf(verified));
  return json;
}

std::string Standing(const v1::RecoveringReplica& replica) {
  if (replica.needs_operator()) return "offers what it takes \"recovery begin\" to accept";
  return replica.heard() ? "heard from" : "not heard from";
}

constexpr std::string_view kWhatNext =
    "Start twinningd. Replicas bring back what they hold beyond this; \"twinningctl recovery "
    "status\" "
    "lists\nthose not heard from yet, and \"twinningctl recovery finish\" ends the recovery and "
    "lets "
    "new changes in.\n";

}  // namespace

std::string VerifiedText(const v1::Verified& verified) {
  std::string text =
      fmt::format("{} ({}): every entry from 1 to {} follows and is signed; epoch {}\n  {}  {}\n",
                  verified.name(), HexOf(verified.ledger()).substr(0, 8), verified.sequence(),
                  verified.epoch(), verified.sequence(), SpokenHash(verified.hash()));
  if (verified.ignored() > 0) {
    text += fmt::format("  {} without effect, which every replica passes over\n",
                        CountedAs(verified.ignored(), "entry is", "entries are"));
  }
  return text;
}

std::string BackupText(const std::string& file, const v1::BackupInfo& info) {
  std::string text = fmt::format("{}: {}, made at {} UTC and verified\n", file, Size(info.bytes()),
                                 FormatTime(info.made_ms()));
  for (const v1::Verified& verified : info.partnerships()) text += VerifiedText(verified);
  return text +
         "Keys and certificates are not in it: keep a copy of the directory \"authority\" apart.\n";
}

std::string RestoredText(const std::string& data, const server::Restored& restored) {
  std::string text = fmt::format("Restored in {}; what was there is kept beside it.\n", data);
  for (const v1::Verified& verified : restored.partnerships) text += VerifiedText(verified);
  for (const std::string& name : restored.left_out) {
    text += fmt::format("{} is not in the backup: this server no longer has it.\n", name);
  }
  return text + std::string(kWhatNext);
}

std::string RebuiltText(const v1::Verified& verified) {
  return VerifiedText(verified) + std::string(kWhatNext) +
         "Replicas that knew another server move to this one: twinningctl rehome, twinning rehome "
         "CODE.\n";
}

std::string RecoveryText(const v1::RecoveryReport& report) {
  std::string text;
  if (report.open()) {
    text = fmt::format(
        "A recovery of {} is open since entry {}; the ledger is at {}. Epoch {} begins when it is "
        "over.\n",
        report.name(), report.began_at(), report.head(), report.epoch());
  } else {
    text = fmt::format("No recovery of {} is open. Epoch {}; the ledger is at {}.\n", report.name(),
                       report.epoch(), report.head());
  }
  if (report.readmitted() > 0) {
    text += fmt::format("{} came back after new ones.\n",
                        CountedAs(report.readmitted(), "lost entry", "lost entries"));
  }
  for (const v1::RecoveringReplica& replica : report.replicas()) {
    if (!report.open() && !replica.needs_operator()) continue;
    text += fmt::format("  {}  {} ({}): {}\n", HexOf(replica.replica()).substr(0, 8),
                        replica.member(), replica.town(), Standing(replica));
  }
  return text;
}

std::string BackupJson(const std::string& file, const v1::BackupInfo& info) {
  return Dump({{"file", file},
               {"bytes", info.bytes()},
               {"made_ms", info.made_ms()},
               {"partnerships", JsonOfAll(info.partnerships())}});
}

std::string VerifiedJson(const std::vector<v1::Verified>& all) { return Dump(JsonOfAll(all)); }

std::string RestoredJson(const server::Restored& restored) {
  return Dump(
      {{"partnerships", JsonOfAll(restored.partnerships)}, {"left_out", restored.left_out}});
}

std::string RecoveryJson(const v1::RecoveryReport& report) {
  ordered_json replicas = ordered_json::array();
  for (const v1::RecoveringReplica& replica : report.replicas()) {
    replicas.push_back({{"id", HexOf(replica.replica())},
                        {"member", replica.member()},
                        {"town", replica.town()},
                        {"heard", replica.heard()},
                        {"needs_operator", replica.needs_operator()}});
  }
  return Dump({{"id", HexOf(report.ledger())},
               {"name", report.name()},
               {"open", report.open()},
               {"epoch", report.epoch()},
               {"began_at", report.began_at()},
               {"head", report.head()},
               {"readmitted", report.readmitted()},
               {"replicas", replicas}});
}

}  // namespace twinning::ctl
