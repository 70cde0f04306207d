// Becoming a member: from an invitation code to a replica on disk with the plan in it.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/engine/progress.h"
#include "client/replica/replica.h"

namespace twinning::client {

// A key that nobody else has. Internal when the system has no randomness.
absl::StatusOr<SigningKey> MakeKey();

struct JoinRequest {
  std::string code;
  std::string directory;         // made when it is not there
  std::string member;            // the person's name, as the other towns will see it
  int64_t deadline_ms = 30'000;  // given up when nothing has moved for so long
  OnProgress on_progress;        // may be empty
};

// Makes the key and keeps it on disk, enrols it, makes the replica and fetches the plan. Asked
// again after it was cut short anywhere, it goes on from there with the same key. AlreadyExists
// when the directory holds a replica that has joined and fetched its plan; InvalidArgument for a
// code that is none; Unavailable when the server cannot be reached: the message says what to do.
absl::StatusOr<std::unique_ptr<Replica>> Join(const JoinRequest& request);

}  // namespace twinning::client
