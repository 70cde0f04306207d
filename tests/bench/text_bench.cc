// Times the text engine on recorded histories and on two long offline branches, and prints a table
// and JSON. Nothing here is a test: figures are for people to compare on an idle machine.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "common/text/document.h"
#include "common/text/rope.h"
#include "common/text/utf8.h"
#include "tests/bench/heap.h"
#include "tests/bench/trace.h"

namespace twinning::bench {
namespace {

using text::Author;
using text::Document;
using text::Operation;
using text::Splice;
using text::Version;

struct Options {
  std::string traces;
  std::string json;
  int rounds = 5;
  int64_t branches = 1000000;
  int64_t crowd = 10000;
};

double MillisecondsOf(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  return taken.count();
}

double Median(int rounds, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) times.push_back(MillisecondsOf(work));
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

std::vector<Author> AddAuthors(const Trace& trace, Document& document) {
  std::vector<Author> authors;
  for (size_t i = 0; i < trace.agents; ++i) {
    authors.push_back(document.AddAuthor("agent " + std::to_string(i)));
  }
  return authors;
}

// What another replica would send: every transaction with its version.
std::vector<text::Edit> EditsOf(const Trace& trace) {
  std::vector<text::Edit> edits;
  std::vector<Version> versions;
  Operation operations = 0;
  for (const Transaction& t : trace.transactions) {
    text::Edit edit;
    edit.author = static_cast<Author>(t.agent);
    for (size_t parent : t.parents) {
      const Version& version = versions[parent];
      edit.parents.insert(edit.parents.end(), version.begin(), version.end());
    }
    if (!trace.concurrent && operations > 0) edit.parents = {operations - 1};
    std::sort(edit.parents.begin(), edit.parents.end());
    edit.splices = t.splices;
    const Operation before = operations;
    for (const Splice& s : t.splices) operations += s.removed + text::CodePoints(s.inserted);
    versions.push_back(operations > before ? Version{operations - 1} : edit.parents);
    edits.push_back(std::move(edit));
  }
  return edits;
}

Document MergedPerEdit(const Trace& trace, const std::vector<text::Edit>& edits) {
  Document document;
  AddAuthors(trace, document);
  for (const text::Edit& edit : edits) {
    if (!document.Append(edit.author, edit.parents, edit.splices).ok()) std::abort();
  }
  return document;
}

Document MergedInOneBatch(const Trace& trace, const std::vector<text::Edit>& edits) {
  Document document;
  AddAuthors(trace, document);
  if (!document.AppendAll(edits).ok()) std::abort();
  return document;
}

// A sequential history as its author makes it.
Document Typed(const Trace& trace) {
  Document document;
  const std::vector<Author> authors = AddAuthors(trace, document);
  for (const Transaction& t : trace.transactions) {
    if (!document.Append(authors[t.agent], t.splices).ok()) std::abort();
  }
  return document;
}

// The ceiling: the same splices on a text without any history.
void TypeIntoRope(const Trace& trace) {
  text::Rope rope;
  for (const Transaction& t : trace.transactions) {
    for (const Splice& s : t.splices) {
      rope.Erase(s.position, s.removed, nullptr);
      rope.Insert(s.position, s.inserted);
    }
  }
  if (rope.text() != trace.end_content) std::abort();
}

nlohmann::json Measure(const Trace& trace, int rounds) {
  const std::vector<text::Edit> edits = EditsOf(trace);
  nlohmann::json result = {{"trace", trace.name}, {"edits", trace.Edits()}};
  Document document;
  if (!trace.concurrent) {
    result["rope_ms"] = Median(rounds, [&] { TypeIntoRope(trace); });
    result["replay_ms"] = Median(rounds, [&] { document = Typed(trace); });
  }
  result["merge_per_edit_ms"] = Median(rounds, [&] { document = MergedPerEdit(trace, edits); });
  result["merge_batch_ms"] = Median(rounds, [&] { document = MergedInOneBatch(trace, edits); });
  document = Document();
  const int64_t before = HeapBytes();
  ResetHeapPeak();
  document = MergedInOneBatch(trace, edits);
  result["peak_bytes"] = HeapPeak() - before;
  if (document.text() != trace.end_content) {
    std::cerr << trace.name << ": does not end in its recorded text\n";
    std::exit(1);
  }
  std::string bytes;
  result["encode_ms"] = Median(rounds, [&] { bytes = document.Encode(); });
  result["encoded_bytes"] = bytes.size();
  document = Document();
  result["open_ms"] = Median(rounds, [&] { document = *Document::Open(bytes); });
  result["decode_ms"] = Median(rounds, [&] { document = *Document::Decode(bytes); });
  document = Document();
  const int64_t held = HeapBytes();
  document = *Document::Open(bytes);
  result["opened_heap_per_text"] =
      static_cast<double>(HeapBytes() - held) / static_cast<double>(trace.end_content.size());
  return result;
}

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

nlohmann::json MeasureBranches(int64_t count, int rounds) {
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
  nlohmann::json result = {{"edits_each", count}};
  result["merge_batch_ms"] = Median(rounds, [&] {
    Document document = base;
    if (!document.AppendAll(theirs).ok()) std::abort();
  });
  result["merge_per_edit_ms"] = Median(rounds, [&] {
    Document document = base;
    for (const text::Edit& e : theirs) {
      if (!document.Append(e.author, e.parents, e.splices).ok()) std::abort();
    }
  });
  return result;
}

// Many authors at once, arriving in turn: each goes on from its own version and now and then takes
// in another's, or everything.
std::vector<text::Edit> Crowd(size_t authors, int64_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<text::Edit> edits;
  Document document;
  std::vector<Version> heads(authors);
  std::vector<int64_t> sizes(authors, 0);
  for (size_t a = 0; a < authors; ++a) document.AddAuthor("agent " + std::to_string(a));
  for (int64_t i = 0; i < count; ++i) {
    const size_t author = random() % authors;
    const size_t merge = random() % 50;
    if (merge == 0) {
      heads[author] = document.Merge(heads[author], heads[random() % authors]);
      sizes[author] = std::min<int64_t>(sizes[author], document.TextAt(heads[author])->size());
    } else if (merge == 1 || i == 0) {
      heads[author] = document.version();
      sizes[author] = document.size();
    }
    text::Edit edit{static_cast<Author>(author), heads[author], {}};
    const auto position = static_cast<int64_t>(random() % (sizes[author] + 1));
    if (random() % 4 == 0 && position < sizes[author]) {
      edit.splices.push_back({position, 1, ""});
    } else {
      edit.splices.push_back({position, 0, "word "});
    }
    if (!document.Append(edit.author, edit.parents, edit.splices).ok()) std::abort();
    heads[author] = {document.operations() - 1};
    sizes[author] += edit.splices[0].removed > 0 ? -1 : 5;
    edits.push_back(std::move(edit));
  }
  return edits;
}

nlohmann::json MeasureCrowd(size_t authors, int64_t count, int rounds) {
  const auto edits = Crowd(authors, count, 7);
  nlohmann::json result = {{"authors", authors}, {"edits", count}};
  Trace trace;
  trace.agents = authors;
  result["merge_batch_ms"] = Median(rounds, [&] { MergedInOneBatch(trace, edits); });
  result["merge_per_edit_ms"] = Median(rounds, [&] { MergedPerEdit(trace, edits); });
  return result;
}

// A long offline branch judged edit by edit against another one, as a ledger's replicas do.
nlohmann::json MeasureOverlaps(int64_t count) {
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
  const double taken = MillisecondsOf([&] {
    for (const text::Edit& e : Branch(ben, version, document.operations(), size, count, 2)) {
      const Operation first = document.operations();
      if (!document.Append(e.author, e.parents, e.splices).ok()) std::abort();
      found += document.FindOverlaps(prefix, first, document.operations())->size();
    }
  });
  return {{"edits_each", count}, {"append_and_judge_ms", taken}, {"overlaps", found}};
}

void PrintTable(const std::string& title, const nlohmann::json& rows) {
  std::printf("\n%s\n", title.c_str());
  std::vector<std::string> keys;
  for (const auto& row : rows) {
    for (const auto& item : row.items()) {
      if (std::find(keys.begin(), keys.end(), item.key()) == keys.end()) keys.push_back(item.key());
    }
  }
  for (const std::string& key : keys) std::printf("%22s", key.c_str());
  std::printf("\n");
  for (const auto& row : rows) {
    for (const std::string& key : keys) {
      if (!row.contains(key)) {
        std::printf("%22s", "-");
      } else if (row[key].is_number_float()) {
        std::printf("%22.3f", row[key].get<double>());
      } else {
        std::printf("%22s", row[key].is_string() ? row[key].get<std::string>().c_str()
                                                 : row[key].dump().c_str());
      }
    }
    std::printf("\n");
  }
}

int Run(const Options& options) {
  nlohmann::json report = {{"traces", nlohmann::json::array()},
                           {"branches", nlohmann::json::array()}};
  if (!options.traces.empty()) {
    for (const std::string& path : TracesIn(options.traces)) {
      report["traces"].push_back(Measure(ReadTrace(path), options.rounds));
    }
    PrintTable("Recorded histories", report["traces"]);
  }
  for (int64_t count = 1000; count <= options.branches; count *= 10) {
    report["branches"].push_back(MeasureBranches(count, options.rounds));
  }
  PrintTable("Two offline branches", report["branches"]);
  for (int64_t count : {100, 1000, 4000}) {
    if (count <= options.branches) report["overlaps"].push_back(MeasureOverlaps(count));
  }
  PrintTable("Overlaps of one branch with another", report["overlaps"]);
  for (size_t authors : {3, 30, 300}) {
    report["crowds"].push_back(MeasureCrowd(authors, options.crowd, options.rounds));
  }
  PrintTable("Many authors in turn", report["crowds"]);
  if (!options.json.empty()) std::ofstream(options.json) << report.dump(2) << "\n";
  return 0;
}

}  // namespace
}  // namespace twinning::bench

int main(int argc, char** argv) {
  twinning::bench::Options options;
  if (const char* folder = std::getenv("TWINNING_TRACES")) options.traces = folder;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    if (flag == "--traces") {
      options.traces = argv[i + 1];
    } else if (flag == "--json") {
      options.json = argv[i + 1];
    } else if (flag == "--rounds") {
      options.rounds = std::max(1, std::atoi(argv[i + 1]));
    } else if (flag == "--branches") {
      options.branches = std::atoll(argv[i + 1]);
    } else if (flag == "--crowd") {
      options.crowd = std::atoll(argv[i + 1]);
    } else {
      std::cerr << "twinning-bench-text [--traces folder] [--json file] [--rounds n] "
                   "[--branches most edits] [--crowd edits]\n";
      return 2;
    }
  }
  return twinning::bench::Run(options);
}
