#include "common/ledger/continuing.h"

namespace twinning::ledger {
namespace {

std::string Message(const LedgerId& ledger, std::string_view new_public_key) {
  std::string message("twinning.continue.v1");
  message.push_back('\0');
  message.append(ledger.bytes());
  message.append(new_public_key);
  return message;
}

}  // namespace

std::string SignContinuing(const SigningKey& key, const LedgerId& ledger,
                           std::string_view new_public_key) {
  return key.Sign(Message(ledger, new_public_key));
}

bool VerifyContinuing(std::string_view public_key, const LedgerId& ledger,
                      std::string_view new_public_key, std::string_view signature) {
  return VerifySignature(public_key, Message(ledger, new_public_key), signature);
}

}  // namespace twinning::ledger
