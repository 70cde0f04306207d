#include "common/ledger/hashes.h"

#include <string>

#include "common/base/bytes.h"
#include "common/ledger/readmission.h"

namespace twinning::ledger {

v1::Base BaseOf(const Head& head) {
  v1::Base base;
  base.set_sequence(head.sequence);
  if (head.sequence > 0) base.set_hash(std::string(head.hash.bytes()));
  return base;
}

std::optional<Head> HeadOf(const v1::Base& base) {
  if (base.sequence() == 0) return Head();
  std::optional<Hash> hash = Hash::Of(base.hash());
  return hash ? std::optional<Head>({base.sequence(), *hash}) : std::nullopt;
}

Hash ChangeHash(std::string_view authored) { return HashOf("twinning.change.v1", authored); }

Hash StatementHash(std::string_view authored) { return HashOf("twinning.statement.v1", authored); }

Hash BodyHash(const v1::Entry& entry) {
  return entry.kind() == v1::CHANGE ? ChangeHash(entry.body()) : StatementHash(entry.body());
}

Hash EntryHash(const LedgerId& ledger, const Hash& previous, const v1::Entry& entry) {
  return EntryHash(ledger, previous, entry, BodyHash(entry));
}

Hash EntryHash(const LedgerId& ledger, const Hash& previous, const v1::Entry& entry,
               const Hash& body_hash) {
  std::string bytes(ledger.bytes());
  AppendFixed64(entry.sequence(), bytes);
  bytes.append(previous.bytes());
  bytes.push_back(static_cast<char>(entry.kind()));
  AppendFixed64(static_cast<uint64_t>(entry.time_ms()), bytes);
  bytes.append(body_hash.bytes());
  AppendPrefixed(entry.signature(), bytes);
  return HashOf("twinning.entry.v1", bytes);
}

bool EndsFrame(const v1::Entry& entry) {
  if (entry.kind() == v1::READMISSION) {
    absl::StatusOr<v1::Readmission> readmission = ReadReadmission(entry);
    return !readmission.ok() || EndsFrame(readmission->entry());
  }
  bool of_a_frame = entry.kind() == v1::CHANGE || entry.kind() == v1::REFUSAL;
  return !of_a_frame || !entry.signature().empty();
}

}  // namespace twinning::ledger
