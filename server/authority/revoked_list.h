// Whom this server has shut out, in a file beside its authority: a restore of the database does not
// bring them back. One line each, only ever added to: "LEDGER REPLICA TIME", in hex and
// milliseconds.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/ids.h"

namespace twinning::server {

struct Revoked {
  LedgerId ledger;
  ReplicaId replica;
  int64_t time_ms = 0;
};

// Safe from any thread.
class RevokedList {
 public:
  // None is an empty list. DataLoss when a line is not one, but for a last one that power loss cut
  // short: that was never reported as done.
  static absl::StatusOr<std::unique_ptr<RevokedList>> Open(const std::string& path);

  // Durable before it returns; adding twice changes nothing.
  absl::Status Add(const Revoked& revoked);
  bool Contains(const LedgerId& ledger, const ReplicaId& replica) const;
  std::vector<Revoked> all() const;

 private:
  explicit RevokedList(std::string path) : path_(std::move(path)) {}
  absl::Status Take(std::string_view line);
  void Take(const Revoked& revoked);

  const std::string path_;
  mutable std::mutex mutex_;  // over all below
  std::vector<Revoked> all_;
  std::set<std::pair<LedgerId, ReplicaId>> known_;
};

}  // namespace twinning::server
