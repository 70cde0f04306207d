// Texts that pages have open: each a version number that grows with every step, and the steps that
// led here, so that a page which is behind gets what it lacks and never the whole text again.
//
//   text(version n + 1) = text(version n) after step n + 1
//
// A page's splices are taken only when it has seen every step; otherwise it gets the steps, puts
// its own on top and tries again (the central authority of CodeMirror's collaborative editing).
// What comes from elsewhere, another town or a command, is told as splices too. One object is for
// one replica and its thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "client/desk/json.h"
#include "client/replica/replica.h"
#include "common/merge/record.h"
#include "common/text/document.h"

namespace twinning::app {

using desk::Json;

// Which text: as a page names it.
struct TextName {
  RecordId record;
  std::string field;
  std::string language;

  auto operator<=>(const TextName&) const = default;
};

// What somebody typed, on top of a version.
struct Typed {
  std::string life;  // as Open answered
  uint64_t version = 0;
  std::vector<text::Splice> splices;  // each sees the ones before it
  std::string client;                 // the page that typed
};

class Rooms {
 public:
  static constexpr size_t kOpen = 64;          // the longest unused one is closed
  static constexpr size_t kStepsKept = 4096;   // of each
  static constexpr size_t kMaxSplices = 4096;  // of one step

  // `tell` hears of every step, as {"record", "field", "language", "life", "version", "splices",
  // "client"}; `life` makes the lives of rooms, from random bytes.
  Rooms(std::function<void(Json)> tell, std::function<std::string()> life);

  // What happened since `since`, as Type answers who is behind; nothing else is looked at there.
  absl::StatusOr<Json> CatchUp(const client::Replica& replica, const TextName& name,
                               const Typed& since);

  // {"life", "version", "text"}. InvalidArgument when there is no such record or text field.
  absl::StatusOr<Json> Open(const client::Replica& replica, const TextName& name);

  // {"accepted": true, "version", "change"}, once it is saved. Otherwise {"accepted": false,
  // "version", "steps": [{"splices", "client"}]}, and nothing was written; {"accepted": false,
  // "life", "version", "text"} when the room was closed or has gone too far.
  absl::StatusOr<Json> Type(client::Replica& replica, const TextName& name, const Typed& typed,
                            int64_t now_ms);

  // Tells what became of open texts by other hands.
  void Follow(const plan::Plan& view, const TownId& town);

 private:
  struct Step {
    Json splices;
    std::string client;
  };
  // Changes of one page that belong together for undo and history.
  struct Burst {
    ChangeSetId change_set;
    int64_t last_ms = 0;
  };
  struct Room {
    std::string life;
    std::string text;
    uint64_t version = 0;
    std::deque<Step> steps;  // the last ones
    std::map<std::string, Burst> bursts;
    uint64_t used = 0;
  };

  Room& Enter(const TextName& name, std::string text);
  void FollowOne(const plan::Plan& view, const TownId& town, const TextName& name, Room& room);
  void Advance(const TextName& name, Room& room, const std::vector<text::Splice>& splices,
               std::string text, const std::string& client);
  static Json Behind(const Room& room, const Typed& typed);
  static ChangeSetId GoOn(const Room& room, const std::string& client, int64_t now_ms);

  std::function<void(Json)> tell_;
  std::function<std::string()> life_;
  std::map<TextName, Room> rooms_;
  uint64_t clock_ = 0;
};

// Between readings of a text and JSON: [{"at", "remove", "insert"}].
Json SplicesJson(const std::vector<text::Splice>& splices);
absl::StatusOr<std::vector<text::Splice>> SplicesOf(const Json& json);

}  // namespace twinning::app
