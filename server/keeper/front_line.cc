#include "server/keeper/front_line.h"

#include <sys/eventfd.h>

#include <utility>

#include "common/base/status.h"

namespace twinning::server {

WakeUp::WakeUp() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void WakeUp::Ring() const { eventfd_write(fd_.get(), 1); }

void WakeUp::Clear() const {
  eventfd_t count = 0;
  eventfd_read(fd_.get(), &count);
}

void FrontLine::Opened() {
  std::lock_guard lock(mutex_);
  ++open_;
}

void FrontLine::Answer(uint64_t call, const absl::StatusOr<std::string>& answer) {
  {
    std::lock_guard lock(mutex_);
    --open_;
    answers_.push_back({FrontMessage::kAnswer, call, EncodeAnswer(answer)});
  }
  wake_->Ring();
}

size_t FrontLine::open() const {
  std::lock_guard lock(mutex_);
  return open_;
}

std::optional<FrontMessage> FrontLine::Next() const {
  std::lock_guard lock(mutex_);
  if (answers_.empty()) return std::nullopt;
  return answers_.front();
}

void FrontLine::Sent() {
  std::lock_guard lock(mutex_);
  answers_.pop_front();
}

FrontReply::FrontReply(std::shared_ptr<FrontLine> line, uint64_t call)
    : line_(std::move(line)), call_(call) {
  line_->Opened();
}

FrontReply::~FrontReply() { Give(Unavailable("the server is shutting down: try again")); }

void FrontReply::Give(const absl::StatusOr<std::string>& answer) {
  std::shared_ptr<FrontLine> line;
  {
    std::lock_guard lock(mutex_);
    line = std::exchange(line_, nullptr);
  }
  if (line != nullptr) line->Answer(call_, answer);
}

}  // namespace twinning::server
