#include "tests/bench/measure.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/text/document.h"
#include "common/text/utf8.h"
#include "tests/bench/figures.h"
#include "tests/bench/heap.h"

namespace twinning::bench {
namespace {

using text::Document;

Document MadeBy(const std::string& figure, const Trace& trace) {
  return std::static_pointer_cast<const Made>(Prepare(figure, trace)())->document;
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

// A branch that nobody else saw, from half way: typed at both ends, some of it taken back.
std::vector<text::Edit> Branch(const Document& document) {
  const text::Version half = document.VersionAt(document.operations() / 2);
  const int64_t size = text::CodePoints(*document.TextAt(half));
  const text::Operation last = document.operations() + 8;
  return {{0, half, {{0, 0, "here "}, {size + 5, 0, "now."}}}, {0, {last}, {{size + 8, 1, "!"}}}};
}

// Whether it is what it should be, and merges and is kept as what it should be.
bool IsExact(Document document, const Trace& trace, const std::string& encoded,
             const std::string& branched) {
  if (document.text() != trace.end_content || document.Encode() != encoded) return false;
  if (!document.AppendAll(Branch(document)).ok()) return false;
  return document.Encode() == branched;
}

bool AllAreExact(const Trace& trace) {
  Document merged = MadeBy("batch", trace);
  const std::string encoded = merged.Encode();
  if (!merged.AppendAll(Branch(merged)).ok()) return false;
  const std::string branched = merged.Encode();
  const std::vector<std::string> figures = FiguresOf(trace);
  return std::all_of(figures.begin(), figures.end(), [&](const std::string& figure) {
    if (figure == "encode" || figure == "rope") return true;
    return IsExact(MadeBy(figure, trace), trace, encoded, branched);
  });
}

double HeapPerText(const Trace& trace, std::string_view bytes, std::shared_ptr<const void> keeper) {
  const int64_t held = HeapBytes();
  const Document document = *Document::Open(bytes, std::move(keeper));
  return static_cast<double>(HeapBytes() - held) / static_cast<double>(trace.end_content.size());
}

int64_t PeakOf(const Work& work) {
  const int64_t before = HeapBytes();
  ResetHeapPeak();
  const std::shared_ptr<const void> made = work();
  return HeapPeak() - before;
}

}  // namespace

nlohmann::ordered_json Facts(const Trace& trace) {
  nlohmann::ordered_json facts = {{"exact", AllAreExact(trace)}};
  facts["peak_bytes"] = PeakOf(Prepare("batch", trace));
  const auto bytes = std::static_pointer_cast<const std::string>(Prepare("encode", trace)());
  facts["encoded_bytes"] = bytes->size();
  facts["gzip_bytes"] = GzipSize(*bytes);
  // What an opened document holds, and what it holds besides where nothing else keeps its bytes.
  facts["opened_heap_per_text"] = HeapPerText(trace, *bytes, bytes);
  facts["with_history_per_text"] = HeapPerText(trace, *bytes, nullptr);
  return facts;
}

nlohmann::ordered_json Measure(const Trace& trace, int rounds) {
  nlohmann::ordered_json result = {{"trace", trace.name}, {"edits", trace.Edits()}};
  for (const std::string& figure : FiguresOf(trace)) {
    result[figure + "_ms"] = Median(rounds, Prepare(figure, trace));
  }
  result.update(Facts(trace));
  return result;
}

}  // namespace twinning::bench
