// Adaptive binary arithmetic coding of numbers: what each bit cost depends on how often it was
// seen.
#ifndef TWINNING_COMMON_TEXT_CODER_H_
#define TWINNING_COMMON_TEXT_CODER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace twinning::text {

// The chance of a zero bit, learnt at two speeds.
class Bit {
 public:
  uint32_t Chance() const { return (uint32_t{fast_} + slow_) >> 5; }  // of 4096, never 0 or 4096
  void Learn(bool bit) {
    fast_ = static_cast<uint16_t>(bit ? fast_ - (fast_ >> 4) : fast_ + ((65535 - fast_) >> 4));
    slow_ = static_cast<uint16_t>(bit ? slow_ - (slow_ >> 7) : slow_ + ((65535 - slow_) >> 7));
  }

 private:
  uint16_t fast_ = 32768;
  uint16_t slow_ = 32768;
};

// A number from 0: how many bits it has, then its leading bits, are learnt.
struct Number {
  static constexpr uint32_t kLeading = 3;
  std::array<Bit, 64> size;
  std::array<std::array<Bit, 1 << kLeading>, 40> leading;
};

class Encoder {
 public:
  void Put(Bit& bit, bool value);
  void Put(Number& model, uint64_t value);  // below 2^39
  void PutSigned(Number& model, int64_t value);
  // Ends the stream and returns it.
  std::string Finish();

 private:
  void PutEven(uint32_t value, uint32_t bits);
  void Shift();

  uint64_t low_ = 0;
  uint32_t range_ = 0xFFFFFFFF;
  uint8_t held_ = 0;
  uint64_t held_count_ = 0;
  bool started_ = false;
  std::string out_;
};

// Behind the end of the stream it reads zeros and says so: any bytes decode to something.
class Decoder {
 public:
  explicit Decoder(std::string_view in);
  bool Take(Bit& bit);
  uint64_t Take(Number& model);
  int64_t TakeSigned(Number& model);
  // Whether more was read than there was.
  bool Overrun() const { return overrun_ > 0; }

 private:
  uint32_t TakeEven(uint32_t bits);
  void Normalise();

  std::string_view in_;
  size_t next_ = 0;
  size_t overrun_ = 0;
  uint32_t range_ = 0xFFFFFFFF;
  uint32_t code_ = 0;
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_CODER_H_
