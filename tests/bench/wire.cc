#include "tests/bench/wire.h"

#include <cstdint>

namespace twinning::bench {
namespace {

void Put(uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

bool Take(std::string_view& in, uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 63 && !in.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    value |= uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool TakeSplice(std::string_view& in, text::Splice& splice) {
  uint64_t position = 0;
  uint64_t removed = 0;
  uint64_t length = 0;
  if (!Take(in, position) || !Take(in, removed) || !Take(in, length)) return false;
  if (length > in.size()) return false;
  splice.position = static_cast<int64_t>(position);
  splice.removed = static_cast<int64_t>(removed);
  splice.inserted.assign(in.substr(0, length));
  in.remove_prefix(length);
  return true;
}

}  // namespace

std::string UpdateOf(const text::Edit& edit) {
  std::string out;
  Put(edit.author, out);
  Put(edit.parents.size(), out);
  for (text::Operation parent : edit.parents) Put(parent, out);
  for (const text::Splice& splice : edit.splices) {
    Put(splice.position, out);
    Put(splice.removed, out);
    Put(splice.inserted.size(), out);
    out += splice.inserted;
  }
  return out;
}

bool ReadUpdate(std::string_view bytes, text::Edit& edit) {
  uint64_t author = 0;
  uint64_t parents = 0;
  if (!Take(bytes, author) || !Take(bytes, parents) || parents > bytes.size()) return false;
  edit.author = static_cast<text::Author>(author);
  edit.parents.resize(parents);
  for (text::Operation& parent : edit.parents) {
    uint64_t value = 0;
    if (!Take(bytes, value)) return false;
    parent = static_cast<text::Operation>(value);
  }
  size_t count = 0;
  for (; !bytes.empty(); ++count) {
    if (count == edit.splices.size()) edit.splices.emplace_back();
    if (!TakeSplice(bytes, edit.splices[count])) return false;
  }
  edit.splices.resize(count);
  return true;
}

}  // namespace twinning::bench
