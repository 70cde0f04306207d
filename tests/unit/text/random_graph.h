// Random event graphs for the text engine: a few authors, branches, merges of merges.
#ifndef TWINNING_TESTS_UNIT_TEXT_RANDOM_GRAPH_H_
#define TWINNING_TESTS_UNIT_TEXT_RANDOM_GRAPH_H_

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "common/text/document.h"
#include "tests/support/text_oracle.h"

namespace twinning::text {

// How many graphs a property is tried with; TWINNING_TEXT_GRAPHS says.
inline uint64_t Graphs() {
  const char* number = std::getenv("TWINNING_TEXT_GRAPHS");
  return number == nullptr ? 2000 : std::strtoull(number, nullptr, 10);
}

struct RandomEdit {
  Author author = 0;
  Version parents;
  std::vector<Splice> splices;
};

// Decides edits one by one, given the documents they are made in.
class RandomGraph {
 public:
  explicit RandomGraph(uint64_t seed)
      : random_(seed), authors_(2 + Below(5)), heads_(authors_), style_(Below(4)) {}

  size_t authors() const { return authors_; }
  // Ids whose order is not the order of arrival.
  static std::string IdOf(size_t author) { return std::to_string((author * 7 + 3) % 11); }

  RandomEdit Next(const TextOracle& oracle) {
    RandomEdit edit;
    edit.author = static_cast<Author>(Below(authors_));
    Version& head = heads_[edit.author];
    const size_t what = Below(12);
    if (what < 3) {
      head = oracle.Merge(head, heads_[Below(authors_)]);
    } else if (what == 3) {
      head = oracle.version();
    } else if (what == 4) {
      head = oracle.VersionAt(Below(oracle.operations() + 1));
    }
    edit.parents = head;
    const auto text = oracle.TextAt(head);
    int64_t size = CodePointsOf(*text);
    for (size_t n = 1 + Below(3); n > 0; --n) {
      Splice splice = NextSplice(size);
      size += CodePointsOf(splice.inserted) - splice.removed;
      edit.splices.push_back(std::move(splice));
    }
    return edit;
  }

  // To be told what the edit became.
  void Appended(const RandomEdit& edit, Operation before, Operation after) {
    if (after > before) heads_[edit.author] = {after - 1};
  }

  // The next edit, which the oracle has been given; nothing where it refuses it.
  std::optional<RandomEdit> AppendNext(TextOracle& oracle) {
    RandomEdit edit = Next(oracle);
    const Operation before = oracle.operations();
    if (!oracle.Append(edit.author, edit.parents, edit.splices).ok()) return std::nullopt;
    Appended(edit, before, oracle.operations());
    return edit;
  }

  size_t Below(size_t n) { return random_() % n; }

 private:
  static int64_t CodePointsOf(std::string_view text) {
    int64_t count = 0;
    for (char c : text) count += (c & 0xC0) != 0x80;
    return count;
  }

  Splice NextSplice(int64_t size) {
    static constexpr const char* kTexts[] = {"a",  "bc", "def",     ". ",
                                             "\n", "é",  "e\u0301", "\U0001F600",
                                             "x ", "",   "Yes.",    "\U0001F1E9\U0001F1EA"};
    Splice splice;
    splice.position = static_cast<int64_t>(Below(size + 1));
    if (style_ == 1) splice.position = std::min<int64_t>(splice.position, 2);
    if (style_ == 2) splice.position = size;
    const size_t what = Below(8);
    if (what < 3) {
      splice.removed = std::min<int64_t>(size - splice.position, Below(4));
    } else if (what == 3 && style_ != 0) {
      splice.position = 0;
      splice.removed = size;
    }
    if (what != 0) splice.inserted = kTexts[Below(std::size(kTexts))];
    return splice;
  }

  std::mt19937_64 random_;
  size_t authors_;
  std::vector<Version> heads_;
  size_t style_;
};

}  // namespace twinning::text

#endif  // TWINNING_TESTS_UNIT_TEXT_RANDOM_GRAPH_H_
