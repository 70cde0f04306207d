// One record as bytes, for checkpoints and snapshots (never hashed), and its digest, by which
// replicas prove that they hold the same.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/crypto/sha256.h"
#include "common/merge/record.h"

namespace twinning::merge {

// DecodeRecord(EncodeRecord(r)) behaves as r for every later edit: texts with their whole history,
// stamps, touches, settled conflicts and branches included. An encoded RecordState of
// snapshot.proto.
std::string EncodeRecord(const Record& record);

// DataLoss when the bytes are damaged. `trusted` bytes are our own from our own disk: their texts
// are opened without reading their history. Others are checked fully, and nothing they hold can
// crash us.
absl::StatusOr<Record> DecodeRecord(std::string_view bytes, bool trusted);

// DataLoss unless every write that the record knows of is of one of the first `replicas` replicas,
// or of a statement, and at or before `head`. For records from elsewhere, before they join a plan
// that looks up who wrote what.
absl::Status CheckWrites(const Record& record, ReplicaIndex replicas, Sequence head);

// Over a canonical encoding of everything that two replicas at one sequence must agree on; of a
// text the text itself, not how it is stored. The form is in MERGE.md.
Hash RecordDigest(const Record& record);

}  // namespace twinning::merge
