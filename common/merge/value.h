// Canonical values: what a field holds, as bytes. Equal values are equal bytes, so that finding a
// conflict is comparing strings. The grammar is in proto/PROTOCOL.md:
//
//   value := ""                          not set
//          | 's' UTF-8                   text without a language (titles, places, codes)
//          | 'i' zigzag-varint           integers, enums by number, booleans as 0 and 1
//          | 'd' zigzag-varint           calendar date, days since 1970-01-01
//          | 'r' 16 bytes                reference to a record
//          | 'b' bytes                   a digest
//          | 'c' 32 bytes                commitment to a personal value
//          | 'p' (varint number, prefixed value)*   members of a pair, ascending, set ones only
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/date.h"
#include "common/base/ids.h"

namespace twinning::merge {

using Value = std::string;
using PairMembers = std::vector<std::pair<uint32_t, Value>>;

Value StringValue(std::string_view text);
Value IntegerValue(int64_t value);
Value DateValue(Days days);
Value ReferenceValue(const RecordId& record);
Value BytesValue(std::string_view bytes);
Value CommitmentValue(std::string_view commitment);
Value PairValue(const PairMembers& members);  // members ascending; unset ones are left out

// Each is none when the value is of another type or not canonical.
std::optional<std::string_view> StringOf(std::string_view value);
std::optional<int64_t> IntegerOf(std::string_view value);
std::optional<Days> DateOf(std::string_view value);
std::optional<RecordId> ReferenceOf(std::string_view value);
std::optional<std::string_view> BytesOf(std::string_view value);
std::optional<std::string_view> CommitmentOf(std::string_view value);
std::optional<PairMembers> PairOf(std::string_view value);

// Equal, or pairs that are equal but for digests: a digest only tells what the rest is about, and
// people who say the same of different words do not contradict each other.
bool SayTheSame(std::string_view a, std::string_view b);

}  // namespace twinning::merge
