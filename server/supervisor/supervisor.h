// Tells the service manager that started this process how it is: that it serves, that it is alive,
// that it is stopping. The protocol is the datagrams that sd_notify(3) describes; it is written out
// here because libsystemd would bring four more libraries into a process that strangers talk to.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace twinning::server {

// Safe from any thread. Says nothing where nobody listens.
class Supervisor {
 public:
  // By NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  static Supervisor OfEnvironment();

  Supervisor() = default;
  // `socket` is a path, or begins with @ for an abstract one; empty: nobody listens.
  Supervisor(std::string socket, std::optional<std::chrono::microseconds> patience)
      : socket_(std::move(socket)), patience_(patience) {}

  void Ready(std::string_view status) const;
  void Alive() const;
  void Stopping() const;

  // How often Alive must be said at least, with room to spare; none: it need not be.
  std::optional<std::chrono::milliseconds> AliveEvery() const;

 private:
  void Say(std::string_view message) const;

  std::string socket_;
  std::optional<std::chrono::microseconds> patience_;  // after which it takes us for dead
};

}  // namespace twinning::server
