// A partnership's server half at a table: its ledger is a list, its sessions are notebooks, and
// time stands still. The people are the cast of tests/unit/ledger.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "common/ledger/frame.h"
#include "common/sync/server_partnership.h"
#include "tests/support/world.h"
#include "tests/unit/ledger/cast.h"

namespace twinning::sync {

inline constexpr int64_t kNow = 1932473100000;
inline constexpr SessionId kAna = 1;
inline constexpr SessionId kBen = 2;

inline std::vector<v1::Edit> NewObjective(const std::string& name) {
  RecordId record = twinning::testing::RecordNamed(name);
  return {twinning::testing::Create(record, "objective"),
          twinning::testing::Write(record, "objective", "title", merge::StringValue(name))};
}

class ListedEntries final : public ledger::EntrySource {
 public:
  absl::Status Read(Sequence after, Sequence up_to,
                    const std::function<absl::Status(const v1::Entry&)>& see) const override {
    for (Sequence at = after; at < up_to && at < entries.size(); ++at) {
      TWINNING_RETURN_IF_ERROR(see(entries[at].entry));
    }
    return absl::OkStatus();
  }
  std::vector<ChainedEntry> entries;
};

// One person's own chain of changes.
class Pen {
 public:
  explicit Pen(std::string name) : name_(std::move(name)) {}

  void See(const ledger::Head& base) { base_ = base; }
  // A copy of somebody's replica, as it was after this change.
  void GoOnAfter(Number number, const Hash& hash) {
    last_.number = number;
    last_.hash = hash;
  }
  v1::AuthoredChange Change(const std::vector<v1::Edit>& edits) {
    v1::Edits message;
    for (const v1::Edit& edit : edits) *message.add_edits() = edit;
    return Change(message.SerializeAsString());
  }
  v1::AuthoredChange Change(const std::string& payload) {
    last_ = ledger::cast::ChangeOf(name_, last_.number + 1, last_.hash, base_, payload);
    v1::AuthoredChange change;
    change.set_change(last_.bytes);
    return change;
  }
  // Signed as it should be, whatever the changes are.
  v1::ClientMessage Push(std::vector<v1::AuthoredChange> changes) const {
    v1::ClientMessage message;
    for (v1::AuthoredChange& change : changes) {
      *message.mutable_push()->add_changes() = std::move(change);
    }
    absl::StatusOr<ledger::ParsedChange> last =
        ledger::ParseChange(message.push().changes().rbegin()->change());
    message.mutable_push()->set_signature(
        ledger::SignFrame(ledger::cast::KeyOf(name_), ledger::FrameEnd::Of(*last)));
    return message;
  }

 private:
  std::string name_;
  ledger::Head base_;
  ledger::ParsedChange last_;
};

class Table {
 public:
  explicit Table(const ServerLimits& limits = {}) : limits_(limits) { Sit(); }

  // Founded, with ana at Exampleton and ben at Exempleville as members.
  static std::unique_ptr<Table> WithAnaAndBen(const ServerLimits& limits = {}) {
    auto table = std::make_unique<Table>(limits);
    ServerPartnership& server = table->server();
    EXPECT_TRUE(server.Found(ledger::cast::Partnership(), "Link with France", kNow).ok());
    table->Join("ana", "Exampleton");
    table->Join("ben", "Exempleville");
    table->Commit();
    return table;
  }

  void Join(const std::string& person, const std::string& town) {
    TownId id = twinning::testing::RecordNamed(town);
    EXPECT_TRUE(server_->AdmitTown(id, town, kNow).ok());
    std::string key = ledger::cast::KeyOf(person).public_key();
    EXPECT_TRUE(server_->Enrol({id, person, key, v1::REPRESENTATIVE}, kNow).ok());
  }

  ServerPartnership& server() { return *server_; }
  const std::vector<ChainedEntry>& durable() const { return ledger_.entries; }
  std::vector<ChainedEntry>& durable() { return ledger_.entries; }

