#include "server/supervisor/supervisor.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

namespace twinning::server {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::Eq;
using testing::Optional;

// What a service manager has: a datagram socket, here with a name that the kernel picks.
class ServiceManager {
 public:
  ServiceManager() : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un any{};
    any.sun_family = AF_UNIX;
    bind(fd_, reinterpret_cast<sockaddr*>(&any), sizeof(any.sun_family));
    socklen_t size = sizeof(any);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&any), &size);
    name_ = "@" + std::string(any.sun_path + 1, size - offsetof(sockaddr_un, sun_path) - 1);
  }
  ~ServiceManager() { close(fd_); }

  const std::string& name() const { return name_; }
  std::string Heard() const {
    std::array<char, 256> buffer{};
    ssize_t size = recv(fd_, buffer.data(), buffer.size(), 0);
    return size < 0 ? "" : std::string(buffer.data(), static_cast<size_t>(size));
  }

 private:
  int fd_;
  std::string name_;
};

TEST(Supervisor, SaysWhatTheServiceManagerWaitsFor) {
  ServiceManager manager;
  Supervisor supervisor(manager.name(), microseconds(60'000'000));
  supervisor.Ready("listening");
  EXPECT_EQ(manager.Heard(), "READY=1\nSTATUS=listening");
  supervisor.Alive();
  EXPECT_EQ(manager.Heard(), "WATCHDOG=1");
  supervisor.Stopping();
  EXPECT_EQ(manager.Heard(), "STOPPING=1");
}

TEST(Supervisor, SaysThatItIsAliveThreeTimesInTheTimeAllowed) {
  EXPECT_THAT(Supervisor("@x", microseconds(60'000'000)).AliveEvery(),
              Optional(Eq(milliseconds(20'000))));
}

TEST(Supervisor, DoesNotSpeakOfBeingAliveUnlessAskedTo) {
  ServiceManager manager;
  Supervisor supervisor(manager.name(), std::nullopt);
  EXPECT_FALSE(supervisor.AliveEvery());
  supervisor.Alive();
  EXPECT_EQ(manager.Heard(), "");
}

TEST(Supervisor, IsSilentWithoutAServiceManager) {
  Supervisor nobody;
  nobody.Ready("listening");
  nobody.Stopping();
  EXPECT_FALSE(nobody.AliveEvery());
}

TEST(Supervisor, BearsAServiceManagerThatIsGone) {
  Supervisor("/nowhere/notify", microseconds(1)).Ready("listening");
  Supervisor(std::string(500, 'x'), microseconds(1)).Alive();
}

TEST(Supervisor, DoesNotTakeAnotherProcessesWatchdogForItsOwn) {
  setenv("WATCHDOG_USEC", "3000000", 1);
  setenv("WATCHDOG_PID", "1", 1);
  EXPECT_FALSE(Supervisor::OfEnvironment().AliveEvery());
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  EXPECT_THAT(Supervisor::OfEnvironment().AliveEvery(), Optional(Eq(milliseconds(1000))));
  setenv("WATCHDOG_USEC", "soon", 1);
  EXPECT_FALSE(Supervisor::OfEnvironment().AliveEvery());
  unsetenv("WATCHDOG_USEC");
  unsetenv("WATCHDOG_PID");
}

}  // namespace
}  // namespace twinning::server
