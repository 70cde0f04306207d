#include "common/ledger/change.h"

#include <fmt/core.h>

#include "common/base/status.h"
#include "common/ledger/limits.h"

namespace twinning::ledger {
namespace {

absl::Status Misshapen(std::string_view why) {
  return InvalidArgument(fmt::format("not a change: {}", why));
}

template <typename IdType>
absl::Status ReadId(const std::string& bytes, std::string_view what, IdType& id) {
  std::optional<IdType> read = IdType::Of(bytes);
  if (!read || read->empty()) {
    return Misshapen(fmt::format("its {} id is not {} bytes", what, IdType::kSize));
  }
  id = *read;
  return absl::OkStatus();
}

// All-zero for an absent hash, which is right exactly when `expected` is false.
absl::Status ReadHash(const std::string& bytes, bool expected, std::string_view what, Hash& hash) {
  if (bytes.empty() && !expected) return absl::OkStatus();
  std::optional<Hash> read = Hash::Of(bytes);
  if (!read || !expected) {
    return Misshapen(fmt::format("the hash of its {} has {} bytes instead of {}", what,
                                 bytes.size(), expected ? 32 : 0));
  }
  hash = *read;
  return absl::OkStatus();
}

absl::Status CheckPayload(const v1::Change& message) {
  if (message.encoding() != v1::EDITS) {
    return Misshapen(
        fmt::format("payload encoding {} is not known here", static_cast<int>(message.encoding())));
  }
  if (message.payload().size() > kMaxPayloadBytes) {
    return Misshapen(fmt::format("its payload of {} bytes is over the limit of {}",
                                 message.payload().size(), kMaxPayloadBytes));
  }
  return absl::OkStatus();
}

absl::Status ReadFields(v1::Change& message, ParsedChange& change) {
  TWINNING_RETURN_IF_ERROR(ReadId(message.ledger(), "ledger", change.ledger));
  TWINNING_RETURN_IF_ERROR(ReadId(message.replica(), "replica", change.replica));
  TWINNING_RETURN_IF_ERROR(ReadId(message.change_set(), "change-set", change.change_set));
  change.number = message.number();
  if (change.number == 0) return Misshapen("its number is 0; numbers begin at 1");
  TWINNING_RETURN_IF_ERROR(
      ReadHash(message.previous(), change.number > 1, "previous change", change.previous));
  change.base.sequence = message.base().sequence();
  TWINNING_RETURN_IF_ERROR(
      ReadHash(message.base().hash(), change.base.sequence > 0, "base", change.base.hash));
  change.time_ms = message.time_ms();
  change.encoding = message.encoding();
  change.payload = std::move(*message.mutable_payload());
  return absl::OkStatus();
}

}  // namespace

std::string ShortName(const ReplicaId& replica) { return replica.hex().substr(0, 8); }

std::string ParsedChange::name() const {
  return fmt::format("change {} of replica {}", number, ShortName(replica));
}

absl::StatusOr<ParsedChange> ParseChange(std::string_view authored) {
  if (authored.size() > kMaxChangeBytes) {
    return Misshapen(
        fmt::format("{} bytes are over the limit of {}", authored.size(), kMaxChangeBytes));
  }
  v1::Change message;
  if (!message.ParseFromArray(authored.data(), static_cast<int>(authored.size()))) {
    return Misshapen("its bytes do not read as one");
  }
  TWINNING_RETURN_IF_ERROR(CheckPayload(message));
  ParsedChange change;
  TWINNING_RETURN_IF_ERROR(ReadFields(message, change));
  change.bytes = authored;
  change.hash = ChangeHash(authored);
  return change;
}

std::string EncodeChange(const ParsedChange& change) {
  v1::Change message;
  message.set_ledger(std::string(change.ledger.bytes()));
  message.set_replica(std::string(change.replica.bytes()));
  message.set_number(change.number);
  if (change.number > 1) message.set_previous(std::string(change.previous.bytes()));
  message.mutable_base()->set_sequence(change.base.sequence);
  if (change.base.sequence > 0)
    message.mutable_base()->set_hash(std::string(change.base.hash.bytes()));
  message.set_change_set(std::string(change.change_set.bytes()));
  message.set_time_ms(change.time_ms);
  message.set_encoding(change.encoding);
  message.set_payload(change.payload);
  return message.SerializeAsString();
}

}  // namespace twinning::ledger
