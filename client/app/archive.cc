#include "client/app/archive.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "client/desk/log_json.h"
#include "common/base/status.h"

namespace twinning::app {
namespace {

// So many entries are read in one go by who asks, and in the background, where it may take long and
// questions come in between.
constexpr Sequence kAtOnce = 500;
constexpr Sequence kAtOnceBehind = 100;
// What people wait for comes first: the background begins when the first page is most likely there,
// and has a nice value.
constexpr auto kFirstPage = std::chrono::seconds(3);
constexpr int kBehind = 10;
// Of so many of the latest entries the details are ready.
constexpr Sequence kDetailed = 1000;
constexpr size_t kDetailsKept = 4000;

}  // namespace

Archive::Archive(std::string directory) : directory_(std::move(directory)) {
  thread_ = std::thread([this] { Run(); });
}

Archive::~Archive() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

// Reads the past once; what comes later is read when somebody asks.
void Archive::Run() {
  setpriority(PRIO_PROCESS, 0, kBehind);  // on Linux: of this thread
  {
    std::unique_lock<std::mutex> lock(mutex_);
    stopped_.wait_for(lock, kFirstPage, [this] { return stop_.load(); });
  }
  for (Sequence last = 0; !stop_;) {
    std::lock_guard<std::mutex> guard(mutex_);
    if (!OpenOnce().ok() || !GoOn(last + kAtOnceBehind).ok()) return;  // said to whoever asks
    if (lines_.size() == last) return;
    last = lines_.size();
  }
}

absl::Status Archive::OpenOnce() {
  if (replica_ == nullptr) {
    TWINNING_ASSIGN_OR_RETURN(replica_, client::Replica::Open(directory_));
  }
  TWINNING_RETURN_IF_ERROR(replica_->Refresh());
  if (teller_ != nullptr) return absl::OkStatus();
  const Sequence head = replica_->head().sequence;
  detailed_from_ = head > kDetailed ? head - kDetailed : 0;
  desk::Listener listener;
  listener.wants = [this](const plan::Plan& before, const v1::Entry* entry,
                          const plan::Change* change) {
    if (entry == nullptr) return true;
    Note(before, *entry, change);
    return entry->sequence() > detailed_from_;
  };
  listener.see = [this](const desk::Telling& telling) {
    if (telling.entry != nullptr) {
      Keep(telling.entry->sequence(), desk::LogItemJson(telling, desk::PassageJson));
    }
    return absl::OkStatus();
  };
  teller_ = std::make_unique<desk::Teller>(replica_->entries(), std::move(listener));
  return absl::OkStatus();
}

absl::Status Archive::GoOn(Sequence at_most) {
  const Sequence head = std::min(replica_->head().sequence, at_most);
  if (head <= lines_.size()) return absl::OkStatus();
  absl::Status told = teller_->GoOn(head);
  if (told.ok()) return told;
  teller_.reset();
  lines_.clear();
  return told;
}

void Archive::Note(const plan::Plan& before, const v1::Entry& entry, const plan::Change* change) {
  Line line;
  line.time_ms = change != nullptr ? change->authored.time_ms : entry.time_ms();
  if (change != nullptr) {
    line.records = plan::RecordsOf(change->edits);
    const plan::Member* member = before.FindMember(change->authored.replica);
    if (member != nullptr) {
      line.town = member->town;
      const size_t named = line.records.size();
      for (size_t i = 0; i < named; ++i) {
        const RecordId routed = before.Routed(line.records[i], member->town);
        if (routed != line.records[i]) line.records.push_back(routed);
      }
    }
  }
  lines_.resize(entry.sequence());
  lines_.back() = std::move(line);
}

void Archive::Keep(Sequence sequence, Json item) {
  details_[sequence] = std::move(item);
  if (details_.size() > kDetailsKept) details_.erase(details_.begin());
}

bool Archive::TouchedBy(const std::vector<RecordId>& records, const LogWanted& wanted) const {
  return !wanted.record ||
         std::find(records.begin(), records.end(), *wanted.record) != records.end();
}

bool Archive::WithinDays(int64_t time_ms, const LogWanted& wanted) const {
  return (!wanted.since_ms || time_ms >= *wanted.since_ms) &&
         (!wanted.until_ms || time_ms < *wanted.until_ms);
}

bool Archive::Fits(const Line& line, Sequence sequence, const LogWanted& wanted) const {
  if (wanted.after && sequence <= *wanted.after) return false;
  if (wanted.not_of && (line.town == *wanted.not_of || line.town.empty())) return false;
  if (wanted.of && line.town != *wanted.of) return false;
  return WithinDays(line.time_ms, wanted) && TouchedBy(line.records, wanted);
}

// What is left of a long history is for the other thread: this one answers with what there is.
absl::Status Archive::ReadOn() {
  TWINNING_RETURN_IF_ERROR(OpenOnce());
  return GoOn(lines_.size() + kAtOnce);
}

absl::StatusOr<Json> Archive::Log(const LogWanted& wanted) {
  std::lock_guard<std::mutex> guard(mutex_);
  TWINNING_RETURN_IF_ERROR(ReadOn());
  std::vector<Sequence> chosen;
  Sequence sequence =
      std::min<Sequence>(wanted.before.value_or(lines_.size() + 1) - 1, lines_.size());
  for (; sequence > 0 && chosen.size() <= wanted.limit; --sequence) {
    if (Fits(lines_[sequence - 1], sequence, wanted)) chosen.push_back(sequence);
  }
  const bool more = chosen.size() > wanted.limit;
  if (more) chosen.pop_back();
  TWINNING_RETURN_IF_ERROR(TellDetails(chosen));
  Json items = Json::array();
  if (!wanted.before && !wanted.not_of) TWINNING_RETURN_IF_ERROR(AddOutbox(wanted, items));
  for (Sequence one : chosen) items.push_back(details_[one]);
  return Json{{"items", std::move(items)},
              {"more", more},
              {"read", lines_.size()},
              {"head", replica_->head().sequence}};
}

// Older entries are told again from the first one: it costs as much as applying them.
absl::Status Archive::TellDetails(const std::vector<Sequence>& sequences) {
  std::vector<Sequence> missing;
  for (Sequence one : sequences) {
    if (details_.count(one) == 0) missing.push_back(one);
  }
  if (missing.empty()) return absl::OkStatus();
  std::map<Sequence, Json> told;
  desk::Listener listener;
  listener.wants = [&](const plan::Plan&, const v1::Entry* entry, const plan::Change*) {
    return std::find(missing.begin(), missing.end(), entry->sequence()) != missing.end();
  };
  listener.see = [&](const desk::Telling& telling) {
    told[telling.entry->sequence()] = desk::LogItemJson(telling, desk::PassageJson);
    return absl::OkStatus();
  };
  TWINNING_RETURN_IF_ERROR(desk::Retell(replica_->entries(), missing.front(), {}, listener));
  while (details_.size() + told.size() > kDetailsKept && !details_.empty()) {
    details_.erase(details_.begin());
  }
  details_.merge(told);
  return absl::OkStatus();
}

absl::Status Archive::AddOutbox(const LogWanted& wanted, Json& items) const {
  const std::vector<plan::Change>& outbox = replica_->view().pending();
  const bool not_ours = wanted.of && *wanted.of != replica_->identity().town;
  const bool behind = lines_.size() < replica_->head().sequence;
  if (outbox.empty() || not_ours || behind) return absl::OkStatus();
  std::vector<Json> told;
  desk::Listener listener;
  listener.wants = [&](const plan::Plan&, const v1::Entry*, const plan::Change* change) {
    return WithinDays(change->authored.time_ms, wanted) &&
           TouchedBy(plan::RecordsOf(change->edits), wanted);
  };
  listener.see = [&](const desk::Telling& telling) {
    told.push_back(desk::LogItemJson(telling, desk::PassageJson));
    return absl::OkStatus();
  };
  TWINNING_RETURN_IF_ERROR(desk::TellPending(teller_->plan(), outbox, listener));
  for (auto item = told.rbegin(); item != told.rend() && items.size() < wanted.limit; ++item) {
    items.push_back(std::move(*item));
  }
  return absl::OkStatus();
}

}  // namespace twinning::app
