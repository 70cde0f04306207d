#include "server/ctl/server_print.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/base/date.h"
#include "common/base/ids.h"
#include "server/ctl/print.h"

namespace twinning::ctl {
namespace {

using nlohmann::ordered_json;

constexpr size_t kMostLedgers = 20;  // lines of a screen

std::string_view Mark(const v1::Finding& finding) {
  switch (finding.level()) {
    case v1::Finding::FINE:
      return "ok     ";
    case v1::Finding::WARNING:
      return "LOOK   ";
    default:
      return "WRONG  ";
  }
}

std::string Time(double microseconds) {
  if (microseconds < 1000) return fmt::format("{:.0f} µs", microseconds);
  if (microseconds < 1e6) return fmt::format("{:.1f} ms", microseconds / 1000);
  return fmt::format("{:.1f} s", microseconds / 1e6);
}

std::string Bytes(uint64_t bytes) {
  if (bytes < 10 * 1024 * 1024) return fmt::format("{} KiB", bytes / 1024);
  if (bytes < 10ULL * 1024 * 1024 * 1024) return fmt::format("{} MiB", bytes / (1024 * 1024));
  return fmt::format("{} GiB", bytes / (1024 * 1024 * 1024));
}

std::string LongTime(int64_t milliseconds) {
  const int64_t minutes = milliseconds / 60'000;
  if (minutes < 60) return fmt::format("{} min", minutes);
  if (minutes < 48 * 60) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  return fmt::format("{} days", minutes / (24 * 60));
}

std::string LedgerLine(const v1::Measurement::Ledger& ledger) {
  std::string state = ledger.recovering() ? "  recovering" : ledger.archived() ? "  archived" : "";
  return fmt::format("  {:<40.40}  {:>9} entries  {:>4} sessions  {:>5} to send{}\n", ledger.name(),
                     ledger.sequence(), ledger.sessions(), ledger.outbox(), state);
}

std::string LedgerLines(const v1::Measurement& measured) {
  std::vector<v1::Measurement::Ledger> all(measured.ledgers().begin(), measured.ledgers().end());
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.sessions() > b.sessions(); });
  std::string text;
  for (const v1::Measurement::Ledger& one : all) {
    if (static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) == kMostLedgers) {
      return text + fmt::format("  and {} more\n", all.size() - kMostLedgers);
    }
    text += LedgerLine(one);
  }
  return text;
}

ordered_json CountsJson(const google::protobuf::RepeatedPtrField<v1::Measurement::Count>& counts) {
  ordered_json json = ordered_json::object();
  for (const v1::Measurement::Count& one : counts) json[Lower(one.what())] = one.count();
  return json;
}

ordered_json LedgersJson(const v1::Measurement& measured) {
  ordered_json all = ordered_json::array();
  for (const v1::Measurement::Ledger& one : measured.ledgers()) {
    all.push_back({{"id", HexOf(one.ledger())},
                   {"name", one.name()},
                   {"sequence", one.sequence()},
                   {"sessions", one.sessions()},
                   {"outbox", one.outbox()},
                   {"archived", one.archived()},
                   {"recovering", one.recovering()}});
  }
  return all;
}

}  // namespace

std::string FindingText(const v1::Finding& finding) {
  std::string text = fmt::format("{}{}: {}\n", Mark(finding), finding.what(), finding.sentence());
  if (!finding.remedy().empty()) text += fmt::format("       -> {}\n", finding.remedy());
  return text;
}

std::string FindingsJson(const std::vector<v1::Finding>& all) {
  ordered_json json = ordered_json::array();
  for (const v1::Finding& finding : all) {
    json.push_back({{"what", finding.what()},
                    {"level", Lower(v1::Finding::Level_Name(finding.level()))},
                    {"sentence", finding.sentence()},
                    {"remedy", finding.remedy()}});
  }
  return Dump(json);
}

std::string TopText(const v1::Measurement& measured, const Rates& rates) {
  std::string text = fmt::format("{} UTC, up {}{}\n", FormatTime(measured.now_ms()),
                                 LongTime(measured.now_ms() - measured.started_ms()),
                                 measured.disk_full() ? "   THE DISK IS FULL" : "");
  text += fmt::format("connections {}, streams {}, turned away {}, not let in {}\n",
                      measured.connections(), measured.streams(), measured.turned_away(),
                      measured.handshakes_failed());
  text += fmt::format("changes {:.1f}/s, refusals {:.1f}/s, commits {:.1f}/s; {} changes in all\n",
                      rates.changes, rates.refusals, rates.commits, measured.changes());
  text += fmt::format("commit p50 {}, p99 {}; fan-out p50 {}, p99 {}\n", Time(rates.commit_p50_us),
                      Time(rates.commit_p99_us), Time(rates.fan_out_p50_us),
                      Time(rates.fan_out_p99_us));
  text += fmt::format("queues: {} tasks wait for the committer, {} sessions not up to date\n",
                      measured.waiting(), measured.unsent());
  text += fmt::format(
      "database {}, log {}, free {}; last backup {}\n", Bytes(measured.database_bytes()),
      Bytes(measured.log_bytes()), Bytes(measured.disk_free_bytes()),
      measured.backup_ms() == 0 ? "never" : FormatTime(measured.backup_ms()) + " UTC");
  return text + LedgerLines(measured);
}

std::string TopJson(const v1::Measurement& measured, const Rates& rates) {
  return Dump({{"time_ms", measured.now_ms()},
               {"started_ms", measured.started_ms()},
               {"seconds", rates.seconds},
               {"connections", measured.connections()},
               {"streams", measured.streams()},
               {"turned_away", measured.turned_away()},
               {"handshakes_failed", measured.handshakes_failed()},
               {"changes_per_s", rates.changes},
               {"refusals_per_s", rates.refusals},
               {"commits_per_s", rates.commits},
               {"commit_p50_us", rates.commit_p50_us},
               {"commit_p99_us", rates.commit_p99_us},
               {"fan_out_p50_us", rates.fan_out_p50_us},
               {"fan_out_p99_us", rates.fan_out_p99_us},
               {"changes", measured.changes()},
               {"entries", measured.entries()},
               {"refusals", CountsJson(measured.refusals())},
               {"closings", CountsJson(measured.closings())},
               {"commit_queue", measured.waiting()},
               {"sessions_unsent", measured.unsent()},
               {"disk_full", measured.disk_full()},
               {"database_bytes", measured.database_bytes()},
               {"database_log_bytes", measured.log_bytes()},
               {"disk_free_bytes", measured.disk_free_bytes()},
               {"backup_ms", measured.backup_ms()},
               {"ledgers", LedgersJson(measured)}});
}

}  // namespace twinning::ctl
