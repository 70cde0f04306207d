// One hash over many keyed digests, updated a key at a time: 1024 buckets by the first bits of the
// key, a hash over each bucket's (key, digest) pairs in order, and a root over the buckets. (R.
// Merkle, "A Digital Signature Based on a Conventional Encryption Function", 1987.)
#pragma once

#include <array>
#include <map>
#include <vector>

#include "common/base/ids.h"
#include "common/crypto/sha256.h"

namespace twinning::plan {

class DigestTree {
 public:
  static constexpr size_t kBuckets = 1024;

  void Set(const RecordId& key, const Hash& digest);
  Hash Root();

 private:
  struct Bucket {
    std::map<RecordId, Hash> digests;
    Hash hash;
    bool stale = false;
  };
  std::vector<Bucket> buckets_{kBuckets};
  std::vector<size_t> stale_;
};

}  // namespace twinning::plan
