#include "tests/bench/scaling.h"

#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/text/document.h"
#include "tests/bench/figures.h"

namespace twinning::bench {
namespace {

using text::Author;
using text::Document;
using text::Operation;
using text::Splice;
using text::Version;

// Edits as people make them: words typed here and there, some of them deleted again.
std::vector<text::Edit> Branch(Author author, Version parents, Operation next, int64_t size,
                               int64_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<text::Edit> edits;
  int64_t position = 0;
  for (int64_t i = 0; i < count; ++i) {
    if (i % 12 == 0) position = static_cast<int64_t>(random() % (size + 1));
    text::Edit edit{author, parents, {}};
    if (i % 12 == 11 && position > 0) {
      edit.splices.push_back({--position, 1, ""});
      --size;
    } else {
      edit.splices.push_back({position++, 0, std::string(1, static_cast<char>('a' + i % 26))});
      ++size;
    }
    parents = {next++};
    edits.push_back(std::move(edit));
  }
  return edits;
}

}  // namespace

nlohmann::ordered_json MeasureBranches(int64_t count, int rounds) {
  Document base;
  const Author ana = base.AddAuthor("ana");
  const Author ben = base.AddAuthor("ben");
  const std::string text(20000, 'x');
  const std::vector<Splice> start = {{0, 0, text}};
  if (!base.Append(ana, start).ok()) std::abort();
  const Version version = base.version();
  const auto size = static_cast<int64_t>(text.size());
  if (!base.AppendAll(Branch(ana, version, base.operations(), size, count, 1)).ok()) std::abort();
  const auto theirs = Branch(ben, version, base.operations(), size, count, 2);
  nlohmann::ordered_json result = {{"edits_each", count}};
  result["merge_batch_ms"] = Median(rounds, [&] {
    Document document = base;
    if (!document.AppendAll(theirs).ok()) std::abort();
    return std::make_shared<const Document>(std::move(document));
  });
  result["merge_per_edit_ms"] = Median(rounds, [&] {
    Document document = base;
    for (const text::Edit& e : theirs) {
      if (!document.Append(e.author, e.parents, e.splices).ok()) std::abort();
    }
    return std::make_shared<const Document>(std::move(document));
  });
  return result;
}

nlohmann::ordered_json MeasureOverlaps(int64_t count) {
  Document document;
  const Author ana = document.AddAuthor("ana");
  const Author ben = document.AddAuthor("ben");
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "A sentence of the plan. ";
  const std::vector<Splice> start = {{0, 0, text}};
  if (!document.Append(ana, start).ok()) std::abort();
  const Version version = document.version();
  const Operation prefix = document.operations();
  const auto size = static_cast<int64_t>(text.size());
  if (!document.AppendAll(Branch(ana, version, prefix, size, count, 1)).ok()) std::abort();
  size_t found = 0;
  const double taken = Median(1, [&] {
    for (const text::Edit& e : Branch(ben, version, document.operations(), size, count, 2)) {
      const Operation first = document.operations();
      if (!document.Append(e.author, e.parents, e.splices).ok()) std::abort();
      found += document.FindOverlaps(prefix, first, document.operations())->size();
    }
    return nullptr;
  });
  return {{"edits_each", count}, {"append_and_judge_ms", taken}, {"overlaps", found}};
}

}  // namespace twinning::bench
