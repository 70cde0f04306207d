// Listening TCP sockets, by the addresses that operators give.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace twinning::server {

// "host:port", "[::1]:port".
struct Endpoint {
  std::string host;  // without brackets
  int port = 0;      // 0: any that is free

  // InvalidArgument when it is not ADDR:PORT.
  static absl::StatusOr<Endpoint> Parse(std::string_view text);
  std::string text() const;  // with brackets where they are needed
  bool every_address() const { return host == "0.0.0.0" || host == "::"; }
};

// An open file, closed with the object.
class OwnedFd {
 public:
  explicit OwnedFd(int fd = -1) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(other.Release()) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept;
  ~OwnedFd();
  int get() const { return fd_; }
  int Release();

 private:
  int fd_;
};

struct ListeningSocket {
  OwnedFd fd;         // not blocking, closed in programs that are started
  Endpoint endpoint;  // a port 0 has become the one picked
};
// Unavailable when the address is taken or not one of this machine.
absl::StatusOr<ListeningSocket> OpenListening(const Endpoint& endpoint);

}  // namespace twinning::server
