// A replica's channels to its server.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/replica/replica.h"
#include "common/line/line.h"

namespace twinning::client {

using line::Clock;
using line::Line;
using line::MakeLine;
using line::NotReached;
using line::Objection;
using line::SentenceOf;
using line::Shown;
using line::SystemTime_ms;
using line::Trusted;

// The replica's certificate. FailedPrecondition, a sentence for people, when there is none that a
// server would take: it is for another key, damaged, not valid yet or ended too long ago.
absl::StatusOr<tls::Certificate> OwnCertificate(const Replica& replica, int64_t now_ms);

// A line on which the replica shows its certificate; as OwnCertificate when there is none.
absl::StatusOr<Line> LineOf(const Replica& replica, const Clock& clock = SystemTime_ms);

// The authorities that a replica trusts; those that cannot be read are left out.
std::vector<tls::Certificate> AuthoritiesOf(const v1::Certification& certification);

}  // namespace twinning::client
