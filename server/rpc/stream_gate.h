// Whether a stream may say what it says: its hello names the replica whose key the connection was
// made with, and nothing comes before. What replicas may do in a partnership is judged behind it.
#pragma once

#include <optional>
#include <string>

#include "server/authority/revoked_list.h"
#include "twinning/v1/sync.pb.h"

namespace twinning::server {

// For one stream; for one thread at a time.
class StreamGate {
 public:
  // `peer_key`: none when the connection has proved no key; then nothing may be said.
  StreamGate(const std::optional<std::string>& peer_key, const RevokedList& revoked);

  // The replica at the other end, as the connection proved it.
  const std::optional<ReplicaId>& peer() const { return peer_; }

  // None: it may. Unknown and forbidden are one answer.
  std::optional<v1::CloseReason> Objection(const v1::ClientMessage& message);

 private:
  std::optional<ReplicaId> peer_;
  const RevokedList* revoked_;
  bool greeted_ = false;
};

}  // namespace twinning::server
