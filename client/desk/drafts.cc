#include "client/desk/drafts.h"

#include <fmt/core.h>

#include "client/desk/exit_codes.h"
#include "client/desk/fold.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/plan/compose.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

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

}  // namespace

absl::StatusOr<Draft> DraftOfAssignments(const plan::Plan& view, const TownId& town,
                                         std::string_view id,
                                         const std::vector<Assignment>& assignments,
                                         RandomBytes random) {
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindToWrite(view, town, id));
  RecordDraft draft(view, town, *record, std::move(random));
  for (const Assignment& assignment : assignments) {
    TWINNING_RETURN_IF_ERROR(draft.Assign(assignment));
  }
  return draft.Finish();
}

absl::StatusOr<Draft> DraftToDelete(const plan::Plan& view, const TownId& town,
                                    std::string_view id) {
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindToWrite(view, town, id));
  Draft draft;
  v1::Edit& edit = draft.edits.emplace_back();
  edit.set_record(std::string(record->id.bytes()));
  edit.mutable_delete_();
  return draft;
}

absl::StatusOr<Draft> DraftToRestore(const plan::Plan& view, const TownId& town,
                                     std::string_view id) {
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindToWrite(view, town, id, true));
  if (!record->existence.deleted()) {
    return Refused(fmt::format("{} is not deleted. Nothing was changed.",
                               Capitalised(words::NameRecord(view, record->id))));
  }
  Draft draft;
  v1::Edit& edit = draft.edits.emplace_back();
  edit.set_record(std::string(record->id.bytes()));
  edit.mutable_restore();
  return draft;
}

absl::StatusOr<Draft> DraftOfPosition(const plan::Plan& view, const TownId& town,
                                      const PositionStated& stated) {
  TWINNING_ASSIGN_OR_RETURN(v1::StanceKind stance, ParseStance(stated.stance));
  TWINNING_RETURN_IF_ERROR(CheckTyped("The reason", stated.reason.value_or("")));
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindToWrite(view, town, stated.id));
  TWINNING_ASSIGN_OR_RETURN(std::string language,
                            ParseLanguage(stated.language.value_or(LanguageOf(view, town))));
  std::string reason =
      stated.reason ? *stated.reason : ReasonBefore(view, record->id, town, language);
  auto edits = plan::StatePosition(view, town, record->id, stance, reason, language);
  if (!edits.ok()) return Refused(Sentence(MessageOf(edits.status())) + " Nothing was changed.");
  Draft draft;
  draft.edits = *std::move(edits);
  return draft;
}

}  // namespace twinning::desk