  // The server's process ends, and another begins with what is durable.
  absl::Status Restart() {
    Sit();
    for (const ChainedEntry& entry : ledger_.entries) {
      TWINNING_RETURN_IF_ERROR(server_->Load(entry));
    }
    return server_->Loaded();
  }

  static v1::ClientMessage Hello(const std::string& person, const ledger::Head& head = {}) {
    v1::ClientMessage message;
    v1::Hello& hello = *message.mutable_hello();
    hello.set_protocol_min(1);
    hello.set_protocol_max(1);
    hello.set_ledger(std::string(ledger::cast::Partnership().bytes()));
    hello.set_replica(std::string(ledger::cast::ReplicaOf(person).bytes()));
    hello.mutable_head()->set_sequence(head.sequence);
    if (head.sequence > 0) hello.mutable_head()->set_hash(std::string(head.hash.bytes()));
    return message;
  }

  void Open(SessionId session, const v1::ClientMessage& hello) {
    server_->Connected(session);
    Hear(session, hello);
  }
  // Connected with everything known, and has been told the digest.
  void OpenAtHead(SessionId session, const std::string& person) {
    Open(session, Hello(person, server_->durable()));
    Settle();
    sent[session].clear();
  }
  void Hear(SessionId session, const v1::ClientMessage& message) {
    Carry(server_->Received(session, message, kNow));
  }

  // One commit, when there is something.
  bool Commit() {
    std::optional<AppendEntries> append = server_->TakeAppend();
    if (!append) return false;
    EXPECT_EQ(append->expected, DurableHead());
    for (ChainedEntry& entry : append->entries) ledger_.entries.push_back(std::move(entry));
    Carry(server_->Committed(DurableHead()));
    return true;
  }
  // Everything leaves, is read and is committed, until nothing moves.
  void Settle() {
    do {
      while (Deliver()) {
      }
    } while (Commit());
  }
  // What is under way leaves.
  bool Deliver() {
    std::vector<SessionId> leaving = std::exchange(under_way_, {});
    for (SessionId session : leaving) Carry(server_->Written(session));
    return !leaving.empty();
  }

  void Carry(ServerActions actions) {
    for (ServerAction& action : actions) {
      if (auto* send = std::get_if<SendMessage>(&action)) {
        EXPECT_THAT(under_way_, ::testing::Not(::testing::Contains(send->session)));
        under_way_.push_back(send->session);
        sent[send->session].push_back(std::move(send->message));
      } else if (auto* close = std::get_if<CloseSession>(&action)) {
        closed[close->session] = *close;
        std::erase(under_way_, close->session);
      } else if (auto* read = std::get_if<ReadEntries>(&action)) {
        ++reads;
        Carry(server_->EntriesRead(read->session, Cut(*read)));
      }
    }
  }

  // The sequence numbers of all entries sent to a session.
  std::vector<Sequence> Sequences(SessionId session) {
    std::vector<Sequence> all;
    for (const v1::ServerMessage& message : sent[session]) {
      for (const v1::Entry& entry : message.entries().entries()) all.push_back(entry.sequence());
    }
    return all;
  }
  v1::CloseReason ClosedWith(SessionId session) const {
    auto at = closed.find(session);
    return at == closed.end() ? v1::CLOSE_REASON_UNSPECIFIED : at->second.reason;
  }

  std::map<SessionId, std::vector<v1::ServerMessage>> sent;
  std::map<SessionId, CloseSession> closed;
  int reads = 0;

 private:
  void Sit() {
    under_way_.clear();
    server_ = std::make_unique<ServerPartnership>(ledger_, limits_);
  }

  ledger::Head DurableHead() const {
    return ledger_.entries.empty() ? ledger::Head{} : ledger_.entries.back().head();
  }

  v1::Entries Cut(const ReadEntries& read) const {
    EntriesBatch batch;
    for (Sequence at = read.after; at < read.up_to; ++at) {
      if (!batch.Take(ledger_.entries[at].entry)) break;
    }
    return batch.Finish();
  }

  const ServerLimits limits_;
  ListedEntries ledger_;
  std::unique_ptr<ServerPartnership> server_;
  std::vector<SessionId> under_way_;
};

}  // namespace twinning::sync
