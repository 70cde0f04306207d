// What may be asked of a server's enrolment: a key becomes a replica of a partnership, or gets a
// new certificate.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "client/replica/replica.h"
#include "client/rpc/channel.h"
#include "common/crypto/ed25519.h"
#include "twinning/v1/enrolment.pb.h"

namespace twinning::client {

// Each blocks, for `deadline_ms` at most. Unavailable when the server cannot be reached or is not
// the right one, FailedPrecondition when it refuses, DataLoss when its answer does not fit the key;
// the messages are whole sentences for people.

// Redeems the invitation for `key`; the same key may do so again. The secret is sent to nobody but
// the server that the code names.
absl::StatusOr<Identity> Enrol(const v1::Invitation& invitation, const SigningKey& key,
                               const std::string& member, int64_t deadline_ms);

// This copy of a replica is enrolled with `fresh`, the key that it is to have; the same key may do so
// again.
absl::StatusOr<v1::ContinueResponse> EnrolCopy(const Replica& replica, const SigningKey& fresh,
                                               int64_t deadline_ms);

// A new certificate, shown the one that is still good.
absl::StatusOr<v1::Certification> RenewByCertificate(const Replica& replica, int64_t deadline_ms);
// A new certificate by the key alone, where people join; at the replica's server, or at another
// that holds the same ledger.
absl::StatusOr<v1::Certification> RenewByKey(const Replica& replica, int64_t deadline_ms);
absl::StatusOr<v1::Certification> RenewAt(const Replica& replica, const std::string& address,
                                          Trusted trusted, int64_t deadline_ms);
// The same with an invitation, for a key that is not known there or was away for too long. Only one
// for the replica's own ledger and town is used up by it.
absl::StatusOr<v1::Certification> EnrolAgain(const v1::Invitation& invitation,
                                             const Replica& replica, int64_t deadline_ms);

}  // namespace twinning::client
