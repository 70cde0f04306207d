// One change, read from the bytes that its author signed. Only its shape is judged here: whether
// the edits inside make sense is for the merge engine. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "common/crypto/sha256.h"
#include "common/ledger/hashes.h"
#include "twinning/v1/change.pb.h"

namespace twinning::ledger {

// `bytes` stay as authored, fields of a newer protocol included: they are what is hashed and
// stored.
struct ParsedChange {
  std::string bytes;
  Hash hash;
  LedgerId ledger;
  ReplicaId replica;
  Number number = 0;
  Hash previous;  // all-zero at number 1
  Head base;
  ChangeSetId change_set;
  int64_t time_ms = 0;
  v1::PayloadEncoding encoding = v1::PAYLOAD_ENCODING_UNSPECIFIED;
  std::string payload;

  std::string name() const;  // "change 7 of replica 3f2a…", for messages
};

// InvalidArgument with a sentence when the bytes are no change of a shape that may be sequenced.
absl::StatusOr<ParsedChange> ParseChange(std::string_view authored);

// The authored bytes of a change; `bytes` and `hash` of the argument are ignored.
std::string EncodeChange(const ParsedChange& change);

// The first eight hex digits, as messages name a replica.
std::string ShortName(const ReplicaId& replica);

}  // namespace twinning::ledger
