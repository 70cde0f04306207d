// The fast engine against the slow one, over random graphs. TWINNING_TEXT_GRAPHS sets how many.
#include <gtest/gtest.h>

#include <string>

#include "common/text/document.h"
#include "common/text/utf8.h"
#include "tests/support/text_oracle.h"
#include "tests/unit/text/random_graph.h"

namespace twinning::text {
namespace {

std::string Applied(const std::string& from, const std::vector<Splice>& splices) {
  std::u32string text = ToCodePoints(from);
  for (const Splice& s : splices) text.replace(s.position, s.removed, ToCodePoints(s.inserted));
  return ToUtf8(text);
}

// Builds one graph in both engines, comparing after every edit.
void BuildBoth(RandomGraph& graph, TextOracle& oracle, Document& document) {
  for (size_t i = 0; i < graph.authors(); ++i) {
    const std::string id = RandomGraph::IdOf(i);
    ASSERT_EQ(document.AddAuthor(id), oracle.AddAuthor(id));
  }
  for (size_t i = 0, edits = 1 + graph.Below(14); i < edits; ++i) {
    const RandomEdit edit = graph.Next(oracle);
    const Operation before = oracle.operations();
    const std::string text_before = document.text();
    const auto slow = oracle.Append(edit.author, edit.parents, edit.splices);
    const auto fast = document.Append(edit.author, edit.parents, edit.splices);
    ASSERT_TRUE(slow.ok()) << slow.status();
    ASSERT_TRUE(fast.ok()) << fast.status();
    ASSERT_EQ(document.text(), oracle.text());
    ASSERT_EQ(Applied(text_before, *fast), document.text());
    ASSERT_EQ(document.operations(), oracle.operations());
    ASSERT_EQ(document.version(), oracle.version());
    graph.Appended(edit, before, oracle.operations());
  }
}

void CompareVersions(RandomGraph& graph, const TextOracle& oracle, const Document& document) {
  for (Operation count = 0; count <= oracle.operations(); ++count) {
    ASSERT_EQ(document.VersionAt(count), oracle.VersionAt(count)) << count;
  }
  const auto some = [&] { return oracle.VersionAt(graph.Below(oracle.operations() + 1)); };
  const auto one = [&] {
    return oracle.operations() == 0
               ? Version()
               : Version{static_cast<Operation>(graph.Below(oracle.operations()))};
  };
  for (int i = 0; i < 4; ++i) {
    const Version version = oracle.Merge(some(), one());
    const Version other = oracle.Merge(one(), one());
    ASSERT_EQ(document.Merge(version, other), oracle.Merge(version, other));
    ASSERT_EQ(*document.TextAt(other), *oracle.TextAt(other));
    ASSERT_EQ(*document.TextAt(version), *oracle.TextAt(version));
  }
}

TEST(TextProperty, FastEngineAgreesWithTheOracle) {
  for (uint64_t seed = 1; seed <= Graphs(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomGraph graph(seed);
    TextOracle oracle;
    Document document;
    BuildBoth(graph, oracle, document);
    if (!HasFatalFailure()) CompareVersions(graph, oracle, document);
    if (HasFatalFailure()) return;
  }
}

// All edits of a graph, some of them in batches.
TEST(TextProperty, BatchesAgreeWithSingleEdits) {
  for (uint64_t seed = 1; seed <= Graphs(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomGraph graph(seed);
    TextOracle oracle;
    Document document;
    for (size_t i = 0; i < graph.authors(); ++i) {
      document.AddAuthor(RandomGraph::IdOf(i));
      oracle.AddAuthor(RandomGraph::IdOf(i));
    }
    std::vector<Edit> batch;
    for (size_t i = 0, edits = 1 + graph.Below(20); i < edits; ++i) {
      const auto edit = graph.AppendNext(oracle);
      ASSERT_TRUE(edit);
      batch.push_back({edit->author, edit->parents, edit->splices});
      if (i + 1 < edits && graph.Below(6) != 0) continue;
      if (graph.Below(3) == 0) {
        for (const Edit& e : batch) {
          ASSERT_TRUE(document.Append(e.author, e.parents, e.splices).ok());
        }
      } else {
        ASSERT_TRUE(document.AppendAll(batch).ok());
      }
      batch.clear();
      ASSERT_EQ(document.text(), oracle.text());
      ASSERT_EQ(document.version(), oracle.version());
    }
    CompareVersions(graph, oracle, document);
    if (HasFatalFailure()) return;
    for (Operation first = 1; first < oracle.operations(); ++first) {
      // Whatever is asked, it is answered the same when the history allows the question.
      const Version context = oracle.Merge(oracle.VersionAt(first / 2), {first});
      if (context != Version{first}) continue;
      ASSERT_EQ(*document.FindOverlaps(first / 2, first, first + 1),
                *oracle.FindOverlaps(first / 2, first, first + 1));
    }
  }
}

TEST(TextProperty, EncodingKeepsEveryOperation) {
  for (uint64_t seed = 1; seed <= Graphs(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomGraph graph(seed);
    TextOracle oracle;
    Document document;
    BuildBoth(graph, oracle, document);
    if (HasFatalFailure()) return;
    const std::string bytes = document.Encode();
    auto decoded = seed % 2 == 0 ? Document::Decode(bytes) : Document::Open(bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    ASSERT_EQ(decoded->text(), document.text());
    ASSERT_EQ(decoded->version(), document.version());
    ASSERT_EQ(decoded->Encode(), bytes);
    // Goes on like the original, first without and then with the history unpacked.
    for (int i = 0; i < 4; ++i) {
      RandomEdit edit = graph.Next(oracle);
      if (i < 2) edit.parents = oracle.version();
      if (i < 2) edit.splices = {{0, 0, "go on"}, {2, 1, ""}};
      const Operation before = oracle.operations();
      ASSERT_TRUE(oracle.Append(edit.author, edit.parents, edit.splices).ok());
      ASSERT_TRUE(decoded->Append(edit.author, edit.parents, edit.splices).ok());
      ASSERT_TRUE(document.Append(edit.author, edit.parents, edit.splices).ok());
      ASSERT_EQ(decoded->text(), oracle.text());
      graph.Appended(edit, before, oracle.operations());
    }
    ASSERT_EQ(decoded->Encode(), document.Encode());
    CompareVersions(graph, oracle, *decoded);
    if (HasFatalFailure()) return;
  }
}

// Histories as a ledger makes them: each author's context is a prefix and its own operations.
TEST(TextProperty, OverlapsAgreeWithTheOracle) {
  for (uint64_t seed = 1; seed <= Graphs(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomGraph graph(seed);
    TextOracle oracle;
    Document document;
    std::vector<Operation> base(graph.authors(), 0);
    std::vector<Version> own(graph.authors());
    for (size_t i = 0; i < graph.authors(); ++i) {
      document.AddAuthor(std::to_string(i));
      oracle.AddAuthor(std::to_string(i));
    }
    struct Judged {
      Operation prefix, first, end;
    };
    std::vector<Judged> judged;
    Author last = 0;
    for (size_t i = 0, edits = 2 + graph.Below(24); i < edits; ++i) {
      RandomEdit edit = graph.Next(oracle);
      // Mostly long branches: the same author again, having seen no more.
      const bool same_branch = !judged.empty() && graph.Below(3) != 0;
      if (same_branch) edit.author = last;
      const Author a = last = edit.author;
      if (!same_branch) {
        base[a] = std::max<Operation>(base[a], graph.Below(oracle.operations() + 1));
      }
      edit.parents = oracle.Merge(oracle.VersionAt(base[a]), own[a]);
      const Operation first = oracle.operations();
      if (!oracle.Append(a, edit.parents, edit.splices).ok()) continue;
      ASSERT_TRUE(document.Append(a, edit.parents, edit.splices).ok());
      if (oracle.operations() == first) continue;
      own[a] = {oracle.operations() - 1};
      judged.push_back({base[a], first, oracle.operations()});
      const auto slow = oracle.FindOverlaps(base[a], first, oracle.operations());
      const auto fast = document.FindOverlaps(base[a], first, document.operations());
      ASSERT_TRUE(fast.ok());
      ASSERT_EQ(*fast, *slow);
      if (graph.Below(8) == 0) document = Document(document);
    }
    for (const Judged& j : judged) {
      ASSERT_EQ(*document.FindOverlaps(j.prefix, j.first, j.end),
                *oracle.FindOverlaps(j.prefix, j.first, j.end));
    }
  }
}

}  // namespace
}  // namespace twinning::text
