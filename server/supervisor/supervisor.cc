#include "server/supervisor/supervisor.h"

#include <fmt/core.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "server/log/log.h"

namespace twinning::server {
namespace {

using std::chrono::microseconds;

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::optional<int64_t> Number(const std::string& text) {
  int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

// What is meant for another process, such as the one that started us, is not for us.
bool IsForUs(const std::string& watchdog_pid) {
  return watchdog_pid.empty() || Number(watchdog_pid) == getpid();
}

bool Send(int fd, const std::string& path, std::string_view message) {
  sockaddr_un address{};
  if (path.size() >= sizeof(address.sun_path)) return false;
  address.sun_family = AF_UNIX;
  memcpy(address.sun_path, path.data(), path.size());
  if (path.front() == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  return sendto(fd, message.data(), message.size(), MSG_NOSIGNAL,
                reinterpret_cast<sockaddr*>(&address), size) >= 0;
}

}  // namespace

Supervisor Supervisor::OfEnvironment() {
  std::optional<microseconds> patience;
  if (std::optional<int64_t> usec = Number(Variable("WATCHDOG_USEC"));
      usec && IsForUs(Variable("WATCHDOG_PID"))) {
    patience = microseconds(*usec);
  }
  return Supervisor(Variable("NOTIFY_SOCKET"), patience);
}

void Supervisor::Ready(std::string_view status) const {
  Say(fmt::format("READY=1\nSTATUS={}", status));
}

void Supervisor::Alive() const {
  if (patience_) Say("WATCHDOG=1");
}

void Supervisor::Stopping() const { Say("STOPPING=1"); }

std::optional<std::chrono::milliseconds> Supervisor::AliveEvery() const {
  if (!patience_) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(*patience_ / 3);
}

void Supervisor::Say(std::string_view message) const {
  if (socket_.empty()) return;
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || !Send(fd, socket_, message)) {
    LogWarning(fmt::format("the service manager could not be told: {}", strerror(errno)));
  }
  if (fd >= 0) close(fd);
}

}  // namespace twinning::server
