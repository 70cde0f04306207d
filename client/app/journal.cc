#include "client/app/journal.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace twinning::app {

void Journal::Add(std::string name, std::string data) {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (closed_) return;
    bytes_ += data.size();
    events_.push_back({++last_, std::move(name), std::move(data)});
    while (events_.size() > kKept || (bytes_ > kBytesKept && events_.size() > 1)) {
      bytes_ -= events_.front().data.size();
      events_.pop_front();
    }
  }
  changed_.notify_all();
}

void Journal::Close() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool Journal::closed() const {
  std::lock_guard<std::mutex> guard(mutex_);
  return closed_;
}

std::string Journal::IdOf(uint64_t number) const { return start_ + "-" + std::to_string(number); }

std::optional<uint64_t> Journal::NumberIn(std::string_view id) const {
  if (!id.starts_with(start_ + "-")) return std::nullopt;
  id.remove_prefix(start_.size() + 1);
  uint64_t number = 0;
  auto parsed = std::from_chars(id.data(), id.data() + id.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != id.data() + id.size()) return std::nullopt;
  std::lock_guard<std::mutex> guard(mutex_);
  const uint64_t before_first = last_ - events_.size();
  if (number < before_first || number > last_) return std::nullopt;
  return number;
}

uint64_t Journal::last() const {
  std::lock_guard<std::mutex> guard(mutex_);
  return last_;
}

std::vector<Event> Journal::After(uint64_t number, int64_t wait_ms) const {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(wait_ms),
                    [&] { return closed_ || last_ > number; });
  const size_t missing = static_cast<size_t>(last_ > number ? last_ - number : 0);
  const size_t count = std::min(missing, events_.size());
  return {events_.end() - static_cast<std::ptrdiff_t>(count), events_.end()};
}

}  // namespace twinning::app
