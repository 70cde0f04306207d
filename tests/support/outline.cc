#include "tests/support/outline.h"

#include <fmt/core.h>

#include <algorithm>

#include "common/base/status.h"

namespace twinning::testing {
namespace {

struct Line {
  size_t indentation = 0;
  std::string text;
  int number = 0;
};

std::vector<Line> LinesOf(std::string_view file) {
  std::vector<Line> lines;
  for (int number = 1; !file.empty(); ++number) {
    size_t end = std::min(file.find('\n'), file.size());
    std::string_view text = file.substr(0, end);
    file.remove_prefix(std::min(end + 1, file.size()));
    size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos || text[first] == '#') continue;
    size_t last = text.find_last_not_of(' ');
    lines.push_back({first, std::string(text.substr(first, last + 1 - first)), number});
  }
  return lines;
}

class Reader {
 public:
  explicit Reader(std::vector<Line> lines) : lines_(std::move(lines)) {}

  absl::StatusOr<std::vector<Outline>> Read() {
    if (lines_.empty()) return std::vector<Outline>();
    std::vector<Outline> outline = ReadAt(lines_[0].indentation);
    if (at_ == lines_.size()) return outline;
    return InvalidArgument(fmt::format("line {} is indented like nothing above it: {}",
                                       lines_[at_].number, lines_[at_].text));
  }

 private:
  std::vector<Outline> ReadAt(size_t indentation) {
    std::vector<Outline> outline;
    while (at_ < lines_.size() && lines_[at_].indentation == indentation) {
      Outline& one = outline.emplace_back();
      one.text = lines_[at_].text;
      one.line = lines_[at_].number;
      ++at_;
      if (at_ < lines_.size() && lines_[at_].indentation > indentation) {
        one.under = ReadAt(lines_[at_].indentation);
      }
    }
    return outline;
  }

  std::vector<Line> lines_;
  size_t at_ = 0;
};

void AddLines(const std::vector<Outline>& outline, size_t indentation,
              std::vector<std::string>& lines) {
  for (const Outline& one : outline) {
    lines.push_back(std::string(indentation, ' ') + one.text);
    AddLines(one.under, indentation + 2, lines);
  }
}

std::vector<std::string> LinesOf(const std::vector<Outline>& outline) {
  std::vector<std::string> lines;
  AddLines(outline, 0, lines);
  return lines;
}

// How many lines of a[i..] and b[j..] can be said to be the same, at [i][j].
std::vector<std::vector<size_t>> CommonLines(const std::vector<std::string>& a,
                                             const std::vector<std::string>& b) {
  std::vector<std::vector<size_t>> common(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = a.size(); i-- > 0;) {
    for (size_t j = b.size(); j-- > 0;) {
      common[i][j] =
          a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  return common;
}

}  // namespace

absl::StatusOr<std::vector<Outline>> ParseOutline(std::string_view file) {
  return Reader(LinesOf(file)).Read();
}

void Sort(std::vector<Outline>& outline) {
  for (Outline& one : outline) Sort(one.under);
  std::sort(outline.begin(), outline.end(), [](const Outline& a, const Outline& b) {
    return std::pair(a.text, LinesOf(a.under)) < std::pair(b.text, LinesOf(b.under));
  });
}

std::string Difference(std::vector<Outline> expected, std::vector<Outline> actual) {
  Sort(expected);
  Sort(actual);
  const std::vector<std::string> a = LinesOf(expected);
  const std::vector<std::string> b = LinesOf(actual);
  if (a == b) return "";
  const auto common = CommonLines(a, b);
  std::string text;
  for (size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      text += fmt::format("    {}\n", a[i]);
      ++i, ++j;
    } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
      text += fmt::format("  - {}\n", a[i++]);
    } else {
      text += fmt::format("  + {}\n", b[j++]);
    }
  }
  return text;
}

std::string Print(const std::vector<Outline>& outline, size_t indentation) {
  std::vector<std::string> lines;
  AddLines(outline, indentation, lines);
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace twinning::testing
