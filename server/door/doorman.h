// Accepts TCP connections and hands them to gRPC, in gRPC's place: its own listener stops accepting
// for good when file descriptors once run out (1.51), and takes any number from anybody.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/door/socket.h"

namespace twinning::server {

struct DoormanLimits {
  size_t connections = 4096;  // one more is closed at once
  size_t per_source = 512;    // from one address, this machine's own excepted
};

class Doorman {
 public:
  // Called from the doorman's thread; what is called owns the connection.
  using Admit = std::function<void(int fd)>;

  Doorman(OwnedFd listening, const DoormanLimits& limits, Admit admit);
  // Accepts no more; those admitted go on.
  ~Doorman();

  // Those admitted that are still there; from any thread.
  size_t connections();
  uint64_t turned_away() const { return turned_away_; }

 private:
  // A connection that was admitted. It is over when its descriptor is closed or has become another
  // socket's: nobody tells.
  struct Guest {
    int fd = -1;
    ino_t inode = 0;
    std::string source;
  };

  void Run();
  void AcceptAll();
  void Receive(OwnedFd connection, const std::string& source);
  bool HasRoomFor(const std::string& source);
  void ForgetThoseGone();
  void TurnOneAway();

  OwnedFd listening_;
  const DoormanLimits limits_;
  const Admit admit_;
  OwnedFd stop_;   // an eventfd
  OwnedFd spare_;  // given up for a moment when descriptors run out
  std::atomic<uint64_t> turned_away_ = 0;
  std::mutex mutex_;  // over the guests
  std::vector<Guest> guests_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace twinning::server
