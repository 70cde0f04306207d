// An entry with its place in the hash chain, as the server's ledger stores it.
#pragma once

#include "common/crypto/sha256.h"
#include "common/ledger/hashes.h"
#include "twinning/v1/change.pb.h"

namespace twinning::sync {

struct ChainedEntry {
  v1::Entry entry;
  Hash hash;

  ledger::Head head() const { return {entry.sequence(), hash}; }
};

}  // namespace twinning::sync
