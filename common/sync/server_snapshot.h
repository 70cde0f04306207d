// The whole plan at a sequence, cut into messages: for a replica that has nothing yet. Pure.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/ledger/hashes.h"
#include "common/plan/plan.h"
#include "twinning/v1/sync.pb.h"

namespace twinning::sync {

struct ServerSnapshot {
  ledger::Head at;
  std::string facts;
  std::vector<std::string> records;
};

// Null when a record is too large to travel: then history has to do.
std::shared_ptr<const ServerSnapshot> TakeSnapshot(const plan::Plan& plan);

// Hands out a snapshot part by part.
class SnapshotReader {
 public:
  SnapshotReader(std::shared_ptr<const ServerSnapshot> snapshot, size_t part_bytes)
      : snapshot_(std::move(snapshot)), part_bytes_(part_bytes) {}

  Sequence at() const { return snapshot_->at.sequence; }
  bool done() const { return done_; }
  v1::Snapshot Next();

 private:
  std::shared_ptr<const ServerSnapshot> snapshot_;
  size_t part_bytes_;
  size_t next_ = 0;
  bool begun_ = false;
  bool done_ = false;
};

}  // namespace twinning::sync
