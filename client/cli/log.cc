// twinning log
#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/exit_codes.h"
#include "client/desk/ids.h"
#include "client/desk/log_json.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

struct LogArguments {
  std::optional<std::string> id;
  std::optional<std::string> limit;
};

// Values as they were and are; what was made just now is in the sentences already.
std::vector<std::string> Details(const Telling& telling) {
  std::vector<std::string> lines;
  for (const RecordChange& record : telling.records) {
    for (const FieldChange& field : record.fields) {
      if (!record.made && (field.text || !field.before.empty())) lines.push_back(InWords(field));
    }
  }
  return lines;
}

std::string Heading(const Json& item, int64_t time_ms) {
  std::string place = item["sequence"].is_null()
                          ? "not sent yet"
                          : fmt::format("{}", item["sequence"].get<uint64_t>());
  std::string who = "the server";
  if (!item["author"].is_null()) {
    who = fmt::format("{} ({})", item["author"].get<std::string>(),
                      item["town"].is_null() ? "" : item["town"].get<std::string>());
  }
  std::string change =
      item["change"].is_null() ? "" : fmt::format(", change {}", item["change"].get<uint64_t>());
  return fmt::format("{}  {}, {}{}", place, InWords(time_ms), who, change);
}

std::string Worded(const Telling& telling, const Json& item) {
  int64_t time_ms =
      telling.change != nullptr ? telling.change->authored.time_ms : telling.entry->time_ms();
  std::string text = Heading(item, time_ms);
  for (const Json& line : item["what"]) {
    text += "\n    " + Capitalised(line.get<std::string>());
  }
  for (const std::string& line : Details(telling)) text += "\n      " + line;
  return text;
}

// Keeps the last ones of what concerns one record, or of everything.
class Lines {
 public:
  // `total` is how many there are, outbox included.
  Lines(bool json, const std::optional<RecordId>& only, size_t limit, size_t total)
      : json_(json), only_(only), limit_(limit), total_(total) {}

  bool Wants(const plan::Plan& before, const plan::Change* change) {
    ++heard_;
    if (!only_) return limit_ >= total_ || heard_ > total_ - limit_;
    return change != nullptr && Concerns(before, *change);
  }

  absl::Status Keep(const Telling& telling) {
    Json item = LogItemJson(telling);
    if (json_) {
      items_.push_back(std::move(item));
    } else {
      lines_.push_back(Worded(telling, item));
    }
    if (items_.size() > limit_) items_.pop_front();
    if (lines_.size() > limit_) lines_.pop_front();
    return absl::OkStatus();
  }

  void Tell(Context& context) const {
    if (json_) context.Answer(Json(items_));
    for (const std::string& line : lines_) context.Say(line);
    if (!json_ && lines_.empty()) context.Say("Nothing has happened yet.");
  }

 private:
  bool Concerns(const plan::Plan& before, const plan::Change& change) const {
    const plan::Member* author = before.FindMember(change.authored.replica);
    auto named = plan::RecordsOf(change.edits);
    return std::any_of(named.begin(), named.end(), [&](const RecordId& id) {
      return id == *only_ || (author != nullptr && before.Routed(id, author->town) == *only_);
    });
  }

  bool json_;
  std::optional<RecordId> only_;
  size_t limit_;
  size_t total_;
  size_t heard_ = 0;
  std::deque<Json> items_;
  std::deque<std::string> lines_;
};

absl::StatusOr<size_t> LimitOf(const LogArguments& arguments) {
  if (!arguments.limit) return SIZE_MAX;
  TWINNING_ASSIGN_OR_RETURN(int64_t limit, ValueReader::ReadInteger("--limit", *arguments.limit));
  if (limit < 1) return BadInput("--limit is at least 1.");
  return static_cast<size_t>(limit);
}

absl::Status Log(Context& context, const LogArguments& arguments) {
  TWINNING_ASSIGN_OR_RETURN(size_t limit, LimitOf(arguments));
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  std::optional<RecordId> only;
  if (arguments.id) {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record,
                              FindRecord(replica->view(), *arguments.id));
    only = record->id;
  }
  const Sequence head = replica->head().sequence;
  const std::vector<plan::Change>& outbox = replica->view().pending();
  Lines lines(context.json(), only, limit, head + outbox.size());
  Listener listener;
  listener.wants = [&](const plan::Plan& before, const v1::Entry*, const plan::Change* change) {
    return lines.Wants(before, change);
  };
  listener.see = [&](const Telling& telling) { return lines.Keep(telling); };
  absl::Status told = Retell(replica->entries(), head, outbox, listener);
  if (!told.ok()) return FromReplica(told);
  if (!replica->sync_state().history_complete) {
    context.Note("The history is still on its way: this is what has come so far.");
  }
  lines.Tell(context);
  return absl::OkStatus();
}

}  // namespace

void AddLog(CommandLine& line) {
  Command& command = line.Add("log", "Who changed what, when, and in which town; the latest last");
  auto arguments = std::make_shared<LogArguments>();
  command.OptionalWord("ID", arguments->id, "Of one record only");
  command.Option("--limit", "N", arguments->limit, "The last N only");
  command.Example("twinning log --limit 20", "the last twenty, your own unsent ones too");
  command.Example("twinning log 3f2a1b2c", "one record, with its values before and after");
  command.Run([arguments](Context& context) { return Log(context, *arguments); });
}

}  // namespace twinning::cli
