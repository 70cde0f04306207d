// Fills a joined replica with a plan that has been worked on for years: so many records, so many
// changes of history, one long text. Everything is written as the product writes it, one durable
// change each, and goes out to the replica's server now and then. For tests/page/bench.mjs.
//
//   twinning-bench-plan --replica DIR [--records 5000] [--changes 100000] [--text 100000]
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "client/engine/sync.h"
#include "common/base/status.h"
#include "tests/support/world.h"

namespace twinning::bench {
namespace {

using client::Replica;

constexpr int64_t kFirst_ms = 1932473100000;
constexpr int64_t kBetween_ms = 20 * 60 * 1000;
constexpr int kSyncEvery = 2000;

struct Wanted {
  std::string replica;
  int records = 5000;
  int changes = 100000;
  int text = 100000;
};

struct Kind {
  const char* name;
  const char* title;
  const char* text;  // a field of long text
};

// In the proportions that a timetable and its accounts have.
constexpr Kind kKinds[] = {
    {"activity", "title", "description"}, {"activity", "title", "description"},
    {"activity", "title", "description"}, {"objective", "title", "statement"},
    {"method", "title", "statement"},     {"outcome", "title", "statement"},
    {"meeting", "body", "minutes"},       {"consultation", "question", "summary"},
    {"activity", "title", "description"}, {"meeting", "body", "agenda"}};

const Kind& KindOf(int record) { return kKinds[record % std::size(kKinds)]; }

RecordId Id(int record) { return testing::RecordNamed(fmt::format("record {}", record)); }

std::string Day(int number) {
  return fmt::format("{}-{:02}-{:02}", 2026 + number % 5, 1 + number / 5 % 12,
                     1 + number / 60 % 28);
}

std::string Prose(int characters) {
  constexpr std::string_view kWords[] = {"the",     "visit", "of",    "both",  "towns", "begins",
                                         "with",    "a",     "round", "table", "for",   "teachers",
                                         "pupils.", "It",    "goes",  "on",    "at",    "school."};
  std::string text;
  for (unsigned i = 0; static_cast<int>(text.size()) < characters; i = i * 1103515245 + 12345) {
    text += kWords[(i >> 16) % std::size(kWords)];
    text += (i >> 20) % 40 == 0 ? '\n' : ' ';
  }
  text.resize(static_cast<size_t>(characters));
  return text;
}

std::vector<v1::Edit> NewRecord(int number, const Wanted& wanted) {
  const Kind& kind = KindOf(number);
  const RecordId id = Id(number);
  std::vector<v1::Edit> edits = {
      testing::Create(id, kind.name),
      testing::Write(id, kind.name, kind.title,
                     merge::StringValue(fmt::format("{} number {}", kind.name, number))),
      testing::Splice(id, kind.name, kind.text, "en",
                      {{0, 0, Prose(number == 0 ? wanted.text : 300)}})};
  if (std::string_view(kind.name) == "activity") {
    edits.push_back(testing::Write(id, kind.name, "deadline", testing::Date(Day(number))));
  }
  return edits;
}

std::vector<v1::Edit> Later(int number, const Wanted& wanted) {
  const int record = 1 + number * 7 % (wanted.records - 1);
  const Kind& kind = KindOf(record);
  const RecordId id = Id(record);
  if (number % 3 == 0) {
    return {testing::Splice(id, kind.name, kind.text, "en",
                            {{number % 200, 0, fmt::format("({}) ", number)}})};
  }
  if (number % 3 == 1 && std::string_view(kind.name) == "activity") {
    return {testing::Write(id, kind.name, "deadline", testing::Date(Day(number)))};
  }
  return {testing::Write(id, kind.name, kind.title,
                         merge::StringValue(fmt::format("{} {}", kind.name, number)))};
}

absl::Status Sync(Replica& replica) {
  client::SyncOptions options;
  options.deadline_ms = 120'000;
  TWINNING_ASSIGN_OR_RETURN(client::SyncResult result, client::SyncOnce(replica, options));
  return result.synced ? absl::OkStatus() : Unavailable(result.problem);
}

absl::Status Fill(const Wanted& wanted) {
  TWINNING_ASSIGN_OR_RETURN(auto replica, Replica::Open(wanted.replica));
  for (int number = 0; number < wanted.changes; ++number) {
    TWINNING_ASSIGN_OR_RETURN(
        client::Saved saved, replica->Write(
                                 [&](const plan::Plan&) -> absl::StatusOr<Replica::Draft> {
                                   Replica::Draft draft;
                                   draft.edits = number < wanted.records ? NewRecord(number, wanted)
                                                                         : Later(number, wanted);
                                   return draft;
                                 },
                                 kFirst_ms + number * kBetween_ms));
    if (saved.refusal) return Internal(saved.refusal->detail);
    if (number % kSyncEvery == kSyncEvery - 1) TWINNING_RETURN_IF_ERROR(Sync(*replica));
  }
  return Sync(*replica);
}

}  // namespace
}  // namespace twinning::bench

int main(int argc, char** argv) {
  twinning::bench::Wanted wanted;
  CLI::App app("Fills a replica with a plan that has been worked on for years.");
  app.add_option("--replica", wanted.replica)->required();
  app.add_option("--records", wanted.records)->check(CLI::Range(2, 100'000));
  app.add_option("--changes", wanted.changes);
  app.add_option("--text", wanted.text);
  CLI11_PARSE(app, argc, argv);
  absl::Status filled = twinning::bench::Fill(wanted);
  if (filled.ok()) return 0;
  std::cerr << twinning::MessageOf(filled) << "\n";
  return 1;
}
