// What a pushed frame comes to, before any of it is sequenced.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "common/base/status.h"
#include "common/ledger/chain.h"

namespace twinning::ledger {
namespace {

PushAnswer Answer(PushAnswer::Kind kind, std::string detail) {
  PushAnswer answer;
  answer.kind = kind;
  answer.detail = std::move(detail);
  return answer;
}

PushAnswer NotMember(const ReplicaId& replica, const Tail* tail) {
  return Answer(PushAnswer::kNotMember,
                fmt::format("replica {} {}", ShortName(replica),
                            tail == nullptr ? "is not enrolled here" : "has been revoked"));
}

PushAnswer Clone(const ParsedChange& change) {
  return Answer(PushAnswer::kClone,
                fmt::format("the ledger holds another change as number {} of replica {}: "
                            "a second copy of the replica writes too",
                            change.number, ShortName(change.replica)));
}

}  // namespace

PushAnswer Chain::Judge(const v1::Frame& frame, const ReplicaId& replica) const {
  const Tail* tail = Find(replica);
  if (tail == nullptr || tail->revoked) return NotMember(replica, tail);
  absl::StatusOr<std::vector<ParsedChange>> changes = ParseFrame(frame, ledger_, replica);
  if (!changes.ok()) return Answer(PushAnswer::kMalformed, MessageOf(changes.status()));
  if (!VerifyFrame(tail->key, FrameEnd::Of(changes->back()), frame.signature())) {
    return Answer(PushAnswer::kBadSignature,
                  fmt::format("the signature of the frame that ends with {} is not its own",
                              changes->back().name()));
  }
  if (changes->front().number > tail->number + 1) {
    return Answer(PushAnswer::kGap, fmt::format("{} comes after number {} in the ledger",
                                                changes->front().name(), tail->number));
  }
  if (std::optional<PushAnswer> clone = JudgeKnown(*changes, *tail)) return *std::move(clone);
  return JudgeFresh(*std::move(changes), *tail);
}

// The changes of a frame are chained to one another: when the last one that the ledger may have is
// the ledger's, so is every one before it.
std::optional<PushAnswer> Chain::JudgeKnown(const std::vector<ParsedChange>& changes,
                                            const Tail& tail) const {
  const ParsedChange& first = changes.front();
  if (first.number > tail.number) {
    if (first.previous == tail.hash) return std::nullopt;
    ParsedChange before;
    before.replica = first.replica;
    before.number = tail.number;
    return Clone(before);
  }
  size_t known = std::min<size_t>(changes.size(), tail.number - first.number + 1);
  const ParsedChange& last = changes[known - 1];
  std::optional<Hash> hash = last.number == tail.number
                                 ? std::optional<Hash>(tail.hash)
                                 : change_hash_at_(last.replica, last.number);
  if (hash && *hash != last.hash) return Clone(last);
  return std::nullopt;
}

PushAnswer Chain::JudgeFresh(std::vector<ParsedChange> changes, const Tail& tail) const {
  PushAnswer answer;
  for (size_t place = 0; place < changes.size(); ++place) {
    ParsedChange& change = changes[place];
    if (change.number <= tail.number) continue;
    std::optional<Sequence> base = Resolve(change.base);
    if (!base) {
      return Answer(PushAnswer::kUnknownBase,
                    fmt::format("{} was made on entry {}, which this ledger does not have",
                                change.name(), change.base.sequence));
    }
    if (FallsBack(change.base, *base, tail)) {
      return Answer(PushAnswer::kMalformed, fmt::format("{} falls back to base {} from {}",
                                                        change.name(), *base, tail.base));
    }
    answer.places.push_back(place);
    answer.fresh.push_back(std::move(change));
  }
  return answer;
}

}  // namespace twinning::ledger
