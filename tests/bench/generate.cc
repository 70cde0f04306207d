#include "tests/bench/generate.h"

#include <algorithm>
#include <random>
#include <utility>

#include "common/text/engine.h"
#include "common/text/utf8.h"

namespace twinning::bench {
namespace {

using text::Author;
using text::Engine;
using text::Operation;
using text::Splice;
using text::Version;

// Makes the transactions one by one, each in the text that its author has.
class Maker {
 public:
  explicit Maker(const Recipe& recipe)
      : recipe_(recipe), random_(recipe.seed), authors_(recipe.authors) {
    trace_.name = recipe.name;
    trace_.concurrent = recipe.concurrent;
    trace_.agents = recipe.authors;
    for (size_t i = 0; i < recipe.authors; ++i) engine_.AddAuthor(AuthorName(i));
  }

  Trace Make() {
    for (size_t i = 0; i < recipe_.roots; ++i) Begin(i);
    size_t author = 0;
    size_t turn = 0;
    while (trace_.transactions.size() < recipe_.transactions) {
      if (turn == 0) {
        author = NextAuthor();
        turn = 1 + Below(recipe_.turn);
      }
      --turn;
      if (recipe_.from_main && IsReady(author)) {
        MergeTopic(author);
        turn = 0;
      } else {
        Edit(author);
      }
    }
    if (recipe_.concurrent && heads_.size() > 1) MergeEverything();
    engine_.Settle();
    trace_.end_content = engine_.rope().text();
    return std::move(trace_);
  }

 private:
  struct Writer {
    std::vector<size_t> heads;  // transactions
    int64_t cursor = 0;
    bool started = false;
  };

  size_t Below(size_t n) { return random_() % n; }

  size_t NextAuthor() {
    if (recipe_.at_once == 0) return Below(recipe_.authors);
    if (busy_.size() < recipe_.at_once) busy_.push_back(Below(recipe_.authors));
    return busy_[Below(busy_.size())];
  }

  void Begin(size_t author) {
    authors_[author].started = true;
    Add(author, {{0, 0, Words(recipe_.start)}});
    main_ = {Made() - 1};
  }

  void Edit(size_t author) {
    Writer& writer = authors_[author];
    const bool on_topic = recipe_.from_main && writer.started;
    if (!writer.started || (!on_topic && Below(recipe_.until_merge) == 0)) TakeIn(author);
    writer.started = true;
    if (!recipe_.concurrent) writer.heads = {Made() - 1};
    int64_t size = SizeFor(author);
    std::vector<Splice> splices;
    const size_t patches = recipe_.revisions ? PatchesOfRevision() : 1 + Below(recipe_.patches);
    for (size_t n = patches; n > 0; --n) {
      Splice splice = recipe_.revisions ? NextDifference(writer, size) : NextSplice(writer, size);
      size += text::CodePoints(splice.inserted) - splice.removed;
      splices.push_back(std::move(splice));
    }
    Add(author, std::move(splices));
  }

  // Few, as a rule, but now and then somebody goes through the whole file.
  size_t PatchesOfRevision() { return Below(25) == 0 ? 40 + Below(160) : 1 + Below(8); }

  // What differs goes on a little further down, or somewhere else: words, sometimes lines.
  Splice NextDifference(Writer& writer, int64_t size) {
    writer.cursor += static_cast<int64_t>(Below(5) == 0 ? Below(size + 1) : Below(30));
    if (writer.cursor > size) writer.cursor = static_cast<int64_t>(Below(size + 1));
    if (Below(5) < 2 && writer.cursor < size) {
      const auto length = static_cast<int64_t>(1 + Below(Below(4) == 0 ? 60 : 8));
      return {writer.cursor, std::min(length, size - writer.cursor), ""};
    }
    const size_t length = 1 + Below(Below(4) == 0 ? 100 : 12);
    writer.cursor += static_cast<int64_t>(length);
    return {writer.cursor - static_cast<int64_t>(length), 0, Words(length)};
  }

  // Of the text that the author sees.
  int64_t SizeFor(size_t author) {
    engine_.Begin(static_cast<Author>(author), VersionOf(authors_[author].heads), nullptr);
    return engine_.AuthorSize();
  }

  // Typing where one was, corrections there, and now and then another place.
  Splice NextSplice(Writer& writer, int64_t size) {
    if (Below(12) == 0) writer.cursor = static_cast<int64_t>(Below(size + 1));
    writer.cursor = std::min(writer.cursor, size);
    if (Below(8) == 0 && writer.cursor > 0) return {--writer.cursor, 1, ""};
    if (Below(60) == 0 && size - writer.cursor > 40) return {writer.cursor, 12, ""};
    std::string word;
    const size_t length = recipe_.patches > 1 ? 1 + Below(12) : 1;
    for (size_t i = 0; i < length; ++i) word += Letter();
    writer.cursor += static_cast<int64_t>(length);
    return {writer.cursor - static_cast<int64_t>(length), 0, word};
  }

  std::string Words(size_t characters) {
    std::string words;
    for (size_t i = 0; i < characters; ++i) words += i % 7 == 6 ? " " : Letter();
    return words;
  }

  std::string Letter() {
    if (recipe_.emoji && Below(10) == 0) return Below(2) == 0 ? "\U0001F600" : "é";
    return std::string(1, static_cast<char>('a' + Below(26)));
  }

  void TakeIn(size_t author) {
    Writer& writer = authors_[author];
    std::vector<size_t> seen = writer.heads;
    const size_t known = trace_.transactions.size() - Below(std::min(recipe_.lag + 1, Made()));
    const std::vector<size_t> heads = recipe_.from_main ? main_ : HeadsAt(known);
    seen.insert(seen.end(), heads.begin(), heads.end());
    See(writer, seen);
  }

