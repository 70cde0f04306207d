#include "server/enrolment/challenge.h"

#include "common/base/bytes.h"
#include "common/crypto/sha256.h"
#include "server/enrolment/random.h"

namespace twinning::server {
namespace {

constexpr size_t kSecretSize = 32;
constexpr size_t kTimeSize = 8;

}  // namespace

Challenges::Challenges() : secret_(RandomBytes(kSecretSize)) {}

std::string Challenges::Sealed(std::string_view until) const {
  std::string message = secret_;
  message.append(until);
  std::string challenge(until);
  challenge.append(HashOf("twinning.challenge.v1", message).bytes());
  return challenge;
}

std::string Challenges::Make(int64_t now_ms) const {
  std::string until;
  AppendFixed64(static_cast<uint64_t>(now_ms + kChallengeLife_ms), until);
  return Sealed(until);
}

bool Challenges::Holds(std::string_view challenge, int64_t now_ms) const {
  if (challenge.size() < kTimeSize || Sealed(challenge.substr(0, kTimeSize)) != challenge) {
    return false;
  }
  uint64_t until = 0;
  for (unsigned char byte : challenge.substr(0, kTimeSize)) until = until << 8 | byte;
  const int64_t left_ms = static_cast<int64_t>(until) - now_ms;
  return left_ms >= 0 && left_ms <= kChallengeLife_ms;
}

}  // namespace twinning::server
