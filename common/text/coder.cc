#include "common/text/coder.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace twinning::text {
namespace {

constexpr uint32_t kTop = 1u << 24;
constexpr uint32_t kChanceBits = 12;
constexpr uint32_t kMaxSize = 39;

uint64_t Folded(int64_t value) {
  return value < 0 ? static_cast<uint64_t>(-(value + 1)) * 2 + 1 : static_cast<uint64_t>(value) * 2;
}

int64_t Unfolded(uint64_t value) {
  const auto half = static_cast<int64_t>(value >> 1);
  return (value & 1) != 0 ? -half - 1 : half;
}

uint32_t Bound(uint32_t range, const Bit& bit) {
  const uint32_t chance = std::clamp<uint32_t>(bit.Chance(), 1, (1 << kChanceBits) - 1);
  return (range >> kChanceBits) * chance;
}

}  // namespace

void Encoder::Put(Bit& bit, bool value) {
  const uint32_t bound = Bound(range_, bit);
  if (value) {
    low_ += bound;
    range_ -= bound;
  } else {
    range_ = bound;
  }
  bit.Learn(value);
  while (range_ < kTop) Shift();
}

void Encoder::PutEven(uint32_t value, uint32_t bits) {
  while (bits-- > 0) {
    range_ >>= 1;
    if ((value >> bits) & 1) low_ += range_;
    while (range_ < kTop) Shift();
  }
}

// Moves the top byte out; a carry may still reach what is held back.
void Encoder::Shift() {
  range_ <<= 8;
  if (low_ < 0xFF000000u || low_ > 0xFFFFFFFFu) {
    const auto carry = static_cast<uint8_t>(low_ >> 32);
    if (started_) out_ += static_cast<char>(held_ + carry);
    for (; held_count_ > 0; --held_count_) out_ += static_cast<char>(0xFF + carry);
    held_ = static_cast<uint8_t>(low_ >> 24);
    started_ = true;
  } else {
    ++held_count_;
  }
  low_ = (low_ & 0x00FFFFFF) << 8;
}

// The number plus one has its highest bit at `size`; the bits below it follow.
void Encoder::Put(Number& model, uint64_t value) {
  const uint64_t shifted = value + 1;
  const auto size = static_cast<uint32_t>(std::bit_width(shifted)) - 1;
  for (uint32_t i = 0; i < size; ++i) Put(model.size[i], true);
  if (size < kMaxSize) Put(model.size[size], false);
  uint32_t context = 1;
  uint32_t rest = size;
  while (rest > 0 && context < (1u << Number::kLeading)) {
    const bool bit = (shifted >> --rest) & 1;
    Put(model.leading[size][context], bit);
    context = context * 2 + bit;
  }
  if (rest > 16) {
    PutEven(static_cast<uint32_t>((shifted >> 16) & ((1u << (rest - 16)) - 1)), rest - 16);
    rest = 16;
  }
  PutEven(static_cast<uint32_t>(shifted & ((1u << rest) - 1)), rest);
}

void Encoder::PutSigned(Number& model, int64_t value) { Put(model, Folded(value)); }

std::string Encoder::Finish() {
  for (int i = 0; i < 5; ++i) Shift();
  return std::move(out_);
}

Decoder::Decoder(std::string_view in) : in_(in), overrun_(in.size() < 4 ? 1 : 0) {
  for (int i = 0; i < 4; ++i) {
    code_ = (code_ << 8) | (next_ < in_.size() ? static_cast<uint8_t>(in_[next_]) : 0);
    ++next_;
  }
}

void Decoder::Normalise() {
  while (range_ < kTop) {
    range_ <<= 8;
    code_ <<= 8;
    if (next_ < in_.size()) {
      code_ |= static_cast<uint8_t>(in_[next_]);
    } else {
      ++overrun_;
    }
    ++next_;
  }
}

bool Decoder::Take(Bit& bit) {
  const uint32_t bound = Bound(range_, bit);
  const bool value = code_ >= bound;
  if (value) {
    code_ -= bound;
    range_ -= bound;
  } else {
    range_ = bound;
  }
  bit.Learn(value);
  Normalise();
  return value;
}

uint32_t Decoder::TakeEven(uint32_t bits) {
  uint32_t value = 0;
  while (bits-- > 0) {
    range_ >>= 1;
    const bool bit = code_ >= range_;
    if (bit) code_ -= range_;
    value = value * 2 + bit;
    Normalise();
  }
  return value;
}

uint64_t Decoder::Take(Number& model) {
  uint32_t size = 0;
  while (size < kMaxSize && Take(model.size[size])) ++size;
  uint64_t shifted = 1;
  uint32_t context = 1;
  uint32_t rest = size;
  while (rest > 0 && context < (1u << Number::kLeading)) {
    const bool bit = Take(model.leading[size][context]);
    context = context * 2 + bit;
    shifted = shifted * 2 + bit;
    --rest;
  }
  if (rest > 16) {
    shifted = (shifted << (rest - 16)) | TakeEven(rest - 16);
    rest = 16;
  }
  shifted = (shifted << rest) | TakeEven(rest);
  return shifted - 1;
}

int64_t Decoder::TakeSigned(Number& model) { return Unfolded(Take(model)); }

}  // namespace twinning::text
