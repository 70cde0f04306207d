// Whether a ledger holds together: every entry from the first on, its chains, its signatures, and
// the plan that they make. Reads only.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "server/ledger/ledger.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::server {

// DataLoss, naming partnership and sequence, at the first entry that does not follow.
absl::StatusOr<v1::Verified> VerifyPartnership(Ledger& ledger, const Partnership& partnership);

// All of them; `seen` may end it by an error.
absl::Status VerifyAll(Ledger& ledger,
                       const std::function<absl::Status(const v1::Verified&)>& seen);

// A database file that no server has open, a backup for example: SQLite's own check, then
// VerifyAll.
absl::StatusOr<std::vector<v1::Verified>> VerifyFile(const std::string& path);

}  // namespace twinning::server
