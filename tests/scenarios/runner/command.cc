#include "tests/scenarios/runner/command.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <span>

#include "client/desk/assignment.h"
#include "client/desk/ids.h"
#include "client/desk/json.h"
#include "client/desk/record_draft.h"
#include "client/desk/values.h"
#include "client/desk/writing.h"
#include "common/base/status.h"
#include "common/plan/compose.h"
#include "common/plan/standing.h"
#include "common/plan/terms.h"
#include "tests/scenarios/runner/settling.h"

namespace twinning::scenarios {
namespace {

using Words = std::span<const std::string>;

v1::Edit EditOf(const merge::Record& record) {
  v1::Edit edit;
  edit.set_record(std::string(record.id.bytes()));
  return edit;
}

class Reader {
 public:
  Reader(const Typist& typist, const testing::RecordNames& names, const desk::RandomBytes& random)
      : typist_(typist), view_(typist.view), names_(names), random_(random) {}

  absl::StatusOr<Typed> Read(Words words) {
    using Method = absl::Status (Reader::*)(Words);
    static const std::map<std::string, Method> kCommands = {
        {"add", &Reader::Add},           {"set", &Reader::Set},
        {"edit", &Reader::Edit},         {"delete", &Reader::Delete},
        {"restore", &Reader::Restore},   {"undo", &Reader::Undo},
        {"position", &Reader::Position}, {"agree", &Reader::Agree},
        {"withdraw", &Reader::Withdraw}, {"confirm", &Reader::Confirm},
        {"settle", &Reader::Settle},
    };
    auto found = kCommands.find(words[0]);
    if (found == kCommands.end()) return Mistyped("a command that writes, not " + words[0]);
    TWINNING_RETURN_IF_ERROR((this->*found->second)(words.subspan(1)));
    return std::move(typed_);
  }

 private:
  absl::StatusOr<const merge::Record*> Named(Words words, bool even_deleted = false) const {
    if (words.empty()) return Mistyped("a record's name");
    std::optional<RecordId> id = names_.Find(words[0]);
    if (!id) return Mistyped("the name of a record that was added, not " + words[0]);
    return desk::FindToWrite(view_, typist_.town, id->hex(), even_deleted);
  }

  static std::optional<std::string> TakeOption(std::vector<std::string>& words,
                                               std::string_view option) {
    std::optional<std::string> value = Option(words, option);
    if (!value) return value;
    auto at = std::find(words.begin(), words.end(), option);
    words.erase(at, at + 2);
    return value;
  }

  // --- records ---

  // add KIND field=value … [--series NAME]
  absl::Status Add(Words words) {
    if (words.empty()) return Mistyped("a kind");
    TWINNING_ASSIGN_OR_RETURN(const merge::Kind* kind, desk::FindKind(view_, words[0]));
    std::vector<std::string> rest(words.begin() + 1, words.end());
    std::optional<std::string> series = TakeOption(rest, "--series");
    TWINNING_ASSIGN_OR_RETURN(std::vector<desk::Assignment> assignments,
                              desk::ParseAssignments(rest));
    RecordId rule;
    typed_.made = *RecordId::Of(random_(RecordId::kSize));
    if (series) {
      rule = names_.Find(*series).value_or(RecordId());
      typed_.made = plan::OccurrenceId(rule, ValueIn(assignments, "date"));
    }
    typed_.name = ValueIn(assignments, kind->FieldByNumber(kind->title_field)->name);
    desk::RecordDraft draft(view_, typist_.town, *kind, typed_.made, rule, random_);
    for (const desk::Assignment& assignment : assignments) {
      TWINNING_RETURN_IF_ERROR(draft.Assign(assignment));
    }
    Default(*kind, draft);
    if (!draft.Missing().empty()) {
      return Mistyped(fmt::format("also {}", fmt::join(draft.Missing(), ", ")));
    }
    return Take(draft.Finish());
  }

  static std::string ValueIn(const std::vector<desk::Assignment>& assignments,
                             std::string_view field) {
    for (const desk::Assignment& assignment : assignments) {
      if (assignment.field == field) return assignment.value;
    }
    return "";
  }

  // Whose it is, and what exactly a ratification signs.
  void Default(const merge::Kind& kind, desk::RecordDraft& draft) const {
    const merge::Field* owner = kind.OwnerField();
    if (owner != nullptr && kind.writers == v1::OWN_TOWN) {
      draft.Default(*owner, merge::ReferenceValue(typist_.town));
    }
    const merge::Field* digest = kind.FieldByName("digest");
    if (digest == nullptr) return;
    std::optional<RecordId> charter =
        merge::ReferenceOf(draft.ValueOf(*kind.FieldByName("charter")));
    if (!charter) return;
    Hash words = plan::WordsDigest(view_, *view_.Find(*charter));
    draft.Default(*digest, merge::BytesValue(words.bytes()));
  }

  absl::Status Take(absl::StatusOr<client::Replica::Draft> draft) {
    if (!draft.ok()) return draft.status();
    typed_.draft = *std::move(draft);
    return absl::OkStatus();
  }

  // set NAME field=value field+=value field-=value …
  absl::Status Set(Words words) {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, Named(words));
    Words rest = words.subspan(1);
    TWINNING_ASSIGN_OR_RETURN(std::vector<desk::Assignment> assignments,
                              desk::ParseAssignments({rest.begin(), rest.end()}));
    desk::RecordDraft draft(view_, typist_.town, *record, random_);
    for (const desk::Assignment& assignment : assignments) {
      TWINNING_RETURN_IF_ERROR(draft.Assign(assignment));
    }
    return Take(draft.Finish());
  }

