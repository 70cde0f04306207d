#include "server/ctl/partnership_print.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "common/base/date.h"
#include "common/base/ids.h"
#include "server/ctl/print.h"
#include "server/ctl/recovery_print.h"

namespace twinning::ctl {
namespace {

using nlohmann::ordered_json;

std::string StateOf(const v1::PartnershipDetails& details) {
  if (details.recovering()) return "is being recovered: takes no new changes";
  if (details.info().archived_ms() == 0) return "takes changes";
  return fmt::format("archived since {} UTC: is only read",
                     FormatTime(details.info().archived_ms()));
}

// A text of several lines stands below its number.
std::string Below(std::string text, std::string_view margin) {
  for (size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
    text.insert(at + 1, margin);
  }
  return text;
}

ordered_json CandidatesJson(const v1::ConflictInfo& conflict) {
  ordered_json all = ordered_json::array();
  for (const v1::ConflictInfo::Candidate& one : conflict.candidates()) {
    all.push_back({{"words", one.words()},
                   {"author", one.author()},
                   {"town", one.town()},
                   {"time_ms", one.time_ms()},
                   {"shown", one.shown()}});
  }
  return all;
}

}  // namespace

std::string DetailsText(const v1::PartnershipDetails& details) {
  const v1::PartnershipInfo& info = details.info();
  std::string text = fmt::format(
      "{} ({})\n  {}\n  founded {} UTC, last entry {} UTC\n", info.name(), HexOf(info.ledger()),
      StateOf(details), FormatTime(details.founded_ms()), FormatTime(details.last_entry_ms()));
  text += fmt::format("  ledger ends at {}, epoch {}: {}\n", info.sequence(), details.epoch(),
                      SpokenHash(details.hash()));
  text += fmt::format("  {}, {} open\n", Counted(details.records(), "record"),
                      Counted(details.open_conflicts(), "conflict"));
  if (details.ignored() > 0) {
    text += fmt::format("  {} of entries without effect, which every replica passes over\n",
                        details.ignored());
  }
  for (const v1::PartnershipDetails::Town& town : details.towns()) {
    text +=
        fmt::format("  {}: {}, {}, {} connected\n", town.name(), Counted(town.members(), "member"),
                    Counted(town.replicas(), "replica"), town.connected());
  }
  return text;
}

std::string ArchivedText(const v1::PartnershipInfo& info) {
  if (info.archived_ms() == 0) return fmt::format("{} takes changes.\n", info.name());
  return fmt::format("{} is archived since {} UTC: it can be read, and takes no changes.\n",
                     info.name(), FormatTime(info.archived_ms()));
}

std::string ExportedText(const std::string& file, const v1::BackupInfo& info) {
  std::string text = fmt::format("{}: {} KiB, made at {} UTC and verified\n", file,
                                 (info.bytes() + 1023) / 1024, FormatTime(info.made_ms()));
  for (const v1::Verified& verified : info.partnerships()) text += VerifiedText(verified);
  return text + fmt::format(
                    "Check it anywhere: twinningctl verify {0}. Into another server: "
                    "twinningctl partnership import {0}\n",
                    file);
}

std::string ImportedText(const v1::ImportReport& report) {
  const v1::Verified& verified = report.verified();
  std::string text =
      fmt::format("{} is here, up to entry {}; verified.\n", verified.name(), verified.sequence());
  if (report.before() > 0) text += fmt::format("Entries 1 to {} were here.\n", report.before());
  text += "Take its replicas along: twinningctl rehome\n";
  if (!report.recovery_begun()) return text;
  return text + fmt::format(
                    "A recovery has begun: they bring what the file lacks. See \"twinningctl "
                    "recovery status \"{}\"\".\n",
                    verified.name());
}

std::string ConflictsText(const v1::ConflictsResponse& all) {
  if (all.conflicts().empty()) return "Nothing is in conflict.\n";
  std::string text;
  for (const v1::ConflictInfo& conflict : all.conflicts()) {
    text += fmt::format("{}  {} (entry {})\n", HexOf(conflict.id()).substr(0, 8),
                        conflict.subject(), conflict.opened());
    for (const v1::ConflictInfo::Candidate& one : conflict.candidates()) {
      text +=
          fmt::format("    {}\n      {} ({}), {} UTC{}\n", Below(one.words(), "    "), one.author(),
                      one.town(), FormatTime(one.time_ms()), one.shown() ? ", shown now" : "");
    }
  }
  return text;
}

std::string DetailsJson(const v1::PartnershipDetails& details) {
  const v1::PartnershipInfo& info = details.info();
  ordered_json towns = ordered_json::array();
  for (const v1::PartnershipDetails::Town& town : details.towns()) {
    towns.push_back({{"name", town.name()},
                     {"admitted", town.admitted()},
                     {"members", town.members()},
                     {"replicas", town.replicas()},
                     {"connected", town.connected()}});
  }
  return Dump({{"id", HexOf(info.ledger())},
               {"name", info.name()},
               {"archived_ms", info.archived_ms()},
               {"recovering", details.recovering()},
               {"founded_ms", details.founded_ms()},
               {"last_entry_ms", details.last_entry_ms()},
               {"sequence", info.sequence()},
               {"hash", HexOf(details.hash())},
               {"words", SpokenHash(details.hash())},
               {"digest", HexOf(details.digest())},
               {"epoch", details.epoch()},
               {"records", details.records()},
               {"open_conflicts", details.open_conflicts()},
               {"ignored", details.ignored()},
               {"towns", towns}});
}

std::string ImportedJson(const v1::ImportReport& report) {
  const v1::Verified& verified = report.verified();
  return Dump({{"id", HexOf(verified.ledger())},
               {"name", verified.name()},
               {"sequence", verified.sequence()},
               {"hash", HexOf(verified.hash())},
               {"digest", HexOf(verified.digest())},
               {"before", report.before()},
               {"recovery_begun", report.recovery_begun()}});
}

std::string ConflictsJson(const v1::ConflictsResponse& all) {
  ordered_json json = ordered_json::array();
  for (const v1::ConflictInfo& conflict : all.conflicts()) {
    json.push_back({{"id", HexOf(conflict.id())},
                    {"record", HexOf(conflict.record())},
                    {"subject", conflict.subject()},
                    {"opened", conflict.opened()},
                    {"candidates", CandidatesJson(conflict)}});
  }
  return Dump(json);
}

}  // namespace twinning::ctl
