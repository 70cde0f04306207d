#include <algorithm>
#include <cstdint>
#include <vector>

#include "common/text/body.h"
#include "common/text/utf8.h"

namespace twinning::text {
namespace {

// A downward closed set of operations and their numbers in a history of its own.
class Closure {
 public:
  Closure(const History& history, const Version& version) {
    Seen seen;
    history.graph().Resolve(version, seen);
    Split split;
    history.graph().Diff(seen, Seen(), SIZE_MAX, split);
    split.Sort();
    ranges_.assign(split.only_a.rbegin(), split.only_a.rend());
    Op count = 0;
    for (const OpRange& range : ranges_) {
      begins_.push_back(count);
      count += range.end - range.begin;
    }
  }

  const std::vector<OpRange>& ranges() const { return ranges_; }

  Op Renumbered(Op operation) const {
    const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), operation,
                                        [](Op o, const OpRange& r) { return o < r.begin; });
    const size_t index = after - ranges_.begin() - 1;
    return begins_[index] + operation - ranges_[index].begin;
  }

 private:
  std::vector<OpRange> ranges_;
  std::vector<Op> begins_;
};

void Repeat(const History& history, OpRange range, Engine& engine) {
  for (size_t i = history.RunOf(range.begin);
       i < history.runs().size() && history.runs()[i].first < range.end; ++i) {
    const Run run = history.Clip(i, range);
    if (run.kind() == Kind::kInsert) {
      const int64_t skipped = run.first - history.runs()[i].first;
      engine.Insert(run.position,
                    SubstringOfCodePoints(history.ContentOfRun(i), skipped, run.length),
                    run.length);
    } else if (run.kind() == Kind::kDelete) {
      engine.Delete(run.position, run.length);
    } else {
      for (uint32_t k = 0; k < run.length; ++k) engine.Delete(run.position - k, 1);
    }
  }
}

}  // namespace

Engine Excerpt(const Engine& whole, const Version& version) {
  const History& history = whole.history();
  const Closure closure(history, version);
  Engine engine;
  for (const std::string& author : history.authors()) engine.AddAuthor(author);
  for (const OpRange& range : closure.ranges()) {
    for (Op begin = range.begin; begin < range.end;) {
      const Entry& entry = history.entries()[history.EntryOf(begin)];
      const Op end = std::min(entry.end, range.end);
      Version parents;
      if (begin > entry.first) {
        parents.push_back(closure.Renumbered(begin - 1));
      } else {
        for (Op parent : history.ParentsOf(entry)) parents.push_back(closure.Renumbered(parent));
      }
      engine.Begin(entry.author, parents, nullptr);
      Repeat(history, {begin, end}, engine);
      begin = end;
    }
  }
  engine.Settle();
  return engine;
}

}  // namespace twinning::text
