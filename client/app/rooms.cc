#include "client/app/rooms.h"

#include <algorithm>
#include <utility>

#include "client/app/splicing.h"
#include "client/desk/exit_codes.h"
#include "client/desk/writing.h"
#include "common/base/status.h"
#include "common/plan/compose.h"

namespace twinning::app {
namespace {

// Typing that pauses longer is another piece of work, for undo and history.
constexpr int64_t kBurstMs = 10'000;

// Where the text is: in the record itself or the town's own branch of it.
struct Place {
  const merge::Record* record = nullptr;
  const merge::Field* field = nullptr;
};

absl::StatusOr<Place> Find(const plan::Plan& view, const TownId& town, const TextName& name) {
  Place place;
  place.record = view.Find(view.Routed(name.record, town));
  if (place.record == nullptr) place.record = view.Find(name.record);
  const merge::Kind* kind = place.record == nullptr ? nullptr : view.KindOf(*place.record);
  if (kind != nullptr) place.field = kind->FieldByName(name.field);
  if (place.field == nullptr || place.field->rule != v1::TEXT) {
    return desk::BadInput("There is no such text.");
  }
  return place;
}

std::string TextOf(const Place& place, const std::string& language) {
  auto found = place.record->texts.find({place.field->number, language});
  return found == place.record->texts.end() ? "" : found->second.document.text();
}

v1::Edit EditOf(const Place& place, const std::string& language,
                const std::vector<text::Splice>& splices) {
  v1::Edit edit;
  edit.set_record(std::string(place.record->id.bytes()));
  edit.mutable_splice()->set_field(place.field->number);
  edit.mutable_splice()->set_language(language);
  plan::AddSplices(splices, *edit.mutable_splice()->mutable_splices());
  return edit;
}

}  // namespace

Rooms::Rooms(std::function<void(Json)> tell, std::function<std::string()> life)
    : tell_(std::move(tell)), life_(std::move(life)) {}

absl::StatusOr<Json> Rooms::Open(const client::Replica& replica, const TextName& name) {
  const TownId town = replica.identity().town;
  TWINNING_ASSIGN_OR_RETURN(Place place, Find(replica.view(), town, name));
  auto open = rooms_.find(name);
  if (open != rooms_.end()) FollowOne(replica.view(), town, name, open->second);
  Room& room = open != rooms_.end() ? open->second : Enter(name, TextOf(place, name.language));
  room.used = ++clock_;
  return Json{{"life", room.life}, {"version", room.version}, {"text", room.text}};
}

Rooms::Room& Rooms::Enter(const TextName& name, std::string text) {
  if (rooms_.size() >= kOpen) {
    rooms_.erase(std::min_element(rooms_.begin(), rooms_.end(), [](const auto& a, const auto& b) {
      return a.second.used < b.second.used;
    }));
  }
  Room& room = rooms_[name];
  room.life = life_();
  room.text = std::move(text);
  return room;
}

absl::StatusOr<Json> Rooms::CatchUp(const client::Replica& replica, const TextName& name,
                                    const Typed& since) {
  TWINNING_RETURN_IF_ERROR(Open(replica, name).status());
  return Behind(rooms_.at(name), since);
}

absl::StatusOr<Json> Rooms::Type(client::Replica& replica, const TextName& name, const Typed& typed,
                                 int64_t now_ms) {
  const TownId town = replica.identity().town;
  auto open = rooms_.find(name);
  if (open == rooms_.end()) {
    TWINNING_ASSIGN_OR_RETURN(Json answer, Open(replica, name));
    answer["accepted"] = false;
    return answer;
  }
  Room& room = open->second;
  room.used = ++clock_;
  FollowOne(replica.view(), town, name, room);
  if (typed.life != room.life || typed.version != room.version) return Behind(room, typed);
  TWINNING_ASSIGN_OR_RETURN(std::string after, Spliced(room.text, typed.splices));
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<client::Replica::Draft> {
    TWINNING_ASSIGN_OR_RETURN(Place place, Find(view, town, name));
    client::Replica::Draft draft;
    if (TextOf(place, name.language) != room.text) return draft;  // another process was quicker
    draft.edits.push_back(EditOf(place, name.language, typed.splices));
    draft.change_set = GoOn(room, typed.client, now_ms);
    return draft;
  };
  TWINNING_ASSIGN_OR_RETURN(desk::Outcome outcome, desk::Save(replica, make, now_ms));
  if (outcome.saved.number == 0) {
    FollowOne(replica.view(), town, name, room);
    return Behind(room, typed);
  }
  room.bursts[typed.client] = {outcome.saved.change_set, now_ms};
  Advance(name, room, typed.splices, std::move(after), typed.client);
  return Json{{"accepted", true}, {"version", room.version}, {"change", outcome.saved.number}};
}

ChangeSetId Rooms::GoOn(const Room& room, const std::string& client, int64_t now_ms) {
  auto burst = room.bursts.find(client);
  if (burst == room.bursts.end() || now_ms - burst->second.last_ms > kBurstMs) return {};
  return burst->second.change_set;
}

Json Rooms::Behind(const Room& room, const Typed& typed) {
  Json answer = {{"accepted", false}, {"version", room.version}};
  const uint64_t oldest = room.version - room.steps.size();
  if (typed.life != room.life || typed.version < oldest || typed.version > room.version) {
    answer["life"] = room.life;
    answer["text"] = room.text;
    return answer;
  }
  answer["steps"] = Json::array();
  for (size_t i = static_cast<size_t>(typed.version - oldest); i < room.steps.size(); ++i) {
    answer["steps"].push_back(
        {{"splices", room.steps[i].splices}, {"client", room.steps[i].client}});
  }
  return answer;
}

void Rooms::Follow(const plan::Plan& view, const TownId& town) {
  for (auto& [name, room] : rooms_) FollowOne(view, town, name, room);
}

void Rooms::FollowOne(const plan::Plan& view, const TownId& town, const TextName& name,
                      Room& room) {
  auto place = Find(view, town, name);
  if (!place.ok()) return;
  std::string now = TextOf(*place, name.language);
  if (now == room.text) return;
  const std::vector<text::Splice> splices = SplicesBetween(room.text, now);
  Advance(name, room, splices, std::move(now), "");
}

void Rooms::Advance(const TextName& name, Room& room, const std::vector<text::Splice>& splices,
                    std::string text, const std::string& client) {
  room.text = std::move(text);
  ++room.version;
  room.steps.push_back({SplicesJson(splices), client});
  if (room.steps.size() > kStepsKept) room.steps.pop_front();
  if (room.bursts.size() > kOpen) room.bursts.erase(room.bursts.begin());
  tell_({{"record", name.record.hex()},
         {"field", name.field},
         {"language", name.language},
         {"life", room.life},
         {"version", room.version},
         {"splices", room.steps.back().splices},
         {"client", client}});
}

}  // namespace twinning::app
