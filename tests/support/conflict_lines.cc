#include "tests/support/conflict_lines.h"

#include <fmt/core.h>

#include "common/plan/conflicts.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::testing {
namespace {

constexpr int64_t kDayMs = 86'400'000;

std::string OnDay(int64_t time_ms) {
  return "on " + words::FormatDay(static_cast<Days>(time_ms / kDayMs));
}

class ConflictTeller {
 public:
  ConflictTeller(const plan::Plan& plan, const RecordNames& names, const plan::Conflict& conflict)
      : plan_(plan), names_(names), conflict_(conflict) {
    const merge::Record& record = *plan.Find(conflict.record);
    field_ = plan.KindOf(record)->FieldByNumber(conflict.field);
  }

  Outline Tell(std::string_view of) const {
    Outline one;
    one.text = fmt::format("{} conflict about {}{}{}", conflict_.settled ? "settled" : "open",
                           Subject(), of, conflict_.provisional ? ", provisional" : "");
    for (const plan::Candidate& candidate : conflict_.candidates) {
      one.under.push_back({Said(candidate) + " by " + Author(candidate), {}});
    }
    if (conflict_.settled) one.under.push_back({Ending(*conflict_.settled), {}});
    return one;
  }

 private:
  std::string Subject() const {
    if (field_ == nullptr) return "deletion";
    if (conflict_.kind != merge::ConflictKind::kPassage) return field_->label;
    return TextLabel(*field_, conflict_.language) + ", both rewrote this";
  }

  template <typename Authored>
  std::string Author(const Authored& one) const {
    return fmt::format("{} of {} {}", one.author, plan::TownName(plan_, one.town),
                       OnDay(one.time_ms));
  }

  std::string Said(const plan::Candidate& candidate) const {
    if (conflict_.kind != merge::ConflictKind::kDeletion) return InWords(candidate.value);
    if (candidate.deletes) return "deleted";
    if (candidate.edited == conflict_.record) return "edited";
    const merge::Record* edited = plan_.Find(candidate.edited);
    return edited != nullptr ? "named in " + names_.NameOf(plan_, *edited) : "named";
  }

  std::string InWords(const merge::Value& value) const {
    if (conflict_.kind == merge::ConflictKind::kPassage) return '"' + OneLine(value) + '"';
    if (conflict_.kind == merge::ConflictKind::kDeletion) {
      return merge::IntegerOf(value) == 0 ? "deleted" : "stays";
    }
    return value.empty() ? "(nothing)" : words::FormatValue(plan_, *field_, value);
  }

  std::string Ending(const plan::Settlement& settled) const {
    std::string after = settled.reopened ? ", reopened since" : "";
    if (settled.diverged) return "let diverge by " + Author(settled) + after;
    std::string outcome = InWords(settled.outcome);
    if (!settled.by_name) return fmt::format("over by itself: {}{}", outcome, after);
    return fmt::format("settled as {} by {}{}", outcome, Author(settled), after);
  }

  const plan::Plan& plan_;
  const RecordNames& names_;
  const plan::Conflict& conflict_;
  const merge::Field* field_;  // null: the record's existence
};

}  // namespace

std::vector<Outline> ConflictLines(const plan::Plan& plan, const RecordNames& names,
                                   const merge::Record& record, std::string_view of) {
  std::vector<Outline> lines;
  for (const plan::Conflict& conflict : plan::ConflictsOf(plan, record, true)) {
    lines.push_back(ConflictTeller(plan, names, conflict).Tell(of));
  }
  return lines;
}

std::string TextLabel(const merge::Field& field, const std::string& language) {
  return fmt::format("{} ({})", field.label, language);
}

std::string OneLine(std::string_view text) {
  std::string line;
  for (char c : text) line += c == '\n' ? std::string("\\n") : std::string(1, c);
  return line;
}

}  // namespace twinning::testing