  // Whether an author has done with his topic.
  bool IsReady(size_t author) {
    return authors_[author].started && Below(recipe_.until_merge) == 0;
  }

  // A topic is merged into the main line; whoever begins the next one has both for parents.
  void MergeTopic(size_t author) {
    TakeIn(author);
    Writer& writer = authors_[author];
    main_ = std::move(writer.heads);
    writer = Writer();
    std::erase(busy_, author);
  }

  void See(Writer& writer, const std::vector<size_t>& transactions) {
    writer.heads = Minimal(transactions);
  }

  void MergeEverything() {
    See(authors_[0], heads_);
    Add(0, {});
  }

  void Add(size_t author, std::vector<Splice> splices) {
    Writer& writer = authors_[author];
    const Version parents = VersionOf(writer.heads);
    const Operation before = engine_.history().operations();
    engine_.Begin(static_cast<Author>(author), parents, nullptr);
    for (const Splice& s : splices) {
      engine_.Delete(s.position, s.removed);
      engine_.Insert(s.position, s.inserted, text::CodePoints(s.inserted));
    }
    const Operation after = engine_.history().operations();
    versions_.push_back(after > before ? Version{after - 1} : parents);
    for (size_t parent : writer.heads) std::erase(heads_, parent);
    heads_.push_back(Made());
    trace_.transactions.push_back({author, writer.heads, std::move(splices)});
    writer.heads = {Made() - 1};
  }

  size_t Made() const { return trace_.transactions.size(); }

  // The heads of the first `count` transactions.
  std::vector<size_t> HeadsAt(size_t count) const {
    if (count == Made()) return heads_;
    std::vector<bool> named(count, false);
    const size_t begin = count > 2000 ? count - 2000 : 0;
    for (size_t i = begin; i < count; ++i) {
      for (size_t parent : trace_.transactions[i].parents) named[parent] = true;
    }
    std::vector<size_t> heads;
    for (size_t i = begin; i < count; ++i) {
      if (!named[i]) heads.push_back(i);
    }
    return heads;
  }

  // Those that none of the others has behind it.
  std::vector<size_t> Minimal(std::vector<size_t> transactions) const {
    std::sort(transactions.begin(), transactions.end());
    transactions.erase(std::unique(transactions.begin(), transactions.end()), transactions.end());
    if (transactions.size() <= 1) return transactions;
    std::vector<bool> behind(transactions.back() + 1, false);
    std::vector<size_t> minimal;
    size_t next = transactions.size();
    for (size_t i = transactions.back() + 1; i-- > transactions.front();) {
      const bool asked = next > 0 && transactions[next - 1] == i;
      if (asked) --next;
      if (asked && !behind[i]) minimal.push_back(i);
      if (!asked && !behind[i]) continue;
      for (size_t parent : trace_.transactions[i].parents) behind[parent] = true;
    }
    std::reverse(minimal.begin(), minimal.end());
    return minimal;
  }

  Version VersionOf(const std::vector<size_t>& transactions) const {
    Version version;
    for (size_t t : transactions) {
      version.insert(version.end(), versions_[t].begin(), versions_[t].end());
    }
    std::sort(version.begin(), version.end());
    version.erase(std::unique(version.begin(), version.end()), version.end());
    text::Seen seen;
    return engine_.history().graph().Resolve(version, seen);
  }

  const Recipe recipe_;
  std::mt19937_64 random_;
  std::vector<Writer> authors_;
  std::vector<size_t> main_;   // transactions that the main line ends with
  std::vector<size_t> heads_;  // transactions without a later one
  std::vector<size_t> busy_;   // who has a branch open, when few have
  std::vector<Version> versions_;
  Engine engine_;
  Trace trace_;
};

}  // namespace

Trace Generate(const Recipe& recipe) { return Maker(recipe).Make(); }

std::vector<Recipe> StandardRecipes(size_t transactions) {
  std::vector<Recipe> recipes(10);
  recipes[0] = {.name = "made-live-300-authors", .authors = 300, .until_merge = 1, .lag = 30};
  recipes[1] = {.name = "made-offline-100-authors", .authors = 100, .until_merge = 100};
  recipes[2] = {.name = "made-offline-3-authors", .authors = 3, .until_merge = 400};
  recipes[3] = {.name = "made-topic-branches",
                .authors = 300,
                .turn = 4,
                .until_merge = 6,
                .from_main = true,
                .at_once = 20,
                .patches = 8};
  recipes[4] = {.name = "made-several-roots",
                .authors = 40,
                .roots = 5,
                .turn = 20,
                .until_merge = 60,
                .emoji = true};
  recipes[5] = {.name = "made-emoji", .concurrent = false, .emoji = true};
  recipes[6] = {.name = "made-live-5-authors", .authors = 5, .until_merge = 2, .lag = 10};
  recipes[7] = {
      .name = "made-now-and-then-300-authors", .authors = 300, .until_merge = 3, .lag = 30};
  recipes[8] = {.name = "made-file-300-authors",
                .authors = 300,
                .roots = 2,
                .turn = 3,
                .until_merge = 3,
                .from_main = true,
                .at_once = 7,
                .revisions = true};
  recipes[9] = {.name = "made-file-few-branches",
                .authors = 194,
                .turn = 8,
                .until_merge = 2,
                .from_main = true,
                .at_once = 2,
                .revisions = true};
  for (Recipe& recipe : recipes) recipe.transactions = transactions;
  return recipes;
}

}  // namespace twinning::bench
