#include "client/desk/phrases.h"

#include <fmt/core.h>

#include "common/base/date.h"
#include "common/words/words.h"

namespace twinning::desk {

std::string Capitalised(std::string_view text) {
  std::string result(text);
  if (!result.empty() && result[0] >= 'a' && result[0] <= 'z') {
    result[0] = static_cast<char>(result[0] - 'a' + 'A');
  }
  return result;
}

std::string Sentence(std::string_view text) {
  std::string result = Capitalised(text);
  while (!result.empty() && result.back() == '\n') result.pop_back();
  // A list, a command or a file name at the end is read, or copied, better without a full stop.
  bool ends = result.empty() || result.find('\n') != std::string::npos ||
              std::string_view(".:?)").find(result.back()) != std::string_view::npos ||
              result.find(": twinning ") != std::string::npos;
  return ends ? result : result + '.';
}

std::string WithArticle(std::string_view noun) {
  bool vowel = !noun.empty() && std::string_view("aeio").find(noun[0]) != std::string_view::npos;
  return (vowel ? "an " : "a ") + std::string(noun);
}

std::string Counted(size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string Indented(std::string_view text, size_t spaces) {
  const std::string margin(spaces, ' ');
  std::string result;
  while (!text.empty()) {
    size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    result += line.empty() ? "" : margin + std::string(line);
    if (end == std::string_view::npos) break;
    result += '\n';
    text.remove_prefix(end + 1);
  }
  return result;
}

std::string InWords(int64_t time_ms) {
  std::string time = FormatTime(time_ms);  // "2031-11-12 14:05"
  std::optional<Days> day = ParseDate(std::string_view(time).substr(0, 10));
  if (!day || time.size() != 16) return time;
  return fmt::format("{} at {} UTC", words::FormatDay(*day), time.substr(11));
}

}  // namespace twinning::desk
