// Numbers and bytes as columns of the ledger's tables. Internal to this folder.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace twinning::server {

// SQLite counts in signed numbers.
inline constexpr uint64_t kSequenceMax = INT64_MAX;

inline int64_t Signed(uint64_t value) {
  return static_cast<int64_t>(std::min(value, kSequenceMax));
}

// The bytes are not copied: they must stay until the statement is reset.
inline void BindBlob(SQLite::Statement& statement, int index, std::string_view bytes) {
  // A null pointer would bind NULL, not an empty blob.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  statement.bindNoCopy(index, data, static_cast<int>(bytes.size()));
}

}  // namespace twinning::server
