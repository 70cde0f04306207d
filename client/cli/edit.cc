// twinning edit
#include <fmt/core.h>

#include <istream>
#include <iterator>
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/editor.h"
#include "client/cli/reporting.h"
#include "client/desk/exit_codes.h"
#include "client/desk/phrases.h"
#include "client/desk/rewording.h"
#include "common/base/status.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

constexpr size_t kMaxTyped = 16 * 1024 * 1024;  // nothing that long can be saved: not read further

struct EditArguments {
  std::string id;
  std::string field;
  std::optional<std::string> language;
  bool from_stdin = false;
};

// The field that is to be edited, found on one view of the plan.
struct Target {
  const merge::Record* record = nullptr;
  const merge::Field* field = nullptr;
  merge::TextKey key;  // of a text
  std::string wording;
};

absl::StatusOr<Target> FindTarget(const plan::Plan& view, const TownId& town,
                                  const EditArguments& arguments) {
  Target target;
  TWINNING_ASSIGN_OR_RETURN(target.record, FindToWrite(view, town, arguments.id));
  const merge::Kind* kind = view.KindOf(*target.record);
  size_t colon = arguments.field.find(':');
  std::string name = arguments.field.substr(0, colon);
  target.field = kind->FieldByName(name);
  if (target.field == nullptr) {
    return BadInput(
        fmt::format("{} has no field \"{}\".", Capitalised(WithArticle(kind->label)), name));
  }
  std::string language = arguments.language.value_or("");
  if (colon != std::string::npos) language = arguments.field.substr(colon + 1);
  if (target.field->rule == v1::TEXT) {
    if (language.empty()) language = LanguageOf(view, town);
    TWINNING_ASSIGN_OR_RETURN(language, ParseLanguage(language));
    target.key = {target.field->number, language};
    auto text = target.record->texts.find(target.key);
    if (text != target.record->texts.end()) target.wording = text->second.document.text();
    return target;
  }
  if (target.field->type != merge::Type::kString || target.field->rule == v1::SET) {
    return BadInput(fmt::format("{} is not a text; write it with: twinning set {} {}=…",
                                target.field->label, arguments.id, target.field->name));
  }
  target.wording =
      words::FormatValue(view, *target.field, view.Shown(*target.record, target.field->number));
  return target;
}

absl::StatusOr<std::string> ReadTyped(std::istream& in) {
  std::string typed;
  std::string block(64 * 1024, '\0');
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
    typed.append(block, 0, static_cast<size_t>(in.gcount()));
    if (typed.size() > kMaxTyped) {
      return BadInput(
          fmt::format("More than {} MiB was typed; one change holds at most 256 KiB. "
                      "Nothing was changed.",
                      kMaxTyped / (1024 * 1024)));
    }
  }
  return typed;
}

// Editors and `echo` end the last line; a text that did not end so before does not begin to.
std::string LikeBefore(std::string typed, std::string_view before) {
  if (typed.ends_with("\r\n") && !before.ends_with('\n')) typed.resize(typed.size() - 2);
  if (typed.ends_with('\n') && !before.ends_with('\n')) typed.pop_back();
  return typed;
}

absl::StatusOr<std::string> NewWording(Context& context, const EditArguments& arguments,
                                       std::string_view before) {
  absl::StatusOr<std::string> typed =
      arguments.from_stdin ? ReadTyped(context.in()) : EditInEditor(before);
  if (!typed.ok()) return typed.status();
  TWINNING_RETURN_IF_ERROR(CheckTyped("What was typed", *typed));
  return LikeBefore(*std::move(typed), before);
}

absl::Status Edit(Context& context, const EditArguments& arguments) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  const TownId town = replica->identity().town;
  TWINNING_ASSIGN_OR_RETURN(Target seen, FindTarget(replica->view(), town, arguments));
  const std::string before = seen.wording;
  TWINNING_ASSIGN_OR_RETURN(std::string typed, NewWording(context, arguments, before));
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<client::Replica::Draft> {
    TWINNING_ASSIGN_OR_RETURN(Target now, FindTarget(view, town, arguments));
    RecordDraft draft(view, town, *now.record, context.random());
    if (now.field->rule == v1::TEXT) {
      TWINNING_ASSIGN_OR_RETURN(std::string wording, Reworded(before, typed, now.wording));
      TWINNING_RETURN_IF_ERROR(draft.SetText(*now.field, now.key.language, wording));
    } else {
      TWINNING_RETURN_IF_ERROR(draft.Assign({Assignment::kSet, now.field->name, "", "", typed}));
    }
    return draft.Finish();
  };
  absl::StatusOr<Outcome> outcome = Save(*replica, make, context.NowMs());
  if (!outcome.ok() && !arguments.from_stdin) return KeptBeside(outcome.status(), typed);
  if (!outcome.ok()) return outcome.status();
  Report(context, *replica, *outcome);
  return absl::OkStatus();
}

}  // namespace

void AddEdit(CommandLine& line) {
  Command& command = line.Add("edit", "Edits one text in $EDITOR, or takes it from standard input");
  auto arguments = std::make_shared<EditArguments>();
  command.Word("ID", arguments->id, "The record's id, its beginning, or its exact title");
  command.Word("FIELD", arguments->field, "statement, description … or statement:fr");
  command.Option("--language", "CODE", arguments->language,
                 "The text's language (default: your town's first)");
  command.Flag("--stdin", arguments->from_stdin, "Takes the whole text from standard input");
  command.Example("twinning edit 3f2a1b2c statement", "opens $VISUAL or $EDITOR");
  command.Example("twinning edit 3f2a1b2c statement:fr --stdin < statement.txt",
                  "only the words that differ are written");
  command.Run([arguments](Context& context) { return Edit(context, *arguments); });
}

}  // namespace twinning::cli
