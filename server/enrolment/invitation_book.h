// The invitations that this server has given out, in its database: known by the hash of their
// secret only, so that who reads the file cannot use them. And until when it has certified whom.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "common/crypto/sha256.h"
#include "common/sqlite/database.h"
#include "twinning/v1/change.pb.h"

namespace twinning::server {

struct Invited {
  Hash secret;
  LedgerId ledger;
  TownId town;
  v1::Role role = v1::REPRESENTATIVE;
  int64_t made_ms = 0;
  int64_t expires_ms = 0;
  std::string redeemed_key;  // empty: not yet
  std::string redeemed_by;   // the member's name
  int64_t redeemed_ms = 0;
  int64_t withdrawn_ms = 0;  // 0: not
};

// For one thread at a time, that of the ledger.
class InvitationBook {
 public:
  // `database` is of ServerFormat and must outlive it.
  explicit InvitationBook(sqlite::Database& database) : database_(database) {}

  absl::Status Add(const Hash& secret, const Invited& invited);
  absl::StatusOr<std::optional<Invited>> Find(const Hash& secret);
  // Latest first, at most `count`; of all partnerships when `ledger` is empty.
  absl::StatusOr<std::vector<Invited>> List(const LedgerId& ledger, size_t count);
  // Nobody can use it from now on. FailedPrecondition when it was used or withdrawn before.
  absl::Status Withdraw(const Hash& secret, int64_t now_ms);
  // The invitation is that key's from now on. FailedPrecondition when it is another's.
  absl::Status Redeem(const Hash& secret, const std::string& key, const std::string& member,
                      int64_t now_ms);

  // When the replica's last certificate ends; 0 when it never had one of this server.
  absl::StatusOr<int64_t> CertifiedUntil(const ReplicaId& replica);
  absl::Status NoteCertified(const ReplicaId& replica, int64_t until_ms);

 private:
  sqlite::Database& database_;
};

}  // namespace twinning::server
