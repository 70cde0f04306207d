// What a failure of SQLite is called: one sentence that names the file, what was kept and the next
// step.
#pragma once

#include <SQLiteCpp/Exception.h>

#include <string_view>

#include "absl/status/status.h"

namespace twinning::sqlite {

// Full disk: ResourceExhausted. Damage, not a database: DataLoss. Locked, I/O, permission:
// Unavailable. A constraint: AlreadyExists. Anything else is ours: Internal.
absl::Status StatusOf(const SQLite::Exception& exception, std::string_view path);

// ResourceExhausted.
absl::Status DiskFull(std::string_view path);

// A COMMIT that failed: Unknown.
absl::Status UnknownCommit(std::string_view path, std::string_view why);

}  // namespace twinning::sqlite
