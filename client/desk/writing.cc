#include "client/desk/writing.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <set>

#include "client/desk/exit_codes.h"
#include "client/desk/field_changes.h"
#include "client/desk/ids.h"
#include "client/desk/phrases.h"
#include "client/desk/record_draft.h"
#include "common/base/status.h"
#include "common/plan/compose.h"
#include "common/plan/standing.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

using client::Replica;

// Who had said yes to the words of a record, and whether it still holds.
using Yes = std::set<std::pair<RecordId, std::string>>;

void AddYes(const plan::Plan& plan, const merge::Record& record, const TownId& own, Yes& yes) {
  for (const plan::TownConsent& town : plan::AgreementOf(plan, record).towns) {
    if (town.state != plan::Consenting::kAgrees) continue;
    yes.insert({record.id, fmt::format("the agreement of {}", plan::TownName(plan, town.town))});
  }
  for (const plan::TownPosition& position : plan::StandingOf(plan, record).positions) {
    if (!position.current || position.town == own) continue;
    yes.insert({record.id, fmt::format("the position of {}", plan::TownName(plan, position.town))});
  }
}

// A field of a new record: nothing was there before.
std::string AsMade(const FieldChange& change) {
  std::string value =
      change.added.empty() ? change.after : fmt::format("{}", fmt::join(change.added, ", "));
  return fmt::format("{}: {}", change.label, value);
}

// What is wrong with the input is said with what became of it.
absl::Status NothingChanged(const absl::Status& status) {
  constexpr std::string_view kSaid = "Nothing was changed.";
  const std::string message = Sentence(MessageOf(status));
  bool list = message.find('\n') != std::string::npos;
  ExitCode code = CodeOf(status);
  bool input = code == ExitCode::kBadInput || code == ExitCode::kRefused;
  if (!input || list || message.find(kSaid) != std::string::npos) return status;
  std::string told = fmt::format("{} {}", message, kSaid);
  if (code == ExitCode::kRefused) return Refused(told, ReasonOf(status));
  return Answered(code, absl::Status(status.code(), told));
}

class Writer {
 public:
  Writer(Replica& replica, int64_t now_ms) : replica_(replica), now_ms_(now_ms) {}

  absl::StatusOr<Outcome> Run(const Replica::Make& make) {
    absl::StatusOr<client::Saved> saved =
        replica_.Write([&](const plan::Plan& view) { return Prepare(view, make); }, now_ms_);
    if (saved.status().code() == absl::StatusCode::kUnknown) saved = LookAgain(saved.status());
    if (!saved.ok()) return NothingChanged(FromReplica(saved.status()));
    if (saved->refusal) {
      return Refused(Sentence(saved->refusal->detail) + " Nothing was changed.",
                     saved->refusal->reason);
    }
    outcome_.saved = *std::move(saved);
    if (outcome_.saved.number != 0) NoteDoubts();
    return std::move(outcome_);
  }

 private:
  absl::StatusOr<Replica::Draft> Prepare(const plan::Plan& view, const Replica::Make& make) {
    outcome_ = Outcome();
    seen_.clear();
    yes_.clear();
    TWINNING_ASSIGN_OR_RETURN(Replica::Draft draft, make(view));
    TWINNING_ASSIGN_OR_RETURN(draft.edits, plan::WithPositions(view, replica_.identity().replica,
                                                               std::move(draft.edits)));
    TWINNING_RETURN_IF_ERROR(CheckRoom(draft));
    Remember(view, draft.edits);
    number_ = replica_.last_number() + 1;
    return draft;
  }

  // A commit that failed may have happened all the same: whether the change is there, is seen.
  absl::StatusOr<client::Saved> LookAgain(const absl::Status& failure) {
    absl::Status fresh = replica_.Refresh();
    auto change = fresh.ok() ? replica_.OwnChange(number_) : fresh;
    if (change.ok() && change->edits.SerializeAsString() == edits_.SerializeAsString()) {
      return client::Saved{number_, change->authored.change_set, std::nullopt};
    }
    if (change.ok() || absl::IsNotFound(change.status())) {
      return Answered(ExitCode::kDisk,
                      Unavailable(fmt::format("{} could not be written (disk full, or failing). "
                                              "Nothing was changed; make room and try again.",
                                              replica_.directory())));
    }
    return Answered(ExitCode::kDisk, failure);
  }

