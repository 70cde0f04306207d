#include "tests/support/complete_state.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "common/plan/attention.h"
#include "common/plan/standing.h"
#include "common/plan/terms.h"
#include "common/plan/titles.h"
#include "common/words/words.h"
#include "tests/support/conflict_lines.h"

namespace twinning::testing {
namespace {

void Append(std::vector<Outline> more, std::vector<Outline>& lines) {
  for (Outline& line : more) lines.push_back(std::move(line));
}

std::string InWords(v1::StanceKind stance) {
  switch (stance) {
    case v1::SUPPORTS:
      return "supports";
    case v1::RESERVATION:
      return "supports with reservation";
    case v1::OBJECTS:
      return "objects";
    default:
      return "is undecided";
  }
}

// What a need is called here; the field it means is added.
std::string InWords(plan::Need need) {
  switch (need) {
    case plan::Need::kConflict:
      return "conflict";
    case plan::Need::kConfirmPosition:
      return "position to be confirmed again";
    case plan::Need::kStatePosition:
      return "no position stated";
    case plan::Need::kAgreementAwaited:
      return "agreement awaited";
    case plan::Need::kAgreementLapsed:
      return "agreement lapsed";
    case plan::Need::kStaleTranslation:
      return "languages not confirmed";
    case plan::Need::kOverdue:
      return "overdue";
    case plan::Need::kDatesOutOfOrder:
      return "dates out of order";
    case plan::Need::kRefersToDeleted:
      return "refers to something deleted";
    case plan::Need::kOverBudget:
      return "over budget";
    case plan::Need::kNobodyResponsible:
      return "nobody responsible";
    case plan::Need::kConfirmMember:
      return "member to be confirmed";
  }
  return "";
}

class Teller {
 public:
  Teller(const plan::Plan& plan, const RecordNames& names, Days today)
      : plan_(plan), names_(names), position_kind_(plan.schema().KindByName("position")) {
    for (const plan::Town& town : plan.towns()) CollectAttention(town, today);
  }

  std::vector<Outline> Tell() {
    std::vector<Outline> outline;
    plan_.records().ForEach([&](const merge::Record& record) {
      if (plan_.KindOf(record) == position_kind_) return;
      Outline one = TellRecord(record);
      if (!one.under.empty() || record.created.number != 0) outline.push_back(std::move(one));
    });
    return outline;
  }

 private:
  using Lines = std::vector<Outline>;

  void CollectAttention(const plan::Town& town, Days today) {
    for (const plan::AttentionItem& item : plan::Attention(plan_, town.id, today)) {
      const merge::Kind& kind = *plan_.KindOf(*plan_.Find(item.record));
      const merge::Field* field = kind.FieldByNumber(item.field);
      std::string what = InWords(item.need);
      if (field != nullptr) what += " (" + field->label + ")";
      if (field == nullptr && item.need == plan::Need::kConflict) what += " (deletion)";
      attention_[About(item.record)][town.name].push_back(what);
    }
  }

  // A position is told with what it is about.
  RecordId About(const RecordId& id) const {
    const merge::Record& record = *plan_.Find(id);
    if (plan_.KindOf(record) != position_kind_) return id;
    return merge::ReferenceOf(plan_.Shown(record, position_kind_->FieldByName("about")->number))
        .value_or(id);
  }

  Outline TellRecord(const merge::Record& record) const {
    Outline outline{names_.NameOf(plan_, record), {}};
    Lines& lines = outline.under;
    if (record.existence.deleted()) lines.push_back({"deleted", {}});
    if (record.diverged) lines.push_back({"each town goes on with its own", {}});
    if (!record.branch_of.empty() && !plan_.Visible(record)) lines.push_back({"taken back", {}});
    // What only its branches show, or a branch that was taken back, is for nobody to see.
    if (plan_.Visible(record) || record.existence.deleted()) TellFields(record, lines);
    Append(ConflictLines(plan_, names_, record, ""), lines);
    if (plan_.Visible(record)) {
      TellStanding(record, lines);
      TellAgreement(record, lines);
    }
    TellAttention(record.id, lines);
    return outline;
  }

  // --- values ---

  void TellFields(const merge::Record& record, Lines& lines) const {
    for (const merge::Field& field : plan_.KindOf(record)->fields) TellField(record, field, lines);
  }

  void TellField(const merge::Record& record, const merge::Field& field, Lines& lines) const {
    if (field.rule == v1::TEXT) return TellText(record, field, lines);
    std::string value = ValueOf(record, field);
    const bool title = field.number == plan_.KindOf(record)->title_field;
    if (value.empty() || (title && value == names_.TitleOf(plan_, record))) return;
    lines.push_back({field.label + ": " + value, {}});
  }

  void TellText(const merge::Record& record, const merge::Field& field, Lines& lines) const {
    for (const auto& [key, text] : record.texts) {
      if (key.field != field.number || text.document.size() == 0) continue;
      lines.push_back({TextLabel(field, key.language) + ": " + OneLine(text.document.text()), {}});
    }
  }

