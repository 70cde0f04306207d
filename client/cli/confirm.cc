// twinning confirm
#include <fmt/core.h>

#include <map>
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/exit_codes.h"
#include "client/cli/phrases.h"
#include "client/cli/writing.h"
#include "common/base/status.h"
#include "common/plan/standing.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

struct Arguments {
  std::string id;
  std::optional<std::string> field;
};

// For each text, the counterparts that it has not been confirmed against.
absl::StatusOr<client::Replica::Draft> ConfirmAll(const plan::Plan& view,
                                                  const merge::Record& record,
                                                  const merge::Field* only) {
  std::map<merge::TextKey, v1::Edit> edits;
  for (const plan::StalePair& pair : plan::StalePairs(view, record)) {
    if (only != nullptr && pair.text.field != only->number) continue;
    auto other = record.texts.find({pair.text.field, pair.counterpart});
    if (other == record.texts.end()) continue;
    v1::Edit& edit = edits[pair.text];
    edit.set_record(std::string(record.id.bytes()));
    edit.mutable_confirm()->set_field(pair.text.field);
    edit.mutable_confirm()->set_language(pair.text.language);
    v1::Counterpart& counterpart = *edit.mutable_confirm()->add_counterparts();
    counterpart.set_language(pair.counterpart);
    counterpart.set_digest(std::string(Sha256(other->second.document.text()).bytes()));
  }
  if (edits.empty()) {
    return Refused(fmt::format("{} has no languages that are still to be confirmed.",
                               Capitalised(words::NameRecord(view, record.id))));
  }
  client::Replica::Draft draft;
  for (auto& [key, edit] : edits) draft.edits.push_back(std::move(edit));
  return draft;
}

absl::Status Confirm(Context& context, const Arguments& arguments) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<client::Replica::Draft> {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record,
                              FindToWrite(view, replica->identity().town, arguments.id));
    const merge::Kind* kind = view.KindOf(*record);
    const merge::Field* only = nullptr;
    if (arguments.field) only = kind->FieldByName(*arguments.field);
    if (arguments.field && (only == nullptr || only->rule != v1::TEXT)) {
      return BadInput(fmt::format("{} has no text \"{}\".", Capitalised(WithArticle(kind->label)),
                                  *arguments.field));
    }
    return ConfirmAll(view, *record, only);
  };
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(context, *replica, make));
  Report(context, *replica, outcome);
  return absl::OkStatus();
}

}  // namespace

void AddConfirm(CommandLine& line) {
  Command& command =
      line.Add("confirm", "Confirms that a record's texts say the same in every language");
  auto arguments = std::make_shared<Arguments>();
  command.Word("ID", arguments->id, "The record's id, its beginning, or its exact title");
  command.OptionalWord("FIELD", arguments->field, "One text only");
  command.Example("twinning confirm 77c0ffee",
                  "a charter is agreed only when its languages are confirmed");
  command.Run([arguments](Context& context) { return Confirm(context, *arguments); });
}

}  // namespace twinning::cli
