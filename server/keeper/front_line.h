// The way of answers to one life of the front. Whoever answers does not wait: the keeper's thread
// sends.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "server/door/socket.h"
#include "server/front/message.h"

namespace twinning::server {

// Wakes the keeper's thread. Safe from any thread.
class WakeUp {
 public:
  WakeUp();
  void Ring() const;
  void Clear() const;
  int fd() const { return fd_.get(); }

 private:
  OwnedFd fd_;
};

// Safe from any thread. Bounded by the calls that are open.
class FrontLine {
 public:
  explicit FrontLine(std::shared_ptr<WakeUp> wake) : wake_(std::move(wake)) {}

  void Opened();
  void Answer(uint64_t call, const absl::StatusOr<std::string>& answer);
  size_t open() const;  // calls without an answer

  // The next to be sent stays the next until Sent.
  std::optional<FrontMessage> Next() const;
  void Sent();

 private:
  const std::shared_ptr<WakeUp> wake_;
  mutable std::mutex mutex_;  // over all below
  size_t open_ = 0;
  std::deque<FrontMessage> answers_;
};

// The answer to one call: the first counts, and one that is forgotten is answered too.
class FrontReply {
 public:
  FrontReply(std::shared_ptr<FrontLine> line, uint64_t call);
  ~FrontReply();
  FrontReply(const FrontReply&) = delete;
  FrontReply& operator=(const FrontReply&) = delete;

  // The bytes of the response, or why there is none.
  void Give(const absl::StatusOr<std::string>& answer);

 private:
  std::shared_ptr<FrontLine> line_;  // none: given
  std::mutex mutex_;
  const uint64_t call_;
};

}  // namespace twinning::server
