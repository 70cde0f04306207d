#include "tests/bench/measure.h"

#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/text/document.h"
#include "common/text/rope.h"
#include "tests/bench/heap.h"
#include "tests/bench/wire.h"

namespace twinning::bench {
namespace {

using text::Author;
using text::Document;
using text::Splice;

double MillisecondsOf(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  return taken.count();
}

Document WithAuthors(const Trace& trace) {
  Document document;
  for (size_t i = 0; i < trace.agents; ++i) document.AddAuthor(AuthorName(i));
  return document;
}

Document MergedPerEdit(const Trace& trace, const std::vector<text::Edit>& edits) {
  Document document = WithAuthors(trace);
  for (const text::Edit& edit : edits) {
    if (!document.Append(edit.author, edit.parents, edit.splices).ok()) std::abort();
  }
  return document;
}

// The same from bytes, as another replica would send them.
Document MergedPerUpdate(const Trace& trace, const std::vector<std::string>& updates) {
  Document document = WithAuthors(trace);
  text::Edit edit;
  for (const std::string& update : updates) {
    if (!ReadUpdate(update, edit)) std::abort();
    if (!document.Append(edit.author, edit.parents, edit.splices).ok()) std::abort();
  }
  return document;
}

Document MergedInOneBatch(const Trace& trace, const std::vector<text::Edit>& edits) {
  Document document = WithAuthors(trace);
  if (!document.AppendAll(edits).ok()) std::abort();
  return document;
}

// A sequential history as its author makes it.
Document Typed(const Trace& trace) {
  Document document = WithAuthors(trace);
  for (const Transaction& t : trace.transactions) {
    if (!document.Append(static_cast<Author>(t.agent), t.splices).ok()) std::abort();
  }
  return document;
}

// The ceiling: the same splices on a text without any history.
std::string TypedIntoRope(const Trace& trace) {
  text::Rope rope;
  for (const Transaction& t : trace.transactions) {
    for (const Splice& s : t.splices) {
      rope.Erase(s.position, s.removed, nullptr);
      rope.Insert(s.position, s.inserted);
    }
  }
  return rope.text();
}

size_t GzipSize(const std::string& bytes) {
  z_stream stream{};
  constexpr int kGzip = 16;
  deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + kGzip, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  const size_t size = stream.total_out;
  deflateEnd(&stream);
  return size;
}

void MeasureMerge(const Trace& trace, int rounds, nlohmann::ordered_json& result) {
  const std::vector<text::Edit> edits = EditsOf(trace);
  std::vector<std::string> updates;
  for (const text::Edit& edit : edits) updates.push_back(UpdateOf(edit));
  Document per_edit;
  Document per_update;
  Document batch;
  result["per_edit_ms"] = Median(rounds, [&] { per_edit = MergedPerEdit(trace, edits); });
  result["per_update_ms"] = Median(rounds, [&] { per_update = MergedPerUpdate(trace, updates); });
  result["batch_ms"] = Median(rounds, [&] { batch = MergedInOneBatch(trace, edits); });
  const std::string encoded = per_edit.Encode();
  result["exact"] = per_edit.text() == trace.end_content && batch.text() == trace.end_content &&
                    per_update.text() == trace.end_content && batch.Encode() == encoded &&
                    per_update.Encode() == encoded;
  batch = Document();
  const int64_t before = HeapBytes();
  ResetHeapPeak();
  batch = MergedInOneBatch(trace, edits);
  result["peak_bytes"] = HeapPeak() - before;
}

void MeasureReplay(const Trace& trace, int rounds, nlohmann::ordered_json& result) {
  Document document;
  std::string text;
  result["rope_ms"] = Median(rounds, [&] { text = TypedIntoRope(trace); });
  result["replay_ms"] = Median(rounds, [&] { document = Typed(trace); });
  result["exact"] = text == trace.end_content && document.text() == trace.end_content &&
                    document.Encode() == MergedInOneBatch(trace, EditsOf(trace)).Encode();
}

double HeapPerText(const Trace& trace, std::string_view bytes, std::shared_ptr<const void> keeper) {
  const int64_t held = HeapBytes();
  const Document document = *Document::Open(bytes, std::move(keeper));
  return static_cast<double>(HeapBytes() - held) / static_cast<double>(trace.end_content.size());
}

void MeasureStorage(const Trace& trace, int rounds, nlohmann::ordered_json& result) {
  Document document = MergedInOneBatch(trace, EditsOf(trace));
  std::string bytes;
  result["encode_ms"] = Median(rounds, [&] { bytes = document.Encode(); });
  result["encoded_bytes"] = bytes.size();
  result["gzip_bytes"] = GzipSize(bytes);
  document = Document();
  std::string text;
  result["open_ms"] = Median(rounds, [&] {
    document = *Document::Open(bytes);
    text = document.text();
  });
  result["decode_ms"] = Median(rounds, [&] { document = *Document::Decode(bytes); });
  // What an opened document holds, and what it holds besides where nothing else keeps its bytes.
  const auto kept = std::make_shared<const std::string>(bytes);
  result["opened_heap_per_text"] = HeapPerText(trace, *kept, kept);
  result["with_history_per_text"] = HeapPerText(trace, *kept, nullptr);
}

}  // namespace

double Median(int rounds, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) times.push_back(MillisecondsOf(work));
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

nlohmann::ordered_json Measure(const Trace& trace, int rounds) {
  nlohmann::ordered_json result = {{"trace", trace.name}, {"edits", trace.Edits()}};
  if (trace.concurrent) {
    MeasureMerge(trace, rounds, result);
  } else {
    MeasureReplay(trace, rounds, result);
    nlohmann::ordered_json merge;
    MeasureMerge(trace, rounds, merge);
    merge["exact"] = merge["exact"] == true && result["exact"] == true;
    result.update(merge);
  }
  MeasureStorage(trace, rounds, result);
  return result;
}

}  // namespace twinning::bench
