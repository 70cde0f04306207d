#include "server/enrolment/invitation_book.h"

#include <fmt/core.h>

#include "common/base/status.h"

namespace twinning::server {
namespace {

std::string BlobOf(const SQLite::Column& column) { return column.getString(); }

void BindBlob(SQLite::Statement& statement, int index, std::string_view bytes) {
  statement.bind(index, bytes.data(), static_cast<int>(bytes.size()));
}

constexpr const char* kColumns =
    "ledger, town, role, expires_ms, redeemed_key, redeemed_ms, redeemed_by, made_ms, "
    "withdrawn_ms, "
    "secret_hash";

Invited InvitedIn(SQLite::Statement& row) {
  Invited invited;
  invited.ledger = LedgerId::Of(BlobOf(row.getColumn(0))).value_or(LedgerId());
  invited.town = TownId::Of(BlobOf(row.getColumn(1))).value_or(TownId());
  invited.role = static_cast<v1::Role>(row.getColumn(2).getInt());
  invited.expires_ms = row.getColumn(3).getInt64();
  invited.redeemed_key = BlobOf(row.getColumn(4));
  invited.redeemed_ms = row.getColumn(5).getInt64();
  invited.redeemed_by = row.getColumn(6).getString();
  invited.made_ms = row.getColumn(7).getInt64();
  invited.withdrawn_ms = row.getColumn(8).getInt64();
  invited.secret = Hash::Of(BlobOf(row.getColumn(9))).value_or(Hash());
  return invited;
}

}  // namespace

absl::Status InvitationBook::Add(const Hash& secret, const Invited& invited) {
  return database_.Write([&] {
    SQLite::Statement insert(database_.connection(),
                             "INSERT INTO invitation(secret_hash, ledger, town, role, expires_ms, "
                             "made_ms) VALUES(?, ?, ?, ?, ?, ?)");
    BindBlob(insert, 1, secret.bytes());
    BindBlob(insert, 2, invited.ledger.bytes());
    BindBlob(insert, 3, invited.town.bytes());
    insert.bind(4, static_cast<int>(invited.role));
    insert.bind(5, invited.expires_ms);
    insert.bind(6, invited.made_ms);
    insert.exec();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<Invited>> InvitationBook::Find(const Hash& secret) {
  std::optional<Invited> found;
  TWINNING_RETURN_IF_ERROR(database_.Run([&] {
    SQLite::Statement row(database_.connection(),
                          fmt::format("SELECT {} FROM invitation WHERE secret_hash = ?", kColumns));
    BindBlob(row, 1, secret.bytes());
    if (row.executeStep()) found = InvitedIn(row);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<Invited>> InvitationBook::List(const LedgerId& ledger, size_t count) {
  std::vector<Invited> all;
  TWINNING_RETURN_IF_ERROR(database_.Run([&] {
    SQLite::Statement row(database_.connection(),
                          fmt::format("SELECT {} FROM invitation WHERE ?1 = x'' OR ledger = ?1 "
                                      "ORDER BY made_ms DESC LIMIT ?2",
                                      kColumns));
    BindBlob(row, 1, ledger.empty() ? "" : ledger.bytes());
    row.bind(2, static_cast<int64_t>(count));
    while (row.executeStep()) all.push_back(InvitedIn(row));
    return absl::OkStatus();
  }));
  return all;
}

absl::Status InvitationBook::Withdraw(const Hash& secret, int64_t now_ms) {
  return database_.Write([&] {
    SQLite::Statement update(database_.connection(),
                             "UPDATE invitation SET withdrawn_ms = ?1 WHERE secret_hash = ?2 AND "
                             "redeemed_key IS NULL AND withdrawn_ms IS NULL");
    update.bind(1, now_ms);
    BindBlob(update, 2, secret.bytes());
    if (update.exec() == 1) return absl::OkStatus();
    return FailedPrecondition("this invitation was used or withdrawn before");
  });
}

absl::Status InvitationBook::Redeem(const Hash& secret, const std::string& key,
                                    const std::string& member, int64_t now_ms) {
  return database_.Write([&] {
    SQLite::Statement update(database_.connection(),
                             "UPDATE invitation SET redeemed_key = ?1, redeemed_ms = ?2, "
                             "redeemed_by = ?4 WHERE secret_hash = ?3 AND withdrawn_ms IS NULL "
                             "AND coalesce(redeemed_key, ?1) = ?1");
    BindBlob(update, 1, key);
    update.bind(2, now_ms);
    BindBlob(update, 3, secret.bytes());
    update.bind(4, member);
    if (update.exec() == 1) return absl::OkStatus();
    return FailedPrecondition("this invitation is not there for this key");
  });
}

absl::StatusOr<int64_t> InvitationBook::CertifiedUntil(const ReplicaId& replica) {
  int64_t until_ms = 0;
  TWINNING_RETURN_IF_ERROR(database_.Run([&] {
    SQLite::Statement row(database_.connection(),
                          "SELECT until_ms FROM certified WHERE replica = ?");
    BindBlob(row, 1, replica.bytes());
    if (row.executeStep()) until_ms = row.getColumn(0).getInt64();
    return absl::OkStatus();
  }));
  return until_ms;
}

absl::Status InvitationBook::NoteCertified(const ReplicaId& replica, int64_t until_ms) {
  return database_.Write([&] {
    SQLite::Statement put(database_.connection(),
                          "INSERT OR REPLACE INTO certified(replica, until_ms) VALUES(?, ?)");
    BindBlob(put, 1, replica.bytes());
    put.bind(2, until_ms);
    put.exec();
    return absl::OkStatus();
  });
}

}  // namespace twinning::server
