// How values lie in the columns of a replica's tables. Internal to the store.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <string_view>

#include "common/crypto/sha256.h"
#include "twinning/v1/change.pb.h"

namespace twinning::client {

inline std::string BlobOf(const SQLite::Column& column) {
  return {static_cast<const char*>(column.getBlob()), static_cast<size_t>(column.getBytes())};
}

inline Hash HashIn(const SQLite::Column& column) {
  return Hash::Of(
             {static_cast<const char*>(column.getBlob()), static_cast<size_t>(column.getBytes())})
      .value_or(Hash());
}

// SQLite tells a blob without bytes from NULL by its pointer.
inline void BindBlob(SQLite::Statement& statement, int index, std::string_view bytes) {
  statement.bindNoCopy(index, bytes.empty() ? "" : bytes.data(), static_cast<int>(bytes.size()));
}

inline void BindNumber(SQLite::Statement& statement, int index, uint64_t number) {
  statement.bind(index, static_cast<int64_t>(number));
}

inline uint64_t NumberIn(const SQLite::Column& column) {
  return static_cast<uint64_t>(column.getInt64());
}

// Personal values beside a change or entry, as the one message that has only them.
template <typename Message>
std::string PersonalBytes(const Message& message) {
  if (message.personal().empty()) return {};
  v1::AuthoredChange holder;
  *holder.mutable_personal() = message.personal();
  return holder.SerializeAsString();
}

inline v1::AuthoredChange ChangeIn(const SQLite::Column& change, const SQLite::Column& personal) {
  v1::AuthoredChange authored;
  authored.ParseFromString(BlobOf(personal));
  authored.set_change(BlobOf(change));
  return authored;
}

}  // namespace twinning::client
