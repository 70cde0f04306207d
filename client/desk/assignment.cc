#include "client/desk/assignment.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "client/desk/exit_codes.h"
#include "common/base/status.h"
#include "common/text/utf8.h"

namespace twinning::desk {
namespace {

bool IsLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool IsLetterOrDigit(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsLetterOrDigit(c) || c == '_' || c == '-' || c == ' ';
  });
}

absl::Status NoAssignment(std::string_view text) {
  return BadInput(fmt::format(
      "\"{}\" is not of the form field=value (also field+=value, field-=value, field.part=value, "
      "field:language=value).",
      text));
}

Assignment::Verb TakeVerb(std::string_view& name) {
  if (name.empty()) return Assignment::kSet;
  char last = name.back();
  if (last != '+' && last != '-') return Assignment::kSet;
  name.remove_suffix(1);
  return last == '+' ? Assignment::kAdd : Assignment::kRemove;
}

// What follows `separator` in the name, which is cut there.
std::string_view TakeAfter(char separator, std::string_view& name) {
  size_t at = name.find(separator);
  if (at == std::string_view::npos) return {};
  std::string_view after = name.substr(at + 1);
  name = name.substr(0, at);
  return after;
}

bool IsSubtag(std::string_view text) {
  return !text.empty() && text.size() <= 8 &&
         std::all_of(text.begin(), text.end(), IsLetterOrDigit);
}

}  // namespace

absl::Status CheckTyped(std::string_view what, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return BadInput(
        fmt::format("{} holds a zero byte, which is no text. Nothing was changed.", what));
  }
  if (!text::IsValidUtf8(text)) {
    return BadInput(fmt::format("{} is not valid UTF-8 text. Nothing was changed.", what));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ParseLanguage(std::string_view text) {
  std::string_view rest = text;
  std::string_view primary = rest.substr(0, rest.find('-'));
  bool good = primary.size() >= 2 && primary.size() <= 3 &&
              std::all_of(primary.begin(), primary.end(), IsLetter) && text.size() <= 35;
  rest.remove_prefix(primary.size());
  while (good && !rest.empty()) {
    rest.remove_prefix(1);
    std::string_view subtag = rest.substr(0, rest.find('-'));
    good = IsSubtag(subtag);
    rest.remove_prefix(subtag.size());
  }
  if (!good) {
    return BadInput(fmt::format("\"{}\" is not a language code like en, fr or pt-BR.", text));
  }
  return Lower(primary) + std::string(text.substr(primary.size()));
}

absl::StatusOr<Assignment> ParseAssignment(std::string_view text) {
  size_t at = text.find('=');
  std::string_view name = text.substr(0, at);
  TWINNING_RETURN_IF_ERROR(CheckTyped("What was typed", name));
  if (at == std::string_view::npos) return NoAssignment(text.substr(0, 80));
  Assignment assignment;
  assignment.value = std::string(text.substr(at + 1));
  assignment.verb = TakeVerb(name);
  bool has_language = name.find(':') != std::string_view::npos;
  std::string_view language = TakeAfter(':', name);
  if (has_language) {
    TWINNING_ASSIGN_OR_RETURN(assignment.language, ParseLanguage(language));
  }
  bool has_part = name.find('.') != std::string_view::npos;
  assignment.part = std::string(TakeAfter('.', name));
  assignment.field = std::string(name);
  if (!IsName(name) || (has_part && !IsName(assignment.part))) {
    return NoAssignment(text.substr(0, std::min(at + 1, size_t{80})));
  }
  TWINNING_RETURN_IF_ERROR(
      CheckTyped(fmt::format("The value of {}", assignment.field), assignment.value));
  return assignment;
}

absl::StatusOr<std::vector<Assignment>> ParseAssignments(const std::vector<std::string>& texts) {
  std::vector<Assignment> assignments;
  for (const std::string& text : texts) {
    TWINNING_ASSIGN_OR_RETURN(Assignment assignment, ParseAssignment(text));
    assignments.push_back(std::move(assignment));
  }
  return assignments;
}

}  // namespace twinning::desk
