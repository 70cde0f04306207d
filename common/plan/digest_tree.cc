#include "common/plan/digest_tree.h"

#include <string>

namespace twinning::plan {
namespace {

size_t BucketOf(const RecordId& key) {
  auto first = static_cast<unsigned char>(key.bytes()[0]);
  auto second = static_cast<unsigned char>(key.bytes()[1]);
  return (static_cast<size_t>(first) << 2 | second >> 6) % DigestTree::kBuckets;
}

}  // namespace

void DigestTree::Set(const RecordId& key, const Hash& digest) {
  size_t at = BucketOf(key);
  Bucket& bucket = buckets_[at];
  bucket.digests[key] = digest;
  if (!bucket.stale) stale_.push_back(at);
  bucket.stale = true;
}

Hash DigestTree::Root() {
  for (size_t at : stale_) {
    Bucket& bucket = buckets_[at];
    std::string bytes;
    for (const auto& [key, digest] : bucket.digests) {
      bytes.append(key.bytes());
      bytes.append(digest.bytes());
    }
    bucket.hash = HashOf("twinning.bucket.v1", bytes);
    bucket.stale = false;
  }
  stale_.clear();
  std::string bytes;
  bytes.reserve(kBuckets * 32);
  for (const Bucket& bucket : buckets_) bytes.append(bucket.hash.bytes());
  return HashOf("twinning.digest.v1", bytes);
}

}  // namespace twinning::plan
