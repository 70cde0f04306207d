// One town's replica of one partnership at work: a thread of its own that syncs it and, between two
// steps of that, answers what pages ask. What happens to the plan, by whoever's hand, is told to
// the journal.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "client/app/journal.h"
#include "client/app/needs.h"
#include "client/app/news.h"
#include "client/app/rooms.h"
#include "client/replica/replica.h"

namespace twinning::app {

// What work on the hall's thread has at hand.
struct Desk {
  client::Replica& replica;
  Rooms& rooms;
  Needs& needs;
  const Journal& journal;
};

class Hall {
 public:
  using Work = std::function<absl::StatusOr<Json>(Desk&)>;

  // As Replica::Open. The thread begins at once.
  static absl::StatusOr<std::unique_ptr<Hall>> Open(const std::string& directory, Journal& journal);
  ~Hall();
  Hall(const Hall&) = delete;
  Hall& operator=(const Hall&) = delete;

  // Does the work on the hall's thread, on the plan as it is then, and waits for the answer. What
  // the work wrote is told to the journal before this returns. Unavailable when the hall is
  // closing. From any thread but the hall's.
  absl::StatusOr<Json> Ask(Work work);

  // Connects now instead of when the engine would next try; nothing when it is connected. From any
  // thread.
  void ConnectNow();

  const client::Identity& identity() const { return identity_; }
  const std::string& directory() const { return directory_; }
  // As events and addresses name the partnership.
  const std::string& id() const { return id_; }

 private:
  using Post = std::function<void(std::function<void()>)>;

  Hall(std::unique_ptr<client::Replica> replica, Journal& journal);
  void Run();
  std::stop_token NextRound();
  void EndRound();
  void Pause(int64_t ms);
  void SetPost(Post post);
  void Poke();
  void DoAll();
  void Tell();
  void TellSoon();

  std::unique_ptr<client::Replica> replica_;
  const client::Identity identity_;
  const std::string directory_;
  const std::string id_;
  Rooms rooms_;
  const Journal& journal_;
  News news_;
  Needs needs_;
  bool telling_ = false;

  std::mutex mutex_;
  std::vector<std::function<void()>> waiting_;
  Post post_;
  std::stop_source stop_;   // for good
  std::stop_source round_;  // this round of syncing or waiting
  std::thread thread_;
};

}  // namespace twinning::app
