// Bytes read as edits by several authors at whatever versions, valid or not: both engines agree on
// what is refused and on everything else.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "common/text/document.h"
#include "tests/support/text_oracle.h"

namespace {

using twinning::text::Document;
using twinning::text::Operation;
using twinning::text::Splice;
using twinning::text::TextOracle;
using twinning::text::Version;

constexpr Operation kMaxOperations = 400;  // the oracle is slow

class Input {
 public:
  Input(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  bool empty() const { return next_ >= size_; }
  uint8_t Byte() { return empty() ? 0 : data_[next_++]; }

  Version AnyVersion(const TextOracle& oracle) {
    Version version;
    for (int n = Byte() % 4; n > 0; --n) version.push_back(AnyOperation(oracle));
    return version;
  }
  Operation AnyOperation(const TextOracle& oracle) {
    const int from_end = Byte();
    return oracle.operations() - 1 - from_end % (oracle.operations() + 1);
  }
  Splice AnySplice() {
    static constexpr const char* kTexts[] = {"",   "a",          "bc",      ". ",
                                             "\n", "\U0001F600", "e\u0301", "\xFF"};
    Splice splice;
    splice.position = static_cast<int8_t>(Byte());
    splice.removed = static_cast<int8_t>(Byte()) / 8;
    for (int n = Byte() % 4; n > 0; --n) splice.inserted += kTexts[Byte() % 8];
    return splice;
  }

 private:
  const uint8_t* data_;
  size_t size_;
  size_t next_ = 0;
};

void Check(bool agrees) {
  if (!agrees) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  TextOracle oracle;
  Document document;
  for (int i = 0; i < 4; ++i) {
    const std::string id(1, static_cast<char>(input.Byte()));
    Check(oracle.AddAuthor(id) == document.AddAuthor(id));
  }
  while (!input.empty() && oracle.operations() < kMaxOperations) {
    const Version parents = input.Byte() % 4 == 0 ? oracle.version() : input.AnyVersion(oracle);
    const auto author = static_cast<twinning::text::Author>(input.Byte() % 5);
    std::vector<Splice> splices;
    for (int n = input.Byte() % 3; n >= 0; --n) splices.push_back(input.AnySplice());
    const Operation first = oracle.operations();
    const bool slow = oracle.Append(author, parents, splices).ok();
    Check(document.Append(author, parents, splices).ok() == slow);
    Check(document.text() == oracle.text());
    Check(document.version() == oracle.version());
    if (!slow || oracle.operations() == first) continue;
    const Operation prefix = input.Byte() % (first + 1);
    if (oracle.Merge(oracle.VersionAt(prefix), {first}) != Version{first}) continue;
    Check(*oracle.FindOverlaps(prefix, first, oracle.operations()) ==
          *document.FindOverlaps(prefix, first, oracle.operations()));
  }
  const Version some = oracle.VersionAt(oracle.operations() / 2);
  Check(*oracle.TextAt(some) == *document.TextAt(some));
  const std::string bytes = document.Encode();
  const auto decoded = Document::Decode(bytes);
  Check(decoded.ok() && decoded->text() == document.text() && decoded->Encode() == bytes);
  return 0;
}
