#include "client/app/ticket.h"

#include <utility>

#include "client/app/secret.h"

namespace twinning::app {

Ticket::Ticket(std::string secret, int64_t now_ms)
    : secret_(std::move(secret)), ends_ms_(now_ms + kLifeMs) {}

bool Ticket::Use(std::string_view given, int64_t now_ms) {
  return IsSameSecret(given, secret_) && now_ms < ends_ms_ && !used_.exchange(true);
}

}  // namespace twinning::app
