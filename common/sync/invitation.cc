#include "common/sync/invitation.h"

#include <optional>

#include "common/base/status.h"

namespace twinning::sync {
namespace {

constexpr std::string_view kPrefix = "twin1";
constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";  // RFC 4648
constexpr size_t kChecksumSize = 4;
constexpr size_t kMaxCode = 1024;

std::string Base32(std::string_view bytes) {
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (unsigned char byte : bytes) {
    bits = (bits << 8) | byte;
    count += 8;
    while (count >= 5) out.push_back(kAlphabet[(bits >> (count -= 5)) & 31]);
  }
  if (count > 0) out.push_back(kAlphabet[(bits << (5 - count)) & 31]);
  return out;
}

std::optional<std::string> BytesOfBase32(std::string_view letters) {
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (char letter : letters) {
    size_t value = kAlphabet.find(letter);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 5) | static_cast<uint32_t>(value);
    count += 5;
    if (count >= 8) out.push_back(static_cast<char>((bits >> (count -= 8)) & 255));
  }
  return out;
}

// Mail programs break lines, people read out in capitals and groups.
std::string Tidied(std::string_view code) {
  std::string out;
  for (char letter : code) {
    if (letter == ' ' || letter == '-' || letter == '\n' || letter == '\r' || letter == '\t') {
      continue;
    }
    out.push_back(letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter);
  }
  return out;
}

std::string Checksum(std::string_view message) {
  return std::string(HashOf("twinning.invitation.v1", message).bytes().substr(0, kChecksumSize));
}

// The domain keeps a key from signing anything else by these bytes.
std::string Message(std::string_view domain, std::string_view bytes) {
  std::string message(domain);
  message.push_back('\0');
  message.append(bytes);
  return message;
}

constexpr std::string_view kEnrolment = "twinning.enrolment.v1";
constexpr std::string_view kRenewal = "twinning.renewal.v1";

}  // namespace

std::string FormatInvitation(const v1::Invitation& invitation) {
  std::string message = invitation.SerializeAsString();
  return std::string(kPrefix) + Base32(Checksum(message) + message);
}

absl::StatusOr<v1::Invitation> ParseInvitation(std::string_view code) {
  if (code.size() > kMaxCode) return InvalidArgument("this is too long for an invitation code");
  std::string tidied = Tidied(code);
  if (!tidied.starts_with(kPrefix)) {
    return InvalidArgument("this is not an invitation code: they begin with \"twin1\"");
  }
  std::optional<std::string> bytes = BytesOfBase32(std::string_view(tidied).substr(kPrefix.size()));
  v1::Invitation invitation;
  if (!bytes || bytes->size() <= kChecksumSize ||
      Checksum(std::string_view(*bytes).substr(kChecksumSize)) != bytes->substr(0, kChecksumSize)) {
    return InvalidArgument(
        "this invitation code is incomplete or mistyped: copy it again, all of it");
  }
  if (!invitation.ParseFromString(bytes->substr(kChecksumSize)) ||
      (!invitation.secret().empty() && invitation.secret().size() != kSecretSize) ||
      (!invitation.ledger().empty() &&
       (!LedgerId::Of(invitation.ledger()) || invitation.secret().empty())) ||
      invitation.address().empty() || !Hash::Of(invitation.fingerprint())) {
    return InvalidArgument("this invitation code is of a version that this program does not know");
  }
  return invitation;
}

SigningKey InvitationKey(std::string_view secret) {
  return *SigningKey::OfSeed(HashOf("twinning.invitation-key.v1", secret).bytes());
}

Hash SecretHash(std::string_view secret) { return HashOf("twinning.secret.v1", secret); }

std::string ProveKey(const SigningKey& key, std::string_view secret) {
  return key.Sign(Message(kEnrolment, secret));
}

bool CheckProof(std::string_view public_key, std::string_view secret, std::string_view proof) {
  return VerifySignature(public_key, Message(kEnrolment, secret), proof);
}

std::string ProveRenewal(const SigningKey& key, std::string_view challenge) {
  return key.Sign(Message(kRenewal, challenge));
}

bool CheckRenewal(std::string_view public_key, std::string_view challenge, std::string_view proof) {
  return VerifySignature(public_key, Message(kRenewal, challenge), proof);
}

}  // namespace twinning::sync
