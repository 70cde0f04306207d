// The page's HTTP server, on loopback and nowhere else: lets nobody in whom the guard turns away,
// and gives out the page's files, the API and the stream of events. The HTTP library is behind this
// and nowhere else. What is known of its limits (0.11: a thread held by every connection and
// stream, bodies of unknown length read whole) is seen to here.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/app/api.h"
#include "client/app/journal.h"

namespace twinning::app {

class Server {
 public:
  static constexpr size_t kThreads = 48;
  static constexpr int kMaxStreams = 4;          // of events at one time
  static constexpr int64_t kStreamMs = 300'000;  // then the page comes back
  static constexpr int64_t kBeatMs = 15'000;     // a sign of life on a quiet stream

  // Listens at once, answers from Run on. `port` 0: any free one. AlreadyExists when the port is
  // taken. `api` and `journal` must outlive it.
  static absl::StatusOr<std::unique_ptr<Server>> Open(int port, std::string token, const Api& api,
                                                      const Journal& journal);
  ~Server();

  int port() const;
  // "http://127.0.0.1:4711/#token=..."
  std::string address() const;
  // "http://127.0.0.1:4711/#ticket=...", which opens the page once.
  std::string address_for_once() const;

  void Run();   // until Stop, which may have come before
  void Stop();  // from any thread; for good

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace twinning::app
