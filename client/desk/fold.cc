#include "client/desk/fold.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <utility>

namespace twinning::desk {
namespace {

// Letters that people type without their marks and that Unicode does not take apart.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kPlain = {{
    {"œ", "oe"},
    {"æ", "ae"},
    {"ø", "o"},
    {"ł", "l"},
    {"đ", "d"},
    {"’", "'"},
}};

void ReplaceAll(std::string_view what, std::string_view with, std::string& text) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), with);
    at += with.size();
  }
}

}  // namespace

std::string Fold(std::string_view text) {
  constexpr auto kOptions =
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                     UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  utf8proc_uint8_t* mapped = nullptr;
  utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &mapped, kOptions);
  if (size < 0) return std::string(text);
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  std::string folded(reinterpret_cast<const char*>(mapped), static_cast<size_t>(size));
  for (const auto& [what, with] : kPlain) ReplaceAll(what, with, folded);
  return folded;
}

std::vector<std::string> FoldedWords(std::string_view text) {
  std::istringstream stream(Fold(text));
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(std::move(word));
  return words;
}

bool HoldsAll(std::string_view folded, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return folded.find(word) != std::string_view::npos;
  });
}

}  // namespace twinning::desk
