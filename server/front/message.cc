#include "server/front/message.h"

#include "common/base/bytes.h"
#include "common/base/status.h"

namespace twinning::server {
namespace {

constexpr size_t kHead = 9;

uint64_t Fixed64In(std::string_view bytes) {
  uint64_t value = 0;
  for (unsigned char byte : bytes) value = value << 8 | byte;
  return value;
}

}  // namespace

std::string Encode(const FrontMessage& message) {
  std::string datagram(1, static_cast<char>(message.kind));
  AppendFixed64(message.call, datagram);
  datagram += message.body;
  return datagram;
}

std::optional<FrontMessage> DecodeFrontMessage(std::string_view datagram) {
  if (datagram.size() < kHead || datagram.size() > kMaxFrontMessage) return std::nullopt;
  const auto kind = static_cast<unsigned char>(datagram[0]);
  if (kind < FrontMessage::kBegin || kind > FrontMessage::kEnd) return std::nullopt;
  return FrontMessage{static_cast<FrontMessage::Kind>(kind), Fixed64In(datagram.substr(1, 8)),
                      std::string(datagram.substr(kHead))};
}

std::string Encode(const FrontPair& pair) {
  std::string body;
  AppendPrefixed(pair.key, body);
  AppendPrefixed(pair.chain, body);
  return body;
}

std::optional<FrontPair> DecodeFrontPair(std::string_view body) {
  ByteReader reader(body);
  std::optional<std::string_view> key = reader.Prefixed();
  std::optional<std::string_view> chain = reader.Prefixed();
  if (!key || !chain || !reader.done()) return std::nullopt;
  return FrontPair{std::string(*key), std::string(*chain)};
}

std::string Encode(const FrontFigures& figures) {
  std::string body;
  AppendVarint(figures.connections, body);
  AppendVarint(figures.turned_away, body);
  return body;
}

std::optional<FrontFigures> DecodeFrontFigures(std::string_view body) {
  ByteReader reader(body);
  std::optional<uint64_t> connections = reader.Varint();
  std::optional<uint64_t> turned_away = reader.Varint();
  if (!connections || !turned_away || !reader.done()) return std::nullopt;
  return FrontFigures{*connections, *turned_away};
}

std::string EncodeAnswer(const absl::StatusOr<std::string>& answer) {
  std::string body;
  AppendVarint(static_cast<uint64_t>(answer.status().raw_code()), body);
  body += answer.ok() ? *answer : MessageOf(answer.status());
  return body;
}

absl::StatusOr<std::string> DecodeAnswer(std::string_view body) {
  ByteReader reader(body);
  std::optional<uint64_t> code = reader.Varint();
  std::string rest(reader.rest());
  if (code == 0u) return rest;
  if (!code || *code > 16) return Internal("the server's answer cannot be read");
  return absl::Status(static_cast<absl::StatusCode>(*code), rest);
}

}  // namespace twinning::server
