// A chain between two frames as bytes, for checkpoints:
//
//   chain = 0x02 ledger varint-sequence hash varint-count tail* varint-count lost* check
//   tail  = replica key varint-number hash varint-base (0x00 | 0x01 revoked)    ascending by
//   replica lost  = hash previous varint-sequence varint-fork varint-readmitted replica
//   varint-number check = the hash of everything before
#include <utility>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/ledger/chain.h"

namespace twinning::ledger {
namespace {

constexpr char kVersion = 2;
constexpr std::string_view kChainDomain = "twinning.chain.v1";

absl::Status Damaged() {
  return DataLoss("a stored chain is damaged; verify the ledger again from its first entry");
}

void AppendTail(const ReplicaId& replica, const Tail& tail, std::string& out) {
  out.append(replica.bytes());
  out.append(tail.key);
  AppendVarint(tail.number, out);
  out.append(tail.hash.bytes());
  AppendVarint(tail.base, out);
  out.push_back(tail.revoked ? 1 : 0);
}

void AppendLost(const Lost& lost, std::string& out) {
  out.append(lost.hash.bytes());
  out.append(lost.previous.bytes());
  AppendVarint(lost.sequence, out);
  AppendVarint(lost.fork, out);
  AppendVarint(lost.readmitted, out);
  out.append(lost.replica.bytes());
  AppendVarint(lost.number, out);
}

template <typename Fixed>
bool Take(ByteReader& in, size_t size, Fixed& out) {
  std::optional<std::string_view> bytes = in.Take(size);
  if (!bytes) return false;
  out = *Fixed::Of(*bytes);
  return true;
}

bool Take(ByteReader& in, uint64_t& out) {
  std::optional<uint64_t> value = in.Varint();
  if (value) out = *value;
  return value.has_value();
}

std::optional<Tail> TakeTail(ByteReader& in, const ReplicaId& replica) {
  Tail tail;
  std::optional<std::string_view> key = in.Take(kPublicKeySize);
  if (!key || ReplicaOfKey(*key) != replica) return std::nullopt;
  tail.key = *key;
  if (!Take(in, tail.number) || !Take(in, Hash().bytes().size(), tail.hash) ||
      !Take(in, tail.base)) {
    return std::nullopt;
  }
  std::optional<std::string_view> revoked = in.Take(1);
  if (!revoked || static_cast<unsigned char>(revoked->front()) > 1) return std::nullopt;
  tail.revoked = revoked->front() == 1;
  return tail;
}

bool TakeTails(ByteReader& in, std::map<ReplicaId, Tail>& tails) {
  uint64_t count = 0;
  if (!Take(in, count)) return false;
  for (; count > 0; --count) {
    ReplicaId replica;
    if (!Take(in, ReplicaId::kSize, replica)) return false;
    std::optional<Tail> tail = TakeTail(in, replica);
    if (!tail || (!tails.empty() && tails.rbegin()->first >= replica)) return false;
    tails.emplace_hint(tails.end(), replica, *std::move(tail));
  }
  return true;
}

bool TakeLineage(ByteReader& in, Lineage& lineage) {
  constexpr size_t kHash = 32;
  uint64_t count = 0;
  if (!Take(in, count)) return false;
  for (; count > 0; --count) {
    Lost lost;
    if (!Take(in, kHash, lost.hash) || !Take(in, kHash, lost.previous) ||
        !Take(in, lost.sequence) || !Take(in, lost.fork) || !Take(in, lost.readmitted) ||
        !Take(in, ReplicaId::kSize, lost.replica) || !Take(in, lost.number)) {
      return false;
    }
    lineage.Add(lost);
  }
  return true;
}

}  // namespace

std::string Chain::Encode() const {
  std::string bytes(1, kVersion);
  bytes.append(ledger_.bytes());
  AppendVarint(head_.sequence, bytes);
  bytes.append(head_.hash.bytes());
  AppendVarint(tails_.size(), bytes);
  for (const auto& [replica, tail] : tails_) AppendTail(replica, tail, bytes);
  AppendVarint(lineage_.all().size(), bytes);
  for (const Lost& lost : lineage_.all()) AppendLost(lost, bytes);
  bytes.append(HashOf(kChainDomain, bytes).bytes());
  return bytes;
}

absl::StatusOr<Chain> Chain::Decode(std::string_view bytes, HashAt hash_at,
                                    ChangeHashAt change_hash_at) {
  constexpr size_t kCheck = 32;
  if (bytes.size() <= kCheck || bytes.front() != kVersion) return Damaged();
  std::string_view covered = bytes.substr(0, bytes.size() - kCheck);
  if (HashOf(kChainDomain, covered).bytes() != bytes.substr(covered.size())) return Damaged();
  ByteReader in(covered.substr(1));
  Chain chain(std::move(hash_at), std::move(change_hash_at));
  if (!Take(in, LedgerId::kSize, chain.ledger_) || !Take(in, chain.head_.sequence) ||
      !Take(in, kCheck, chain.head_.hash) || !TakeTails(in, chain.tails_) ||
      !TakeLineage(in, chain.lineage_) || !in.done()) {
    return Damaged();
  }
  return chain;
}

}  // namespace twinning::ledger
