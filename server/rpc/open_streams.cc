#include "server/rpc/open_streams.h"

#include "server/rpc/sync_stream.h"

namespace twinning::server {

void OpenStreams::Add(const ReplicaId& replica, std::weak_ptr<SyncStream> stream) {
  std::lock_guard lock(mutex_);
  streams_[replica].push_back(std::move(stream));
}

void OpenStreams::Remove(const ReplicaId& replica) {
  std::lock_guard lock(mutex_);
  auto found = streams_.find(replica);
  if (found == streams_.end()) return;
  std::erase_if(found->second, [](const auto& stream) { return stream.expired(); });
  if (found->second.empty()) streams_.erase(found);
}

void OpenStreams::Cut(const ReplicaId& replica, v1::CloseReason reason) {
  std::vector<std::weak_ptr<SyncStream>> cut;
  {
    std::lock_guard lock(mutex_);
    auto found = streams_.find(replica);
    if (found != streams_.end()) cut = found->second;
  }
  for (const std::weak_ptr<SyncStream>& one : cut) {
    if (std::shared_ptr<SyncStream> stream = one.lock()) stream->ShutOut(reason);
  }
}

size_t OpenStreams::count() const {
  std::lock_guard lock(mutex_);
  size_t count = 0;
  for (const auto& [replica, streams] : streams_) count += streams.size();
  return count;
}

}  // namespace twinning::server
