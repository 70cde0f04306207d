#include "server/door/doorman.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "server/log/log.h"

namespace twinning::server {
namespace {

constexpr int kPauseWithoutDescriptors_ms = 100;
constexpr int kUserTimeout_ms = 40'000;  // a peer that no longer acknowledges is gone

// Empty for this machine's own: no limit for it.
std::string SourceOf(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = {};
  const void* any = &address;
  if (address.ss_family == AF_INET) {
    const in_addr& source = static_cast<const sockaddr_in*>(any)->sin_addr;
    if ((ntohl(source.s_addr) >> 24) == 127) return "";
    inet_ntop(AF_INET, &source, text, sizeof(text));
  } else {
    const in6_addr& source = static_cast<const sockaddr_in6*>(any)->sin6_addr;
    if (IN6_IS_ADDR_LOOPBACK(&source)) return "";
    inet_ntop(AF_INET6, &source, text, sizeof(text));
  }
  return text;
}

ino_t InodeOf(int fd) {
  struct stat found {};
  return fstat(fd, &found) == 0 && S_ISSOCK(found.st_mode) ? found.st_ino : 0;
}

OwnedFd OpenSpare() { return OwnedFd(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

// What gRPC would have set.
void Prepare(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUserTimeout_ms, sizeof(kUserTimeout_ms));
}

}  // namespace

Doorman::Doorman(OwnedFd listening, const DoormanLimits& limits, Admit admit)
    : listening_(std::move(listening)),
      limits_(limits),
      admit_(std::move(admit)),
      stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      spare_(OpenSpare()),
      thread_([this] { Run(); }) {}

Doorman::~Doorman() {
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

void Doorman::Run() {
  while (true) {
    pollfd ready[] = {{stop_.get(), POLLIN, 0}, {listening_.get(), POLLIN, 0}};
    if (poll(ready, 2, -1) < 0 && errno != EINTR) break;
    if (ready[0].revents != 0) break;
    if (ready[1].revents != 0) AcceptAll();
  }
}

void Doorman::AcceptAll() {
  while (true) {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    OwnedFd connection(accept4(listening_.get(), reinterpret_cast<sockaddr*>(&address), &size,
                               SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (connection.get() >= 0) {
      Receive(std::move(connection), SourceOf(address));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      return TurnOneAway();
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;
    }
  }
}

void Doorman::Receive(OwnedFd connection, const std::string& source) {
  int fd = -1;
  {
    std::lock_guard lock(mutex_);
    if (!HasRoomFor(source)) {
      ++turned_away_;
      return;
    }
    fd = connection.Release();
    guests_.push_back({fd, InodeOf(fd), source});
  }
  Prepare(fd);
  admit_(fd);
}

bool Doorman::HasRoomFor(const std::string& source) {
  auto from_source = [&] {
    return static_cast<size_t>(
        std::count_if(guests_.begin(), guests_.end(),
                      [&](const Guest& guest) { return guest.source == source; }));
  };
  auto full = [&] {
    return guests_.size() >= limits_.connections ||
           (!source.empty() && from_source() >= limits_.per_source);
  };
  if (!full()) return true;
  ForgetThoseGone();
  return !full();
}

void Doorman::ForgetThoseGone() {
  std::erase_if(guests_, [](const Guest& guest) { return InodeOf(guest.fd) != guest.inode; });
}

size_t Doorman::connections() {
  std::lock_guard lock(mutex_);
  ForgetThoseGone();
  return guests_.size();
}

// So that whoever waits is told no instead of nothing, and poll does not wake at once for the same.
void Doorman::TurnOneAway() {
  LogDamped(fmt::format("a connection was turned away: {}", strerror(errno)));
  ++turned_away_;
  connections();
  spare_ = OwnedFd();
  OwnedFd(accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  spare_ = OpenSpare();
  pollfd stopped{stop_.get(), POLLIN, 0};
  poll(&stopped, 1, kPauseWithoutDescriptors_ms);
}

}  // namespace twinning::server
