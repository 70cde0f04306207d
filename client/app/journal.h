// What has happened since the program started, for pages that listen: events with ids by which a
// page that was cut off goes on where it was. Bounded: who comes back too late is told to look at
// everything anew. Safe from any thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twinning::app {

struct Event {
  uint64_t number = 0;  // 1, 2, 3 ... without gaps
  std::string name;     // "changed", "text", "status"
  std::string data;     // one line of JSON
};

class Journal {
 public:
  static constexpr size_t kKept = 4096;
  static constexpr size_t kBytesKept = 8 * 1024 * 1024;

  // `start` tells this program's run from earlier ones.
  explicit Journal(std::string start) : start_(std::move(start)) {}

  void Add(std::string name, std::string data);
  // No more is added; everybody who waits is let go.
  void Close();
  bool closed() const;

  // The id that a page names to go on after event `number`.
  std::string IdOf(uint64_t number) const;
  // The number in such an id: none when it is of another run or no longer kept.
  std::optional<uint64_t> NumberIn(std::string_view id) const;
  uint64_t last() const;

  // Events after `number`, waited for as long as `wait_ms`; none when nothing happened. Events that
  // are no longer kept are passed over: NumberIn says beforehand whether they are there.
  std::vector<Event> After(uint64_t number, int64_t wait_ms) const;

 private:
  const std::string start_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::deque<Event> events_;
  size_t bytes_ = 0;
  uint64_t last_ = 0;
  bool closed_ = false;
};

}  // namespace twinning::app
