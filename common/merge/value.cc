#include "common/merge/value.h"

#include "common/base/bytes.h"
#include "common/text/utf8.h"

namespace twinning::merge {
namespace {

Value Tagged(char tag, std::string_view payload) {
  Value value(1, tag);
  value.append(payload);
  return value;
}

Value TaggedVarint(char tag, int64_t number) {
  Value value(1, tag);
  AppendVarint(ZigZag(number), value);
  return value;
}

std::optional<std::string_view> Payload(char tag, std::string_view value) {
  if (value.empty() || value.front() != tag) return std::nullopt;
  return value.substr(1);
}

std::optional<int64_t> VarintPayload(char tag, std::string_view value) {
  std::optional<std::string_view> payload = Payload(tag, value);
  if (!payload) return std::nullopt;
  ByteReader reader(*payload);
  std::optional<uint64_t> number = reader.Varint();
  if (!number || !reader.done()) return std::nullopt;
  return UnZigZag(*number);
}

}  // namespace

Value StringValue(std::string_view text) { return Tagged('s', text); }
Value IntegerValue(int64_t value) { return TaggedVarint('i', value); }
Value DateValue(Days days) { return TaggedVarint('d', days); }
Value ReferenceValue(const RecordId& record) { return Tagged('r', record.bytes()); }
Value BytesValue(std::string_view bytes) { return Tagged('b', bytes); }
Value CommitmentValue(std::string_view commitment) { return Tagged('c', commitment); }

Value PairValue(const PairMembers& members) {
  Value value(1, 'p');
  for (const auto& [number, member] : members) {
    if (member.empty()) continue;
    AppendVarint(number, value);
    AppendPrefixed(member, value);
  }
  return value;
}

std::optional<std::string_view> StringOf(std::string_view value) {
  std::optional<std::string_view> payload = Payload('s', value);
  if (!payload || !text::IsValidUtf8(*payload)) return std::nullopt;
  if (payload->find('\0') != std::string_view::npos) return std::nullopt;
  return payload;
}

std::optional<int64_t> IntegerOf(std::string_view value) { return VarintPayload('i', value); }

std::optional<Days> DateOf(std::string_view value) {
  std::optional<int64_t> days = VarintPayload('d', value);
  if (!days || !IsDate(*days)) return std::nullopt;
  return static_cast<Days>(*days);
}

std::optional<RecordId> ReferenceOf(std::string_view value) {
  std::optional<std::string_view> payload = Payload('r', value);
  if (!payload) return std::nullopt;
  return RecordId::Of(*payload);
}

std::optional<std::string_view> BytesOf(std::string_view value) { return Payload('b', value); }

std::optional<std::string_view> CommitmentOf(std::string_view value) {
  std::optional<std::string_view> payload = Payload('c', value);
  if (!payload || payload->size() != 32) return std::nullopt;
  return payload;
}

std::optional<PairMembers> PairOf(std::string_view value) {
  std::optional<std::string_view> payload = Payload('p', value);
  if (!payload) return std::nullopt;
  PairMembers members;
  ByteReader reader(*payload);
  while (!reader.done()) {
    std::optional<uint64_t> number = reader.Varint();
    std::optional<std::string_view> member = reader.Prefixed();
    if (!number || *number == 0 || *number > UINT32_MAX || !member || member->empty()) {
      return std::nullopt;
    }
    if (!members.empty() && members.back().first >= *number) return std::nullopt;
    members.emplace_back(static_cast<uint32_t>(*number), Value(*member));
  }
  return members;
}

bool SayTheSame(std::string_view a, std::string_view b) {
  if (a == b) return true;
  std::optional<PairMembers> ours = PairOf(a);
  std::optional<PairMembers> theirs = PairOf(b);
  if (!ours || !theirs) return false;
  auto is_digest = [](const auto& member) { return BytesOf(member.second).has_value(); };
  std::erase_if(*ours, is_digest);
  std::erase_if(*theirs, is_digest);
  return ours == theirs;
}

}  // namespace twinning::merge
