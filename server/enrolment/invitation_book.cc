#include "server/enrolment/invitation_book.h"

#include "common/base/status.h"

namespace twinning::server {
namespace {

std::string BlobOf(const SQLite::Column& column) { return column.getString(); }

void BindBlob(SQLite::Statement& statement, int index, std::string_view bytes) {
  statement.bind(index, bytes.data(), static_cast<int>(bytes.size()));
}

Invited InvitedIn(SQLite::Statement& row) {
  Invited invited;
  invited.ledger = LedgerId::Of(BlobOf(row.getColumn(0))).value_or(LedgerId());
  invited.town = TownId::Of(BlobOf(row.getColumn(1))).value_or(TownId());
  invited.role = static_cast<v1::Role>(row.getColumn(2).getInt());
  invited.expires_ms = row.getColumn(3).getInt64();
  invited.redeemed_key = BlobOf(row.getColumn(4));
  invited.redeemed_ms = row.getColumn(5).getInt64();
  return invited;
}

}  // namespace

absl::Status InvitationBook::Add(const Hash& secret, const Invited& invited) {
  return database_.Write([&] {
    SQLite::Statement insert(database_.connection(),
                             "INSERT INTO invitation(secret_hash, ledger, town, role, expires_ms) "
                             "VALUES(?, ?, ?, ?, ?)");
    BindBlob(insert, 1, secret.bytes());
    BindBlob(insert, 2, invited.ledger.bytes());
    BindBlob(insert, 3, invited.town.bytes());
    insert.bind(4, static_cast<int>(invited.role));
    insert.bind(5, invited.expires_ms);
    insert.exec();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<Invited>> InvitationBook::Find(const Hash& secret) {
  std::optional<Invited> found;
  TWINNING_RETURN_IF_ERROR(database_.Run([&] {
    SQLite::Statement row(database_.connection(),
                          "SELECT ledger, town, role, expires_ms, redeemed_key, redeemed_ms "
                          "FROM invitation WHERE secret_hash = ?");
    BindBlob(row, 1, secret.bytes());
    if (row.executeStep()) found = InvitedIn(row);
    return absl::OkStatus();
  }));
  return found;
}

absl::Status InvitationBook::Redeem(const Hash& secret, const std::string& key, int64_t now_ms) {
  return database_.Write([&] {
    SQLite::Statement update(database_.connection(),
                             "UPDATE invitation SET redeemed_key = ?1, redeemed_ms = ?2 "
                             "WHERE secret_hash = ?3 AND coalesce(redeemed_key, ?1) = ?1");
    BindBlob(update, 1, key);
    update.bind(2, now_ms);
    BindBlob(update, 3, secret.bytes());
    if (update.exec() == 1) return absl::OkStatus();
    return FailedPrecondition("this invitation is not there for this key");
  });
}

}  // namespace twinning::server
