// The plan at single moments of its past, and between two of them.
#include <algorithm>

#include "client/app/archive.h"
#include "client/desk/earlier.h"
#include "client/desk/exit_codes.h"
#include "client/desk/log_json.h"
#include "common/base/status.h"

namespace twinning::app {
namespace {

constexpr size_t kPlansKept = 2;
constexpr size_t kMaxCompared = 300;

absl::Status NoSuchMoment() {
  return desk::BadInput("There is no such moment in the plan's history.");
}

}  // namespace

absl::StatusOr<const plan::Plan*> Archive::At(Sequence sequence) {
  TWINNING_RETURN_IF_ERROR(OpenOnce());
  const Sequence head = replica_->head().sequence;
  if (sequence < 1 || sequence > head) return NoSuchMoment();
  auto found = std::find_if(earlier_.begin(), earlier_.end(),
                            [&](const auto& one) { return one.first == sequence; });
  if (found != earlier_.end()) {
    earlier_.splice(earlier_.begin(), earlier_, found);
    return earlier_.front().second.get();
  }
  TWINNING_ASSIGN_OR_RETURN(auto plan, replica_->At(sequence));
  earlier_.emplace_front(sequence, std::move(plan));
  if (earlier_.size() > kPlansKept) earlier_.pop_back();
  return earlier_.front().second.get();
}

Json Archive::MomentsJson(const std::vector<Sequence>& sequences) const {
  Json moments = Json::array();
  for (Sequence one : sequences) {
    moments.push_back({{"sequence", one}, {"time", desk::TimeJson(lines_[one - 1].time_ms)}});
  }
  return {{"moments", std::move(moments)},
          {"read", lines_.size()},
          {"head", replica_->head().sequence}};
}

absl::StatusOr<Json> Archive::Moments(size_t most) {
  std::lock_guard<std::mutex> guard(mutex_);
  TWINNING_RETURN_IF_ERROR(ReadOn());
  std::vector<Sequence> chosen;
  const Sequence last = lines_.size();
  const Sequence count = std::min<Sequence>(most, last);
  for (Sequence i = 0; i < count; ++i) {
    chosen.push_back(count == 1 ? last : 1 + i * (last - 1) / (count - 1));
  }
  return MomentsJson(chosen);
}

absl::StatusOr<Json> Archive::MomentAt(Sequence sequence) {
  std::lock_guard<std::mutex> guard(mutex_);
  TWINNING_RETURN_IF_ERROR(ReadOn());
  if (sequence < 1 || sequence > lines_.size()) return NoSuchMoment();
  return MomentsJson({sequence});
}

absl::StatusOr<Json> Archive::MomentBefore(int64_t time_ms) {
  std::lock_guard<std::mutex> guard(mutex_);
  TWINNING_RETURN_IF_ERROR(ReadOn());
  if (lines_.empty()) return NoSuchMoment();
  Sequence last = lines_.size();
  while (last > 1 && lines_[last - 1].time_ms >= time_ms) --last;
  return MomentsJson({last});
}

absl::StatusOr<Json> Archive::RecordAt(Sequence sequence, const RecordId& record) {
  std::lock_guard<std::mutex> guard(mutex_);
  TWINNING_ASSIGN_OR_RETURN(const plan::Plan* then, At(sequence));
  const merge::Record* found = then->Find(record);
  return found == nullptr ? Json(nullptr) : desk::ShortJson(*then, *found);
}

absl::StatusOr<Json> Archive::RecordsAt(Sequence sequence, std::string_view kind_name) {
  std::lock_guard<std::mutex> guard(mutex_);
  TWINNING_ASSIGN_OR_RETURN(const plan::Plan* then, At(sequence));
  const merge::Kind* kind = then->schema().KindByName(kind_name);
  if (kind == nullptr && !kind_name.empty()) return desk::BadInput("There is no such kind.");
  Json records = Json::array();
  then->records().ForEach([&](const merge::Record& record) {
    if (!then->Visible(record) || (kind != nullptr && record.kind != kind->number)) return;
    records.push_back(desk::ShortJson(*then, record, desk::Wording::kBeginning));
  });
  return records;
}

absl::StatusOr<Json> Archive::Compare(Sequence from, std::optional<Sequence> to,
                                      const std::optional<RecordId>& record) {
  std::lock_guard<std::mutex> guard(mutex_);
  TWINNING_ASSIGN_OR_RETURN(const plan::Plan* before, At(from));
  const plan::Plan* after = &replica_->view();
  if (to) {
    TWINNING_ASSIGN_OR_RETURN(after, At(*to));
  }
  TWINNING_RETURN_IF_ERROR(GoOn(replica_->head().sequence));
  std::set<RecordId> touched;
  if (record) touched.insert(*record);
  const Sequence last = std::min<Sequence>(to.value_or(lines_.size()), lines_.size());
  for (Sequence at = from; !record && at < last; ++at) {
    touched.insert(lines_[at].records.begin(), lines_[at].records.end());
  }
  Json differences = Json::array();
  for (const RecordId& id : touched) {
    const merge::Record* now = after->Find(id);
    const merge::Record* then = before->Find(id);
    if (now == nullptr && then == nullptr) continue;
    Json fields = Json::array();
    for (const desk::FieldChange& change : desk::ChangesBetween({*before, then}, {*after, now})) {
      fields.push_back(desk::PassageJson(change));
    }
    if (fields.empty()) continue;
    const plan::Plan& known = now != nullptr ? *after : *before;
    Json one = desk::NamedJson(known, id);
    one["fields"] = std::move(fields);
    differences.push_back(std::move(one));
    if (differences.size() >= kMaxCompared) break;
  }
  return differences;
}

absl::StatusOr<Json> Archive::SinceAgreed(const RecordId& id) {
  std::lock_guard<std::mutex> guard(mutex_);
  TWINNING_RETURN_IF_ERROR(OpenOnce());
  const merge::Record* record = replica_->view().Find(id);
  if (record == nullptr) return desk::BadInput("There is no such record.");
  Json towns = Json::array();
  for (const desk::ChangedSince& since : desk::ChangedSinceAgreed(*replica_, *record)) {
    Json changes = Json::array();
    for (const desk::FieldChange& change : since.changes) {
      changes.push_back(desk::PassageJson(change));
    }
    towns.push_back({{"town", since.town.hex()}, {"changes", std::move(changes)}});
  }
  return towns;
}

}  // namespace twinning::app
