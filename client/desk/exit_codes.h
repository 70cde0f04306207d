// What `twinning` answers its caller with, and how an absl::Status becomes one of these. Scripts
// depend on the numbers: they are never reused.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "twinning/v1/change.pb.h"

namespace twinning::desk {

enum class ExitCode {
  kDone = 0,
  kUsage = 2,     // no such command or option, a word too many or too few
  kBadInput = 3,  // unknown kind, field or id, a value that does not fit, an ambiguous abbreviation
  kRefused = 4,  // the plan's own answer: no right, open conflict, settled already, deleted, signed
  kReplica = 5,  // no replica there, a damaged one, one of a newer version
  kNetwork = 6,  // the server cannot be reached or does not let us in
  kDisk = 7,     // could not be written: disk full, no permission
  kInternal = 8,  // a bug of ours
};

// A failure on its way to the person. Each message is whole sentences.
absl::Status BadInput(std::string_view message);
absl::Status Refused(std::string_view message,
                     v1::RefusalReason reason = v1::REFUSAL_REASON_UNSPECIFIED);

// The same status, to be answered with `code` whatever its own code is.
absl::Status Answered(ExitCode code, const absl::Status& status);
// What came from opening, reading or writing the replica: its operating failures are the disk's or
// the replica's, its bad inputs stay bad inputs.
absl::Status FromReplica(const absl::Status& status);

ExitCode CodeOf(const absl::Status& status);
// Which of the plan's rules a refusal came from; unspecified when that was not said.
v1::RefusalReason ReasonOf(const absl::Status& status);
// "refused", for --json.
std::string_view NameOf(ExitCode code);

}  // namespace twinning::desk
