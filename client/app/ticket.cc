#include "client/app/ticket.h"

#include <openssl/crypto.h>

#include <utility>

namespace twinning::app {

Ticket::Ticket(std::string secret) : secret_(std::move(secret)) {}

bool Ticket::Use(std::string_view given) {
  // Takes the same time whatever was given.
  const bool same =
      given.size() == secret_.size() && CRYPTO_memcmp(given.data(), secret_.data(), given.size()) == 0;
  return same && !used_.exchange(true);
}

}  // namespace twinning::app
