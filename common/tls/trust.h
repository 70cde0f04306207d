// Whether a peer's certificates lead to an authority that is trusted. Pure: the time comes from
// outside, in milliseconds since 1970.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/tls/certificate.h"

namespace twinning::tls {

// What a certificate may be used for; one for the one is never taken for the other.
enum class Use { kServer, kReplica };

// OK when `chain` (the peer's own certificate first, then any that help) leads to one of
// `authorities` and is for `use`, a server's one with kServerName in it. The peer's own validity is
// not looked at, so that a caller can be lenient and say precisely what is wrong: see CheckTime;
// the others' must reach into it. PermissionDenied otherwise, with the reason.
absl::Status CheckChain(const std::vector<Certificate>& chain,
                        const std::vector<Certificate>& authorities, Use use);

// OK within the validity and `grace_ms` after it. FailedPrecondition otherwise, a sentence that
// says what the clock says, because that is as often the cause. `whose`: "The server's
// certificate".
absl::Status CheckTime(const Certificate& certificate, const std::string& whose, int64_t now_ms,
                       int64_t grace_ms);

// The certificates of `chain` whose key has this fingerprint: an authority may come as signed by itself
// and by the one before it.
std::vector<Certificate> WithFingerprint(const std::vector<Certificate>& chain,
                                         const Hash& fingerprint);

}  // namespace twinning::tls
