// Any bytes with a checksum that holds: Decode refuses them or gives a document that works.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/text/checksum.h"
#include "common/text/document.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using twinning::text::Document;
  static const std::string kMagic = Document().Encode().substr(0, 4);
  std::string bytes = kMagic;
  bytes.append(reinterpret_cast<const char*>(data), size);
  bytes += twinning::text::Checksum(bytes);
  auto document = Document::Decode(bytes, 1 << 16);
  if (!document.ok()) return 0;
  const std::string again = document->Encode();
  auto second = Document::Decode(again);
  if (!second.ok() || second->text() != document->text() || second->Encode() != again) std::abort();
  const auto half = document->VersionAt(document->operations() / 2);
  if (!document->TextAt(half).ok()) std::abort();
  if (document->operations() > 1) {
    const auto operations = document->operations();
    if (!document->FindOverlaps(operations / 3, operations / 2, operations).ok()) std::abort();
  }
  return 0;
}
