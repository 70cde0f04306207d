// Puts a database in the place of a server's, from a backup or from one replica's directory. The
// server must not run. What was there goes aside; whenever this is cut short, kill -9 included, the
// server opens with the old state or the new one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::server {

struct Restored {
  std::vector<v1::Verified> partnerships;
  std::vector<std::string> left_out;  // names of those that were there and are not in the backup
};

// The backup is checked whole first. Every partnership in it begins a recovery, and invitations
// that had not been used are withdrawn: nobody knows which of them were used since. AlreadyExists
// while a server runs; DataLoss when the backup is damaged: nothing was changed then.
absl::StatusOr<Restored> Restore(const std::string& file, const std::string& data, int64_t now_ms);

// Puts the partnership of a replica's directory on a server, with every entry that it holds and a
// recovery begun; other partnerships of that server stay. AlreadyExists when it is there;
// FailedPrecondition when the replica does not hold the whole history.
absl::StatusOr<v1::Verified> Rebuild(const std::string& replica, const std::string& data);

}  // namespace twinning::server
