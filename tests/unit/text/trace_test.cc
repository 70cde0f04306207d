// Recorded histories end in their recorded text. The folder is given by TWINNING_TRACES.
#include "tests/bench/trace.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "common/text/document.h"

namespace twinning::text {
namespace {

Document Replayed(const bench::Trace& trace) {
  Document document;
  std::vector<Author> authors;
  for (size_t i = 0; i < trace.agents; ++i) {
    authors.push_back(document.AddAuthor(bench::AuthorName(i)));
  }
  std::vector<Version> versions;
  for (const bench::Transaction& transaction : trace.transactions) {
    Version parents = document.version();
    if (trace.concurrent) {
      parents.clear();
      for (size_t parent : transaction.parents) parents = document.Merge(parents, versions[parent]);
    }
    const Operation before = document.operations();
    const auto merged = document.Append(authors[transaction.agent], parents, transaction.splices);
    EXPECT_TRUE(merged.ok()) << merged.status();
    if (document.operations() > before) parents = {document.operations() - 1};
    versions.push_back(std::move(parents));
  }
  return document;
}

TEST(TextTrace, EndsInItsRecordedTextAndEncodesWhole) {
  const char* folder = std::getenv("TWINNING_TRACES");
  if (folder == nullptr) GTEST_SKIP() << "TWINNING_TRACES is not set";
  for (const std::string& path : bench::TracesIn(folder)) {
    SCOPED_TRACE(path);
    const bench::Trace trace = bench::ReadTrace(path);
    const Document document = Replayed(trace);
    ASSERT_TRUE(document.text() == trace.end_content);
    const std::string bytes = document.Encode();
    const auto decoded = Document::Decode(bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    ASSERT_TRUE(decoded->text() == trace.end_content);
    ASSERT_TRUE(decoded->Encode() == bytes);
    const Version middle = document.VersionAt(document.operations() / 2);
    ASSERT_TRUE(*decoded->TextAt(middle) == *document.TextAt(middle));
    RecordProperty("bytes", static_cast<int>(bytes.size()));
    std::cout << trace.name << ": " << bytes.size() << " bytes\n";
  }
}

}  // namespace
}  // namespace twinning::text
