#include "client/desk/ids.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "client/desk/assignment.h"
#include "client/desk/exit_codes.h"
#include "client/desk/fold.h"
#include "common/base/status.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

constexpr size_t kCandidatesListed = 10;

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

absl::Status NoRecord(std::string_view text) {
  if (LooksLikeId(text)) {
    return BadInput(fmt::format("No record has an id that begins with {}.", text));
  }
  return BadInput(
      fmt::format("No record is called \"{}\": write its exact title, or at least {} hex digits of "
                  "its id, like "
                  "3f2a1b2c.",
                  text.substr(0, 80), kFewestDigits));
}

absl::Status NoId(std::string_view text) {
  return BadInput(
      fmt::format("\"{}\" is not an id: write at least {} of its hex digits, like 3f2a1b2c.",
                  text.substr(0, 80), kFewestDigits));
}

absl::Status Ambiguous(std::string_view text, std::string_view what,
                       const std::vector<std::string>& lines) {
  std::string message =
      fmt::format("\"{}\" fits {} {}; write more digits of the id:", text, lines.size(), what);
  for (size_t i = 0; i < lines.size() && i < kCandidatesListed; ++i) message += "\n  " + lines[i];
  if (lines.size() > kCandidatesListed) {
    message += fmt::format("\n  and {} more", lines.size() - kCandidatesListed);
  }
  return BadInput(message);
}

size_t CommonDigits(std::string_view a, std::string_view b) {
  const std::string hex_a = HexOf(a);
  const std::string hex_b = HexOf(b);
  return static_cast<size_t>(std::mismatch(hex_a.begin(), hex_a.end(), hex_b.begin()).first -
                             hex_a.begin());
}

// What tells `id` from its neighbours among ascending ids tells it from all.
template <typename Id>
std::string Shortest(const std::vector<Id>& ids, const Id& id) {
  size_t digits = kShortDigits - 1;
  auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (at != ids.begin())
    digits = std::max(digits, CommonDigits(id.bytes(), std::prev(at)->bytes()));
  if (at != ids.end() && *at == id) ++at;
  if (at != ids.end()) digits = std::max(digits, CommonDigits(id.bytes(), at->bytes()));
  return HexOf(id.bytes()).substr(0, digits + 1);
}

// A conflict that was opened again is listed with each of its ends: what counts is how it stands
// now, open before over, later before earlier.
void KeepLast(std::vector<plan::Conflict>& conflicts) {
  auto later = [](const plan::Conflict& a, const plan::Conflict& b) {
    if (a.settled.has_value() != b.settled.has_value()) return b.settled.has_value();
    return a.settled && b.settled->stamp < a.settled->stamp;
  };
  std::stable_sort(conflicts.begin(), conflicts.end(), later);
  std::vector<plan::Conflict> kept;
  for (plan::Conflict& conflict : conflicts) {
    bool known = std::any_of(kept.begin(), kept.end(),
                             [&](const plan::Conflict& one) { return one.id == conflict.id; });
    if (!known) kept.push_back(std::move(conflict));
  }
  conflicts = std::move(kept);
}

absl::Status SeveralConflicts(const plan::Plan& plan, std::string_view text,
                              const std::vector<plan::Conflict>& found) {
  ShortIds ids(plan);
  std::vector<std::string> lines;
  for (const plan::Conflict& conflict : found) {
    lines.push_back(fmt::format("{}  {}", ids.OfConflict(conflict.id),
                                words::NameRecord(plan, conflict.record)));
  }
  return Ambiguous(text, "conflicts", lines);
}

}  // namespace

bool LooksLikeId(std::string_view text) {
  return text.size() >= kFewestDigits && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isxdigit(c) != 0; });
}

std::vector<const merge::Record*> RecordsBeginning(const plan::Plan& plan, std::string_view text) {
  std::vector<const merge::Record*> found;
  if (!LooksLikeId(text)) return found;
  const std::string beginning = Lower(text);
  // A whole id, as programs give it, need not be looked for.
  if (const auto id = RecordId::Of(BytesOfHex(beginning).value_or("")); id) {
    if (const merge::Record* record = plan.Find(*id)) found.push_back(record);
    return found;
  }
  plan.records().ForEach([&](const merge::Record& record) {
    if (record.id.hex().starts_with(beginning)) found.push_back(&record);
  });
  return found;
}