  // edit NAME FIELD[:LANGUAGE] THE-WHOLE-NEW-TEXT
  absl::Status Edit(Words words) {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, Named(words));
    if (words.size() != 3) return Mistyped("edit NAME FIELD TEXT");
    size_t colon = words[1].find(':');
    const merge::Field* field = view_.KindOf(*record)->FieldByName(words[1].substr(0, colon));
    if (field == nullptr) return Mistyped("a text, not " + words[1]);
    std::string language = colon == std::string::npos ? "" : words[1].substr(colon + 1);
    desk::RecordDraft draft(view_, typist_.town, *record, random_);
    TWINNING_RETURN_IF_ERROR(draft.SetText(*field, language, words[2]));
    return Take(draft.Finish());
  }

  absl::Status Delete(Words words) {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, Named(words));
    AddEdit(*record).mutable_delete_();
    return absl::OkStatus();
  }

  absl::Status Restore(Words words) {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, Named(words, true));
    AddEdit(*record).mutable_restore();
    return absl::OkStatus();
  }

  v1::Edit& AddEdit(const merge::Record& record) {
    return typed_.draft.edits.emplace_back(EditOf(record));
  }

  // undo [CHANGE]
  absl::Status Undo(Words words) {
    Number number = typist_.last_number;
    if (!words.empty()) {
      TWINNING_ASSIGN_OR_RETURN(int64_t typed, desk::ValueReader::ReadInteger("CHANGE", words[0]));
      number = static_cast<Number>(typed);
    }
    TWINNING_ASSIGN_OR_RETURN(plan::Change change, typist_.own_change(number));
    TWINNING_ASSIGN_OR_RETURN(plan::Undo undo, plan::UndoOf(view_, change));
    typed_.draft.edits = std::move(undo.edits);
    typed_.left_alone = std::move(undo.left_alone);
    return absl::OkStatus();
  }

  // --- where a town stands ---

  // position NAME STANCE [--reason TEXT]
  absl::Status Position(Words words) {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, Named(words));
    for (v1::StanceKind stance : {v1::SUPPORTS, v1::RESERVATION, v1::OBJECTS, v1::UNDECIDED}) {
      if (words.size() < 2 || desk::NameOf(stance) != words[1]) continue;
      TWINNING_ASSIGN_OR_RETURN(typed_.draft.edits,
                                plan::StatePosition(view_, typist_.town, record->id, stance,
                                                    Option(words, "--reason").value_or(""),
                                                    desk::LanguageOf(view_, typist_.town)));
      return absl::OkStatus();
    }
    return Mistyped("supports, reservation, objects or undecided");
  }

  absl::Status Agree(Words words) {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, Named(words));
    v1::AgreementStatement statement;
    const std::vector<std::string> languages = plan::TermLanguages(view_, *record);
    statement.set_ledger(std::string(view_.ledger().bytes()));
    statement.set_record(std::string(record->id.bytes()));
    statement.set_town(std::string(typist_.town.bytes()));
    statement.set_terms(std::string(plan::TermsDigest(view_, *record, languages).bytes()));
    statement.set_form(plan::kTermsForm);
    for (const std::string& language : languages) statement.add_languages(language);
    statement.mutable_base()->set_sequence(typist_.confirmed.sequence);
    statement.mutable_base()->set_hash(std::string(typist_.confirmed.hash.bytes()));
    v1::Agree& agree = *AddEdit(*record).mutable_agree();
    agree.set_statement(statement.SerializeAsString());
    agree.set_signature(typist_.key.Sign(plan::SignedStatement(agree.statement())));
    return absl::OkStatus();
  }

  absl::Status Withdraw(Words words) {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, Named(words, true));
    AddEdit(*record).mutable_withdraw();
    return absl::OkStatus();
  }

  // confirm NAME: that its texts say the same in every language
  absl::Status Confirm(Words words) {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, Named(words));
    for (const plan::StalePair& pair : plan::StalePairs(view_, *record)) {
      const text::Document& other = record->texts.at({pair.text.field, pair.counterpart}).document;
      v1::ConfirmText& confirm = *AddEdit(*record).mutable_confirm();
      confirm.set_field(pair.text.field);
      confirm.set_language(pair.text.language);
      v1::Counterpart& counterpart = *confirm.add_counterparts();
      counterpart.set_language(pair.counterpart);
      counterpart.set_digest(std::string(Sha256(other.text()).bytes()));
    }
    return absl::OkStatus();
  }

  // settle NAME FIELD|deletion|position --keep WHO-OR-VALUE | --value VALUE | --diverge
  absl::Status Settle(Words words) {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, Named(words, true));
    TWINNING_ASSIGN_OR_RETURN(v1::Edit edit,
                              SettleEdit(view_, typist_.town, *record, words.subspan(1)));
    typed_.draft.edits.push_back(std::move(edit));
    return absl::OkStatus();
  }

  const Typist& typist_;
  const plan::Plan& view_;
  const testing::RecordNames& names_;
  const desk::RandomBytes& random_;
  Typed typed_;
};

}  // namespace

absl::StatusOr<Typed> Type(const Typist& typist, const testing::RecordNames& names,
                           const std::function<std::string(size_t)>& random,
                           const std::vector<std::string>& words) {
  return Reader(typist, names, random).Read(words);
}

}  // namespace twinning::scenarios