  void Remember(const plan::Plan& view, const std::vector<v1::Edit>& list) {
    edits_.Clear();
    for (const v1::Edit& edit : list) *edits_.add_edits() = edit;
    for (const v1::Edit& edit : list) {
      std::optional<RecordId> id = RecordId::Of(edit.record());
      if (!id || !seen_.insert(*id).second) continue;
      outcome_.touched.push_back(*id);
      const merge::Record* record = view.Find(*id);
      if (record == nullptr) continue;
      outcome_.before.emplace(*id, Snapshot(*record, TextsWritten(*id, edits_)));
      AddYes(view, *record, replica_.identity().town, yes_);
    }
  }

  void NoteDoubts() {
    Yes now;
    for (const auto& [id, before] : outcome_.before) {
      const merge::Record* record = replica_.view().Find(id);
      if (record != nullptr) AddYes(replica_.view(), *record, replica_.identity().town, now);
    }
    for (const auto& yes : yes_) {
      if (now.count(yes) > 0) continue;
      outcome_.notes.push_back(
          fmt::format("{} on {} was about other words: it is to be confirmed "
                      "again.",
                      Capitalised(yes.second), words::NameRecord(replica_.view(), yes.first)));
    }
  }

  Replica& replica_;
  int64_t now_ms_;
  Outcome outcome_;
  std::set<RecordId> seen_;
  v1::Edits edits_;
  Number number_ = 0;  // that the change has if it is saved
  Yes yes_;
};

}  // namespace

absl::StatusOr<const merge::Record*> FindToWrite(const plan::Plan& view, const TownId& town,
                                                 std::string_view id, bool even_deleted) {
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindRecord(view, id));
  const merge::Record* routed = view.Find(view.Routed(record->id, town));
  if (routed != nullptr) record = routed;
  if (view.KindOf(*record) == nullptr) {
    return Refused(fmt::format("{} was written by a newer twinning: update this one to change it.",
                               Capitalised(words::NameRecord(view, record->id))));
  }
  if (record->existence.deleted() && !even_deleted) {
    return Refused(fmt::format("{} is deleted; bring it back first with: twinning restore {}. "
                               "Nothing was changed.",
                               Capitalised(words::NameRecord(view, record->id)),
                               ShortIds(view).Of(record->id)),
                   v1::DELETED);
  }
  return record;
}

absl::StatusOr<Outcome> Save(Replica& replica, const Replica::Make& make, int64_t now_ms) {
  return Writer(replica, now_ms).Run(make);
}

Json OutcomeJson(const Outcome& outcome) {
  Json json = {{"id", nullptr}, {"change", nullptr}, {"change_set", nullptr}};
  if (!outcome.touched.empty()) json["id"] = outcome.touched.front().hex();
  if (outcome.saved.number != 0) {
    json["change"] = outcome.saved.number;
    json["change_set"] = outcome.saved.change_set.hex();
  }
  json["notes"] = outcome.notes;
  return json;
}

std::vector<std::string> OutcomeLines(const Replica& replica, const Outcome& outcome) {
  if (outcome.saved.number == 0) return {"Nothing to change: it says so already."};
  const plan::Plan& view = replica.view();
  ShortIds ids(view);
  std::vector<std::string> lines = {fmt::format("Saved as change {}.", outcome.saved.number)};
  for (const RecordId& id : outcome.touched) {
    const merge::Record* after = view.Find(id);
    auto before = outcome.before.find(id);
    lines.push_back(fmt::format("{}  {}", ids.Of(id), words::NameRecord(view, id)));
    const bool made = before == outcome.before.end();
    const Reading was = made ? Reading{view, nullptr} : before->second.In(view);
    for (const FieldChange& change : ChangesBetween(was, {view, after})) {
      if (!made) lines.push_back("  " + InWords(change));
      if (made && !change.field.empty()) lines.push_back("  " + AsMade(change));
    }
  }
  lines.insert(lines.end(), outcome.notes.begin(), outcome.notes.end());
  return lines;
}

}  // namespace twinning::desk
