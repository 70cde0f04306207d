#include "server/front/channel.h"

#include <fmt/core.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "common/base/status.h"

namespace twinning::server {
namespace {

bool NotNow(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS; }

absl::Status Gone(std::string_view why) {
  return Unavailable(fmt::format("the other end is gone: {}", why));
}

}  // namespace

absl::StatusOr<std::pair<FrontChannel, FrontChannel>> FrontChannel::Make() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
    return Unavailable(fmt::format("no socket pair: {}", strerror(errno)));
  }
  return std::pair(FrontChannel(OwnedFd(ends[0])), FrontChannel(OwnedFd(ends[1])));
}

absl::StatusOr<FrontChannel> FrontChannel::Of(OwnedFd fd) {
  int type = 0;
  socklen_t size = sizeof(type);
  if (getsockopt(fd.get(), SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_SEQPACKET) {
    return InvalidArgument("that is no channel to a server");
  }
  return FrontChannel(std::move(fd));
}

absl::Status FrontChannel::Send(const FrontMessage& message) const {
  const std::string datagram = Encode(message);
  if (datagram.size() > kMaxFrontMessage) return Internal("a message that is too long");
  while (send(fd_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
    if (NotNow(errno)) return absl::ResourceExhaustedError("the other end does not read");
    if (errno != EINTR) return Gone(strerror(errno));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<FrontMessage>> FrontChannel::Receive() const {
  std::string datagram(kMaxFrontMessage + 1, '\0');
  ssize_t size = -1;
  while ((size = recv(fd_.get(), datagram.data(), datagram.size(), MSG_DONTWAIT)) < 0) {
    if (NotNow(errno)) return std::nullopt;
    if (errno != EINTR) return Gone(strerror(errno));
  }
  if (size == 0) return Gone("it has closed");
  std::optional<FrontMessage> message =
      DecodeFrontMessage(std::string_view(datagram).substr(0, static_cast<size_t>(size)));
  if (!message) return DataLoss("what came is no message");
  return message;
}

}  // namespace twinning::server
