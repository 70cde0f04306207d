// The directory of a replica: what its files are called, and the ones beside the database.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/crypto/ed25519.h"

namespace twinning::client {

// Where things are in a replica's directory.
struct Directory {
  explicit Directory(std::string where) : path(std::move(where)) {}

  std::string database() const { return path + "/replica.db"; }
  std::string key() const { return path + "/key"; }
  std::string sync_lock() const { return path + "/sync.lock"; }
  std::string wake() const { return path + "/wake"; }
  std::string applied() const { return path + "/applied"; }

  std::string path;
};

// The directory, 0700, and the two files that are only touched. May be there already.
absl::Status MakeDirectory(const Directory& directory);

// Durable before it returns; a key that is there already is left as it is, and AlreadyExists said
// when it is another one.
absl::Status KeepKey(const Directory& directory, const SigningKey& key);
// NotFound when there is none, DataLoss when it is damaged.
absl::StatusOr<SigningKey> ReadKey(const Directory& directory);

// An empty file that only its owner may read; kept when it is there already.
absl::Status MakePrivateFile(const std::string& path);
// Wakes whoever watches the file. Best effort: nobody may be watching.
void Touch(const std::string& path);

}  // namespace twinning::client
