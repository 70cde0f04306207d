// twinning position
#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/exit_codes.h"
#include "client/cli/fold.h"
#include "client/cli/phrases.h"
#include "client/cli/writing.h"
#include "common/base/status.h"
#include "common/plan/compose.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

struct Arguments {
  std::string id;
  std::string stance;
  std::optional<std::string> reason;
  std::optional<std::string> language;
};

absl::StatusOr<v1::StanceKind> ParseStance(std::string_view typed) {
  std::string folded = Fold(typed);
  for (v1::StanceKind stance : {v1::SUPPORTS, v1::RESERVATION, v1::OBJECTS, v1::UNDECIDED}) {
    if (folded.size() >= 3 && NameOf(stance).starts_with(folded)) return stance;
  }
  return BadInput(
      fmt::format("A position is supports, reservation, objects or undecided, not \"{}\".",
                  typed.substr(0, 60)));
}

// The reason that the town gave before, in the language, is kept when none is given now.
std::string ReasonBefore(const plan::Plan& view, const RecordId& about, const TownId& town,
                         const std::string& language) {
  const merge::Record* position = view.Find(plan::PositionId(about, town));
  const merge::Kind* kind = position == nullptr ? nullptr : view.KindOf(*position);
  const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByName("reason");
  if (field == nullptr) return "";
  auto text = position->texts.find({field->number, language});
  return text == position->texts.end() ? "" : text->second.document.text();
}

absl::Status Position(Context& context, const Arguments& arguments) {
  TWINNING_ASSIGN_OR_RETURN(v1::StanceKind stance, ParseStance(arguments.stance));
  TWINNING_RETURN_IF_ERROR(CheckTyped("The reason", arguments.reason.value_or("")));
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  const TownId town = replica->identity().town;
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<client::Replica::Draft> {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindToWrite(view, town, arguments.id));
    TWINNING_ASSIGN_OR_RETURN(std::string language,
                              ParseLanguage(arguments.language.value_or(LanguageOf(view, town))));
    std::string reason =
        arguments.reason ? *arguments.reason : ReasonBefore(view, record->id, town, language);
    auto edits = plan::StatePosition(view, town, record->id, stance, reason, language);
    if (!edits.ok()) {
      return Refused(Sentence(MessageOf(edits.status())) + " Nothing was changed.");
    }
    client::Replica::Draft draft;
    draft.edits = *std::move(edits);
    return draft;
  };
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(context, *replica, make));
  Report(context, *replica, outcome);
  return absl::OkStatus();
}

}  // namespace

void AddPosition(CommandLine& line) {
  Command& command =
      line.Add("position", "States where your town stands on a record's words as they are now");
  auto arguments = std::make_shared<Arguments>();
  command.Word("ID", arguments->id, "An objective, method, outcome or activity");
  command.Word("STANCE", arguments->stance, "supports, reservation, objects or undecided");
  command.Option("--reason", "TEXT", arguments->reason, "Why (default: the reason given before)");
  command.Option("--language", "CODE", arguments->language,
                 "The reason's language (default: your town's first)");
  command.Example("twinning position 3f2a1b2c supports", "confirms the current words too");
  command.Example("twinning position 3f2a1b2c reservation --reason \"Eight places a year\"",
                  "supports, with a reservation");
  command.Run([arguments](Context& context) { return Position(context, *arguments); });
}

}  // namespace twinning::cli
