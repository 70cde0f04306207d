// The hashes that hold a ledger together. The byte formats are in proto/PROTOCOL.md; changing one
// of them makes every existing ledger unreadable. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "common/base/ids.h"
#include "common/crypto/sha256.h"
#include "twinning/v1/change.pb.h"

namespace twinning::ledger {

// The last entry of a ledger, or of what someone holds of it; {0, all-zero} is before the first.
struct Head {
  Sequence sequence = 0;
  Hash hash;

  bool operator==(const Head&) const = default;
};

// As messages name one.
v1::Base BaseOf(const Head& head);
// None when it names no hash where there is one.
std::optional<Head> HeadOf(const v1::Base& base);

Hash ChangeHash(std::string_view authored);
Hash StatementHash(std::string_view authored);

// What the entry's hash covers of its body.
Hash BodyHash(const v1::Entry& entry);

// Covers everything in the entry but its personal values.
Hash EntryHash(const LedgerId& ledger, const Hash& previous, const v1::Entry& entry);
Hash EntryHash(const LedgerId& ledger, const Hash& previous, const v1::Entry& entry,
               const Hash& body_hash);  // for callers that have computed it already

// Whether the frame that brought this entry ends here: readers stop only after such an entry.
bool EndsFrame(const v1::Entry& entry);

}  // namespace twinning::ledger
