#include "common/ledger/joining.h"

namespace twinning::ledger {
namespace {

constexpr std::string_view kContinuing = "twinning.continue.v1";
constexpr std::string_view kInvited = "twinning.invited.v1";

std::string Message(std::string_view domain, const LedgerId& ledger,
                    std::string_view new_public_key) {
  std::string message(domain);
  message.push_back('\0');
  message.append(ledger.bytes());
  message.append(new_public_key);
  return message;
}

}  // namespace

std::string SignContinuing(const SigningKey& key, const LedgerId& ledger,
                           std::string_view new_public_key) {
  return key.Sign(Message(kContinuing, ledger, new_public_key));
}

bool VerifyContinuing(std::string_view public_key, const LedgerId& ledger,
                      std::string_view new_public_key, std::string_view signature) {
  return VerifySignature(public_key, Message(kContinuing, ledger, new_public_key), signature);
}

std::string SignInvited(const SigningKey& invitation, const LedgerId& ledger,
                        std::string_view new_public_key) {
  return invitation.Sign(Message(kInvited, ledger, new_public_key));
}

bool VerifyInvited(std::string_view invitation_key, const LedgerId& ledger,
                   std::string_view new_public_key, std::string_view signature) {
  return VerifySignature(invitation_key, Message(kInvited, ledger, new_public_key), signature);
}

}  // namespace twinning::ledger
