// The rows of a replica's own changes: ledger, outbox and drawer.
#include "client/replica/store.h"
#include "client/replica/store_rows.h"

namespace twinning::client {

OwnRow Store::LastOwn() const {
  SQLite::Statement& row =
      Prepared("SELECT number, sequence, hash FROM own ORDER BY number DESC LIMIT 1");
  OwnRow own;
  if (row.executeStep()) {
    own = {NumberIn(row.getColumn(0)), NumberIn(row.getColumn(1)), HashIn(row.getColumn(2))};
  }
  row.reset();
  return own;
}

std::optional<OwnRow> Store::Own(Number number) const {
  SQLite::Statement& row = Prepared("SELECT number, sequence, hash FROM own WHERE number = ?");
  BindNumber(row, 1, number);
  std::optional<OwnRow> own;
  if (row.executeStep()) own = {number, NumberIn(row.getColumn(1)), HashIn(row.getColumn(2))};
  row.reset();
  return own;
}

void Store::PutOwn(const OwnRow& own) {
  SQLite::Statement& row = Prepared("INSERT INTO own VALUES (?, ?, ?)");
  BindNumber(row, 1, own.number);
  BindNumber(row, 2, own.sequence);
  BindBlob(row, 3, own.hash.bytes());
  row.exec();
}

std::vector<OutboxRow> Store::Outbox(Number after, size_t count) const {
  SQLite::Statement& row = Prepared(
      "SELECT number, change, personal FROM outbox WHERE number > ? ORDER BY number LIMIT ?");
  BindNumber(row, 1, after);
  BindNumber(row, 2, count);
  std::vector<OutboxRow> rows;
  while (row.executeStep()) {
    rows.push_back({NumberIn(row.getColumn(0)), ChangeIn(row.getColumn(1), row.getColumn(2))});
  }
  row.reset();
  return rows;
}

Number Store::OutboxFirst() const {
  SQLite::Statement& row = Prepared("SELECT min(number) FROM outbox");
  Number first = row.executeStep() ? NumberIn(row.getColumn(0)) : 0;
  row.reset();
  return first;
}

size_t Store::OutboxSize() const {
  SQLite::Statement& row = Prepared("SELECT count(*) FROM outbox");
  size_t size = row.executeStep() ? static_cast<size_t>(NumberIn(row.getColumn(0))) : 0;
  row.reset();
  return size;
}

namespace {

void BindOutbox(SQLite::Statement& row, const OutboxRow& change, const std::string& personal) {
  BindNumber(row, 1, change.number);
  BindBlob(row, 2, change.change.change());
  BindBlob(row, 3, personal);
}

}  // namespace

void Store::PutOutbox(const OutboxRow& row) {
  SQLite::Statement& insert = Prepared("INSERT INTO outbox VALUES (?, ?, ?)");
  std::string personal = PersonalBytes(row.change);
  BindOutbox(insert, row, personal);
  insert.exec();
}

void Store::ReplaceOutbox(const OutboxRow& row) {
  SQLite::Statement& replace = Prepared("INSERT OR REPLACE INTO outbox VALUES (?, ?, ?)");
  std::string personal = PersonalBytes(row.change);
  BindOutbox(replace, row, personal);
  replace.exec();
}

std::optional<v1::AuthoredChange> Store::TakeOutbox(Number number) {
  SQLite::Statement& row =
      Prepared("DELETE FROM outbox WHERE number = ? RETURNING change, personal");
  BindNumber(row, 1, number);
  std::optional<v1::AuthoredChange> change;
  if (row.executeStep()) change = ChangeIn(row.getColumn(0), row.getColumn(1));
  // The row goes when the statement has come to its end.
  if (change) row.executeStep();
  row.reset();
  return change;
}

std::vector<RefusedRow> Store::Refused() const {
  SQLite::Statement& row = Prepared(
      "SELECT number, change, personal, sequence, reason, detail FROM refused ORDER BY number");
  std::vector<RefusedRow> rows;
  while (row.executeStep()) {
    rows.push_back({NumberIn(row.getColumn(0)), ChangeIn(row.getColumn(1), row.getColumn(2)),
                    NumberIn(row.getColumn(3)),
                    static_cast<v1::RefusalReason>(row.getColumn(4).getInt()),
                    row.getColumn(5).getString()});
  }
  row.reset();
  return rows;
}

void Store::PutRefused(const RefusedRow& refused) {
  SQLite::Statement& row = Prepared("INSERT INTO refused VALUES (?, ?, ?, ?, ?, ?)");
  std::string personal = PersonalBytes(refused.change);
  BindNumber(row, 1, refused.number);
  BindBlob(row, 2, refused.change.change());
  BindBlob(row, 3, personal);
  BindNumber(row, 4, refused.sequence);
  row.bind(5, static_cast<int>(refused.reason));
  row.bind(6, refused.detail);
  row.exec();
}

void Store::MoveRefused(Number number, Sequence sequence) {
  SQLite::Statement& statement = Prepared("UPDATE refused SET sequence = ? WHERE number = ?");
  BindNumber(statement, 1, sequence);
  BindNumber(statement, 2, number);
  statement.exec();
}

bool Store::DeleteRefused(Number number) {
  SQLite::Statement& statement = Prepared("DELETE FROM refused WHERE number = ?");
  statement.bind(1, static_cast<int64_t>(number));
  return statement.exec() > 0;
}

}  // namespace twinning::client
