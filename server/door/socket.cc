#include "server/door/socket.h"

#include <fmt/core.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <utility>

#include "common/base/status.h"

namespace twinning::server {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

absl::Status CannotListen(const Endpoint& endpoint, std::string_view why) {
  return Unavailable(fmt::format("cannot listen at {}: {}", endpoint.text(), why));
}

absl::StatusOr<Addresses> Resolve(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  int failed =
      getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  if (failed != 0) return CannotListen(endpoint, gai_strerror(failed));
  return Addresses(found, freeaddrinfo);
}

void Allow(int fd, int level, int option, int value) {
  setsockopt(fd, level, option, &value, sizeof(value));
}

int PortOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  const void* any = &address;
  return address.ss_family == AF_INET6 ? ntohs(static_cast<const sockaddr_in6*>(any)->sin6_port)
                                       : ntohs(static_cast<const sockaddr_in*>(any)->sin_port);
}

}  // namespace

absl::StatusOr<Endpoint> Endpoint::Parse(std::string_view text) {
  size_t colon = text.rfind(':');
  Endpoint endpoint;
  std::string_view port = colon == text.npos ? "" : text.substr(colon + 1);
  std::string_view host = text.substr(0, colon == text.npos ? 0 : colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != host.npos) {
    host = "";
  }
  auto read = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (host.empty() || port.empty() || read.ec != std::errc() ||
      read.ptr != port.data() + port.size() || endpoint.port < 0 || endpoint.port > 65535) {
    return InvalidArgument(fmt::format("\"{}\" is not ADDR:PORT", text));
  }
  endpoint.host = host;
  return endpoint;
}

std::string Endpoint::text() const {
  bool bare = host.find(':') == host.npos;
  return bare ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

OwnedFd& OwnedFd::operator=(OwnedFd&& other) noexcept {
  if (fd_ >= 0) close(fd_);
  fd_ = other.Release();
  return *this;
}

OwnedFd::~OwnedFd() {
  if (fd_ >= 0) close(fd_);
}

int OwnedFd::Release() { return std::exchange(fd_, -1); }

absl::StatusOr<ListeningSocket> OpenListening(const Endpoint& endpoint) {
  TWINNING_ASSIGN_OR_RETURN(Addresses addresses, Resolve(endpoint));
  const addrinfo& first = *addresses;
  ListeningSocket opened;
  opened.fd = OwnedFd(socket(first.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int fd = opened.fd.get();
  if (fd < 0) return CannotListen(endpoint, strerror(errno));
  // A server that starts again finds its port though old connections linger.
  Allow(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (first.ai_family == AF_INET6)
    Allow(fd, IPPROTO_IPV6, IPV6_V6ONLY, endpoint.every_address() ? 0 : 1);
  if (bind(fd, first.ai_addr, first.ai_addrlen) != 0 || listen(fd, SOMAXCONN) != 0) {
    return CannotListen(endpoint, strerror(errno));
  }
  opened.endpoint = endpoint;
  opened.endpoint.port = PortOf(fd);
  return opened;
}

}  // namespace twinning::server
