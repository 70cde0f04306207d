#include "common/sync/server_snapshot.h"

#include <algorithm>

#include "common/ledger/limits.h"
#include "common/merge/record_codec.h"
#include "common/plan/codec.h"

namespace twinning::sync {
namespace {

constexpr size_t kMaxPiece = ledger::kMaxMessageBytes / 2;

}  // namespace

std::shared_ptr<const ServerSnapshot> TakeSnapshot(const plan::Plan& plan) {
  auto snapshot = std::make_shared<ServerSnapshot>();
  snapshot->at = plan.head();
  snapshot->facts = plan::EncodeFacts(plan);
  size_t largest = snapshot->facts.size();
  plan.records().ForEach([&](const merge::Record& record) {
    snapshot->records.push_back(merge::EncodeRecord(record));
    largest = std::max(largest, snapshot->records.back().size());
  });
  return largest > kMaxPiece ? nullptr : snapshot;
}

v1::Snapshot SnapshotReader::Next() {
  v1::Snapshot part;
  part.mutable_at()->set_sequence(snapshot_->at.sequence);
  part.mutable_at()->set_hash(std::string(snapshot_->at.hash.bytes()));
  part.set_records_total(snapshot_->records.size());
  size_t bytes = 0;
  if (!begun_) {
    part.set_facts(snapshot_->facts);
    bytes = snapshot_->facts.size();
    begun_ = true;
  }
  while (next_ < snapshot_->records.size() && bytes < part_bytes_) {
    bytes += snapshot_->records[next_].size();
    part.add_records(snapshot_->records[next_++]);
  }
  done_ = next_ == snapshot_->records.size();
  part.set_last(done_);
  return part;
}

}  // namespace twinning::sync
