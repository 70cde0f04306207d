// Files that are there whole or not at all, power loss included: written under another name,
// synced, renamed, and the directory synced. For the owner only: 0600 in 0700.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace twinning::files {

// Errors are Unavailable and name the path and why; what was there before is there still.

// Puts `bytes` in place of whatever the file held.
absl::Status Write(const std::string& path, std::string_view bytes);
// As Write, but a file that is there already stays as it is: AlreadyExists.
absl::Status WriteNew(const std::string& path, std::string_view bytes);
// Adds to the end, synced before it returns. A power loss meanwhile may leave a part of `bytes`.
absl::Status Append(const std::string& path, std::string_view bytes);
// NotFound when there is none; ResourceExhausted when it is larger than `bytes_max`.
absl::StatusOr<std::string> Read(const std::string& path, size_t bytes_max);

// Makes the directory, 0700, its parent durable; it may be there already.
absl::Status MakeDirectory(const std::string& path);
// A directory made aside and put in its place with all that is in it; AlreadyExists when the place
// is taken.
absl::Status MoveDirectory(const std::string& from, const std::string& to);
// `link` names `target` from one moment to the next; `target` is relative to the link's directory.
absl::Status PointLink(const std::string& link, const std::string& target);
// Makes what a file holds durable.
absl::Status SyncFile(const std::string& path);
// Makes the names in a directory durable.
absl::Status SyncDirectory(const std::string& path);

}  // namespace twinning::files
