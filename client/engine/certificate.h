// A replica's certificate for its server: what it is good for now, and how the next one comes. Work
// never waits for it: without one the replica reads and writes, and only syncing has to wait.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "client/replica/replica.h"

namespace twinning::client {

struct CertificateStanding {
  enum State {
    kGood,
    kDue,     // two thirds of its life are over: the next sync brings another
    kEnding,  // less than 30 days are left, so renewing has not worked: people should look
    kEnded,   // or none that fits the key: only the key itself can get another
  } state = kEnded;
  int64_t until_ms = 0;  // 0: there is none
  std::string sentence;  // for people, with what their clock says; empty when kGood or kDue
};
CertificateStanding CertificateOf(const Replica& replica, int64_t now_ms);

// Gets another certificate, by the one that is still good or else by the key, and keeps it: the
// replica has the old one or the new one, whole, whenever it is cut short. Blocks for `deadline_ms`
// at most. Errors are sentences for people; nothing has changed then.
absl::Status Renew(Replica& replica, int64_t deadline_ms);

// Takes the replica to the server that the code names, with key, history and outbox: after the
// server has moved, or when its certificate ended too long ago. The code's secret is used only when
// the key alone is not enough. As Renew; InvalidArgument for what is no code.
absl::Status Rehome(Replica& replica, const std::string& code, int64_t deadline_ms);

}  // namespace twinning::client
