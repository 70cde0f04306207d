// The plan's past, for the pages that look back: the feed of what happened, the plan at an earlier
// moment, what is different between two. Reads a replica of its own on its own thread, so that
// going through a long history holds up nobody who works on the plan. Safe from any thread;
// questions are answered one after the other.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "client/desk/retelling.h"
#include "client/replica/replica.h"

namespace twinning::app {

using desk::Json;

struct LogWanted {
  std::optional<RecordId> record;   // of one record only
  std::optional<TownId> of;         // what one town did
  std::optional<TownId> not_of;     // what other towns did
  std::optional<int64_t> since_ms;  // by its author's clock
  std::optional<int64_t> until_ms;  // and before this
  std::optional<Sequence> after;    // and later than this entry
  std::optional<Sequence> before;   // the page of items before this one; none: the latest
  size_t limit = 100;
};

class Archive {
 public:
  static constexpr size_t kMostItems = 500;

  explicit Archive(std::string directory);
  ~Archive();
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  // {"items": latest first, as desk::LogItemJson with PassageJson, "more", "read", "head"}: while
  // `read` is behind `head` history is still being read, and items are missing.
  absl::StatusOr<Json> Log(const LogWanted& wanted);

  // {"moments": [{"sequence", "time"}], "read", "head"}: at most `most` entries over the life of
  // the plan, with the first and the last that have been read.
  absl::StatusOr<Json> Moments(size_t most);
  // The same of one entry: this one; or the last one before a time, the first one when there is
  // none.
  absl::StatusOr<Json> MomentAt(Sequence sequence);
  absl::StatusOr<Json> MomentBefore(int64_t time_ms);

  // The records of a kind (all kinds: empty) as they were after an entry.
  absl::StatusOr<Json> RecordsAt(Sequence sequence, std::string_view kind);
  // One record, its texts whole; null when there was none yet.
  absl::StatusOr<Json> RecordAt(Sequence sequence, const RecordId& record);

  // What is different between two moments, record by record: [{"record", "kind", "title",
  // "fields"}]. Of one record when one is named. No `to`: now.
  absl::StatusOr<Json> Compare(Sequence from, std::optional<Sequence> to,
                               const std::optional<RecordId>& record);

  // For every town whose agreement to the record has lapsed and whose words can be found again:
  // [{"town", "changes"}], what has become of the terms since, as PassageJson.
  absl::StatusOr<Json> SinceAgreed(const RecordId& record);

 private:
  // What there is to know of an entry without telling it.
  struct Line {
    TownId town;
    int64_t time_ms = 0;  // as the log shows it
    std::vector<RecordId> records;
  };

  void Run();
  absl::Status OpenOnce();
  absl::Status GoOn(Sequence at_most);
  absl::Status TellDetails(const std::vector<Sequence>& sequences);
  absl::Status AddOutbox(const LogWanted& wanted, Json& items) const;
  void Note(const plan::Plan& before, const v1::Entry& entry, const plan::Change* change);
  bool Fits(const Line& line, Sequence sequence, const LogWanted& wanted) const;
  bool TouchedBy(const std::vector<RecordId>& records, const LogWanted& wanted) const;
  bool WithinDays(int64_t time_ms, const LogWanted& wanted) const;
  absl::Status ReadOn();
  Json MomentsJson(const std::vector<Sequence>& sequences) const;
  void Keep(Sequence sequence, Json item);
  absl::StatusOr<const plan::Plan*> At(Sequence sequence);

  const std::string directory_;
  std::mutex mutex_;  // guards everything below but the last three
  std::unique_ptr<client::Replica> replica_;
  std::unique_ptr<desk::Teller> teller_;
  std::vector<Line> lines_;  // of entries 1, 2, 3 ...
  std::map<Sequence, Json> details_;
  std::list<std::pair<Sequence, std::unique_ptr<plan::Plan>>> earlier_;  // latest used first
  Sequence detailed_from_ = 0;
  std::atomic<bool> stop_ = false;
  std::condition_variable stopped_;
  std::thread thread_;
};

}  // namespace twinning::app
