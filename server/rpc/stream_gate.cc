#include "server/rpc/stream_gate.h"

#include "common/crypto/ed25519.h"

namespace twinning::server {

StreamGate::StreamGate(const std::optional<std::string>& peer_key, const RevokedList& revoked)
    : revoked_(&revoked) {
  if (peer_key) peer_ = ReplicaOfKey(*peer_key);
}

std::optional<v1::CloseReason> StreamGate::Objection(const v1::ClientMessage& message) {
  if (!message.has_hello()) {
    return greeted_ ? std::nullopt : std::optional(v1::PROTOCOL_VIOLATION);
  }
  const v1::Hello& hello = message.hello();
  std::optional<LedgerId> ledger = LedgerId::Of(hello.ledger());
  if (!peer_ || !ledger || hello.replica() != peer_->bytes()) {
    return v1::UNKNOWN_PARTNERSHIP;
  }
  if (revoked_->Contains(*ledger, *peer_)) return v1::REVOKED;
  greeted_ = true;
  return std::nullopt;
}

}  // namespace twinning::server
