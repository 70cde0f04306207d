// Who may administer this server from another machine, by the key of their certificate, in a file
// of the data directory that is only ever added to. One line each:
//
//   added KEY TIME NAME        a name's key from then on; the one it had before counts no more
//   withdrawn KEY TIME NAME
//
// KEY in hex, TIME in milliseconds since 1970. A restore of the database does not touch it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace twinning::server {

struct Operator {
  std::string name;
  std::string key;  // Ed25519 public key
  int64_t added_ms = 0;
  int64_t withdrawn_ms = 0;  // 0: not
};

// Safe from any thread.
class OperatorList {
 public:
  // None is an empty list. DataLoss when a line is not one, but for a last one that power loss cut
  // short: that was never reported as done.
  static absl::StatusOr<std::unique_ptr<OperatorList>> Open(const std::string& path);

  // Durable before it returns. A name that has this key already changes nothing. InvalidArgument
  // for a name that is not one line of 1 to 100 bytes; AlreadyExists when the key is or was another
  // operator's.
  absl::Status Add(const std::string& name, const std::string& key, int64_t now_ms);
  // NotFound when nobody is called so, or has been withdrawn before.
  absl::StatusOr<Operator> Withdraw(const std::string& name, int64_t now_ms);

  // Whose key it is now; none: nobody's who may administer.
  std::optional<std::string> NameOf(std::string_view key) const;
  std::vector<Operator> all() const;  // by when they were added

 private:
  explicit OperatorList(std::string path) : path_(std::move(path)) {}
  absl::Status Take(std::string_view line);
  absl::Status Write(std::string_view what, const Operator& one, int64_t time_ms);
  void End(const std::string& name, int64_t now_ms);
  Operator* Find(const std::string& name);  // not withdrawn

  const std::string path_;
  mutable std::mutex mutex_;  // over all below
  std::vector<Operator> all_;
};

}  // namespace twinning::server
