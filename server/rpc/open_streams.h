// The streams that are open, by replica, so that one can be cut without asking anybody.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "common/base/ids.h"
#include "twinning/v1/sync.pb.h"

namespace twinning::server {

class SyncStream;

// Safe from any thread.
class OpenStreams {
 public:
  void Add(const ReplicaId& replica, std::weak_ptr<SyncStream> stream);
  // Forgets those of the replica that have ended.
  void Remove(const ReplicaId& replica);

  // Says Closing with the reason on each of the replica's streams and ends it, within a few seconds
  // even when the peer reads nothing.
  void Cut(const ReplicaId& replica, v1::CloseReason reason);

  size_t count() const;

 private:
  mutable std::mutex mutex_;
  std::map<ReplicaId, std::vector<std::weak_ptr<SyncStream>>> streams_;
};

}  // namespace twinning::server