  std::string ValueOf(const merge::Record& record, const merge::Field& field) const {
    if (field.rule == v1::SET) return ElementsOf(record, field);
    if (field.type == merge::Type::kBytes) return SignedWords(record, field);
    if (field.rule != v1::COUNTER) {
      return words::FormatValue(plan_, field, plan_.Shown(record, field.number));
    }
    auto count = record.counters.find(field.number);
    return count != record.counters.end() ? fmt::format("{}", count->second) : "";
  }

  // Whether what was signed is what the record that it names says now.
  std::string SignedWords(const merge::Record& record, const merge::Field& digest) const {
    const merge::Value& value = plan_.Shown(record, digest.number);
    if (value.empty()) return "";
    for (const merge::Field& field : plan_.KindOf(record)->fields) {
      std::optional<RecordId> id = merge::ReferenceOf(plan_.Shown(record, field.number));
      if (!id || !field.keeps_alive) continue;
      Hash words = plan::WordsDigest(plan_, *plan_.Find(*id));
      if (merge::BytesOf(value) == words.bytes()) return "of exactly these words";
    }
    return "of other words than these";
  }

  std::string ElementsOf(const merge::Record& record, const merge::Field& field) const {
    std::vector<std::string> elements;
    auto set = record.sets.find(field.number);
    if (set == record.sets.end()) return "";
    for (const auto& [value, adds] : set->second.adds) {
      elements.push_back(words::FormatValue(plan_, field, value));
    }
    std::sort(elements.begin(), elements.end());
    return fmt::format("{}", fmt::join(elements, ", "));
  }

  // --- positions and agreements ---

  void TellStanding(const merge::Record& record, Lines& lines) const {
    plan::Standing standing = plan::StandingOf(plan_, record);
    if (!standing.applies) return;
    lines.push_back({standing.in_the_plan ? "in the plan" : "not yet agreed", {}});
    for (const plan::TownPosition& position : standing.positions) TellPosition(position, lines);
  }

  void TellPosition(const plan::TownPosition& position, Lines& lines) const {
    const merge::Record* record = plan_.Find(position.position);
    if (record == nullptr) return;
    const std::string town = plan::TownName(plan_, position.town);
    if (position.stance != v1::STANCE_UNSPECIFIED) {
      lines.push_back({fmt::format("{} {}{}{}", town, InWords(position.stance), ReasonOf(*record),
                                   position.current ? "" : ", to be confirmed again"),
                       {}});
    }
    if (record->existence.deleted()) lines.push_back({"deleted: the position of " + town, {}});
    Append(ConflictLines(plan_, names_, *record, " of the position of " + town), lines);
  }

  std::string ReasonOf(const merge::Record& position) const {
    std::string reasons;
    for (const auto& [key, text] : position.texts) {
      if (text.document.size() == 0) continue;
      reasons += fmt::format(" ({}: {})", key.language, OneLine(text.document.text()));
    }
    return reasons;
  }

  void TellAgreement(const merge::Record& record, Lines& lines) const {
    plan::Agreement agreement = plan::AgreementOf(plan_, record);
    for (const plan::TownConsent& consent : agreement.towns) {
      const std::string town = plan::TownName(plan_, consent.town);
      if (consent.state == plan::Consenting::kAgrees) {
        lines.push_back({town + " agreed to exactly this", {}});
      } else if (consent.state == plan::Consenting::kLapsed) {
        lines.push_back({town + " agreed to other words than these", {}});
      } else if (consent.state == plan::Consenting::kWithdrawn) {
        lines.push_back({town + " withdrew its agreement", {}});
      }
    }
    if (agreement.agreed) lines.push_back({"agreed by every town", {}});
    if (plan::Signed(plan_, record)) lines.push_back({"signed by every town", {}});
  }

  // --- attention ---

  // Towns that need the same share a line.
  void TellAttention(const RecordId& id, Lines& lines) const {
    auto found = attention_.find(id);
    if (found == attention_.end()) return;
    std::map<std::string, std::vector<std::string>> towns;
    for (const auto& [town, needs] : found->second) {
      std::vector<std::string> sorted = needs;
      std::sort(sorted.begin(), sorted.end());
      towns[fmt::format("{}", fmt::join(sorted, ", "))].push_back(town);
    }
    for (const auto& [needs, who] : towns) {
      std::string whose = who.size() == plan_.towns().size()
                              ? "every town"
                              : fmt::format("{}", fmt::join(who, " and "));
      lines.push_back({fmt::format("attention of {}: {}", whose, needs), {}});
    }
  }

  const plan::Plan& plan_;
  const RecordNames& names_;
  const merge::Kind* position_kind_;
  std::map<RecordId, std::map<std::string, std::vector<std::string>>> attention_;  // by town
};

}  // namespace

std::vector<Outline> CompleteState(const plan::Plan& plan, const RecordNames& names, Days today) {
  return Teller(plan, names, today).Tell();
}

}  // namespace twinning::testing