absl::StatusOr<const merge::Kind*> FindKind(const plan::Plan& plan, std::string_view name) {
  const merge::Kind* kind = plan.schema().KindByName(name);
  if (kind != nullptr) return kind;
  std::vector<std::string> names;
  for (const merge::Kind& known : plan.schema().kinds()) names.push_back(known.name);
  return BadInput(fmt::format("There is no kind of record \"{}\"; there are {}.",
                              name.substr(0, 60), fmt::join(names, ", ")));
}

std::vector<const merge::Record*> RecordsTitled(const plan::Plan& plan, std::string_view title) {
  const std::string folded = Fold(title);
  std::vector<const merge::Record*> visible;
  std::vector<const merge::Record*> hidden;
  if (folded.empty()) return visible;
  plan.records().ForEach([&](const merge::Record& record) {
    if (Fold(words::TitleOf(plan, record)) != folded) return;
    (plan.Visible(record) ? visible : hidden).push_back(&record);
  });
  return visible.empty() ? hidden : visible;
}

absl::StatusOr<const merge::Record*> FindRecord(const plan::Plan& plan, std::string_view text) {
  TWINNING_RETURN_IF_ERROR(CheckTyped("The id", text));
  std::vector<const merge::Record*> found = RecordsBeginning(plan, text);
  if (found.empty()) found = RecordsTitled(plan, text);
  if (found.size() == 1) return found.front();
  if (found.empty()) return NoRecord(text);
  ShortIds ids(plan);
  std::vector<std::string> lines;
  for (const merge::Record* record : found) {
    lines.push_back(fmt::format("{}  {}", ids.Of(record->id), words::NameRecord(plan, record->id)));
  }
  return Ambiguous(text, "records", lines);
}

absl::StatusOr<plan::Conflict> FindConflict(const plan::Plan& plan, std::string_view text) {
  if (!LooksLikeId(text)) return NoId(text);
  const std::string beginning = Lower(text);
  std::vector<plan::Conflict> found = plan::Conflicts(plan, true);
  std::erase_if(found, [&](const plan::Conflict& conflict) {
    return !HexOf(conflict.id.bytes()).starts_with(beginning);
  });
  KeepLast(found);
  if (found.empty()) {
    return BadInput(fmt::format(
        "No conflict has an id that begins with {}; twinning conflicts --all lists them.", text));
  }
  if (found.size() == 1) return std::move(found.front());
  return SeveralConflicts(plan, text, found);
}

absl::StatusOr<plan::Conflict> FindConflictAbout(const plan::Plan& plan, std::string_view record,
                                                 std::string_view field) {
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* found, FindRecord(plan, record));
  const merge::Kind* kind = plan.KindOf(*found);
  const merge::Field* named = kind == nullptr ? nullptr : kind->FieldByName(field);
  if (named == nullptr && field != "deletion") {
    return BadInput(fmt::format("{} has no field \"{}\".", words::NameRecord(plan, found->id),
                                field.substr(0, 60)));
  }
  std::vector<plan::Conflict> open = plan::ConflictsOf(plan, *found, false);
  std::erase_if(open, [&](const plan::Conflict& conflict) {
    return conflict.field != (named == nullptr ? 0 : named->number);
  });
  if (open.size() == 1) return std::move(open.front());
  if (open.size() > 1) return SeveralConflicts(plan, field, open);
  return Refused(fmt::format("No conflict about {} of {} is open. Nothing was changed.", field,
                             words::NameRecord(plan, found->id)));
}

ShortIds::ShortIds(const plan::Plan& plan) : plan_(plan) {
  plan.records().ForEach([&](const merge::Record& record) { records_.push_back(record.id); });
}

std::string ShortIds::Of(const RecordId& id) const { return Shortest(records_, id); }

std::string ShortIds::OfConflict(const Hash& id) const {
  if (!conflicts_) {
    conflicts_.emplace();
    for (const plan::Conflict& conflict : plan::Conflicts(plan_, true)) {
      conflicts_->push_back(conflict.id);
    }
    std::sort(conflicts_->begin(), conflicts_->end());
    conflicts_->erase(std::unique(conflicts_->begin(), conflicts_->end()), conflicts_->end());
  }
  return Shortest(*conflicts_, id);
}

}  // namespace twinning::desk
