// A server that was put back to an earlier state, and replicas that hold more than it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/ledger/readmission.h"
#include "tests/unit/sync/server_table.h"

namespace twinning::sync {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using twinning::testing::RecordNamed;

// What one replica holds, and how it answers a server that asks for it.
class Holder {
 public:
  Holder(Table& table, SessionId session, std::string person, std::vector<ChainedEntry> holds)
      : table_(table), session_(session), person_(std::move(person)), holds_(std::move(holds)) {}

  v1::ClientMessage Hello() const {
    v1::ClientMessage hello = Table::Hello(person_, holds_.back().head());
    hello.mutable_hello()->set_protocol_max(2);
    return hello;
  }
  // Connects and answers until the server asks for nothing more.
  void Meet() {
    table_.Open(session_, Hello());
    Answer();
  }
  void Answer() {
    for (table_.Settle(); AnswerOne(); table_.Settle()) {
    }
  }
  std::optional<v1::Rejoin> rejoin() const {
    for (const v1::ServerMessage& message : table_.sent[session_]) {
      if (message.has_rejoin()) return message.rejoin();
    }
    return std::nullopt;
  }
  v1::RecoveryState last_state() const {
    v1::RecoveryState state;
    for (const v1::ServerMessage& message : table_.sent[session_]) {
      if (message.has_recovery()) state = message.recovery();
    }
    return state;
  }
  int questions() const { return questions_; }

 private:
  bool AnswerOne() {
    std::vector<v1::ServerMessage>& sent = table_.sent[session_];
    for (; answered_ < sent.size(); ++answered_) {
      const v1::ServerMessage message = sent[answered_];
      v1::ClientMessage answer;
      if (message.has_compare()) {
        for (Sequence at : message.compare().sequences()) {
          *answer.mutable_hashes()->add_at() = ledger::BaseOf(holds_[at - 1].head());
        }
        ++questions_;
      } else if (message.has_wanted()) {
        // A few at a time, whole frames.
        for (Sequence at = message.wanted().after(); at < holds_.size(); ++at) {
          *answer.mutable_lost()->add_entries() = holds_[at].entry;
          if (answer.lost().entries_size() >= 3 && ledger::EndsFrame(holds_[at].entry)) break;
        }
      } else {
        continue;
      }
      ++answered_;
      table_.Hear(session_, answer);
      return true;
    }
    return false;
  }

  Table& table_;
  const SessionId session_;
  const std::string person_;
  const std::vector<ChainedEntry> holds_;
  size_t answered_ = 0;
  int questions_ = 0;
};

// Five entries found the partnership; ana and ben have written alternately after them.
class ServerRecovery : public ::testing::Test {
 protected:
  ServerRecovery() : table_(Table::WithAnaAndBen()) {
    table_->OpenAtHead(kAna, "ana");
    table_->OpenAtHead(kBen, "ben");
    for (int i = 1; i <= 4; ++i) {
      Say(kAna, ana_, "ana's " + std::to_string(i));
      Say(kBen, ben_, "ben's " + std::to_string(i));
    }
    all_ = table_->durable();
    EXPECT_EQ(all_.size(), 13u);
  }

  void Say(SessionId session, Pen& pen, const std::string& what) {
    pen.See(table_->server().durable());
    table_->Hear(session, pen.Push({pen.Change(NewObjective(what))}));
    table_->Settle();
  }

  // The server's file is replaced by an older one.
  void PutBack(size_t entries) {
    table_->durable().assign(all_.begin(), all_.begin() + static_cast<ptrdiff_t>(entries));
    table_->sent.clear();
    table_->closed.clear();
    ASSERT_TRUE(table_->Restart().ok());
  }
  // By the tool, which begins a recovery.
  void Restore(size_t entries) {
    PutBack(entries);
    ASSERT_TRUE(table_->server().Resume({1, entries}));
  }
  std::vector<ChainedEntry> First(size_t entries) const {
    return {all_.begin(), all_.begin() + static_cast<ptrdiff_t>(entries)};
  }

  bool Has(const std::string& what) { return table_->server().plan().Find(RecordNamed(what)); }
  std::vector<Hash> Hashes() const {
    std::vector<Hash> hashes;
    for (const ChainedEntry& entry : table_->durable()) hashes.push_back(entry.hash);
    return hashes;
  }

  std::unique_ptr<Table> table_;
  Pen ana_{"ana"};
  Pen ben_{"ben"};
  std::vector<ChainedEntry> all_;
};

TEST_F(ServerRecovery, WhatWasLostReturnsToItsOwnPlace) {
  Restore(7);
  Holder ana(*table_, kAna, "ana", all_);
  ana.Meet();
  ASSERT_TRUE(ana.rejoin());
  EXPECT_EQ(ana.rejoin()->common().sequence(), 13u);
  ASSERT_EQ(table_->durable().size(), 13u);
  EXPECT_EQ(table_->durable().back().hash, all_.back().hash);
  EXPECT_TRUE(Has("ben's 4"));
  EXPECT_TRUE(table_->server().StandingOf(ledger::cast::ReplicaOf("ana")).heard);
}

TEST_F(ServerRecovery, ClientsAheadByDifferentAmountsBringItBackPieceByPiece) {
  Restore(7);
  Holder(*table_, kAna, "ana", First(9)).Meet();
  EXPECT_EQ(table_->durable().size(), 9u);
  Holder(*table_, kBen, "ben", all_).Meet();
  EXPECT_EQ(table_->durable().size(), 13u);
  // Whoever was enrolled after the backup may still come: only the operator ends it.
  EXPECT_TRUE(table_->server().recovery());
  ASSERT_TRUE(table_->server().FinishRecovery(kNow).ok());
  table_->Settle();
  ASSERT_EQ(table_->durable().size(), 14u);
  EXPECT_EQ(table_->durable()[12].hash, all_[12].hash);
  EXPECT_EQ(table_->durable()[13].entry.kind(), v1::RECOVERY);
  EXPECT_EQ(table_->server().plan().epoch(), 1u);
  EXPECT_FALSE(table_->server().recovery());
}

TEST_F(ServerRecovery, NoNewChangesAreTakenBeforeItIsOver) {
  Restore(7);
  Holder ana(*table_, kAna, "ana", First(7));
  ana.Meet();
  EXPECT_TRUE(ana.last_state().collecting());
  EXPECT_EQ(ana.last_state().not_heard_from(), 1u);
  table_->Hear(kAna, ana_.Push({ana_.Change(NewObjective("new"))}));
  EXPECT_EQ(table_->ClosedWith(kAna), v1::RECOVERING);
  std::string key = ledger::cast::KeyOf("cleo").public_key();
  EXPECT_TRUE(absl::IsFailedPrecondition(
      table_->server().Enrol({RecordNamed("Exampleton"), "cleo", key}, kNow).status()));
}

TEST_F(ServerRecovery, WhatComesAfterNewEntriesIsReadmitted) {
  Restore(7);
  ASSERT_TRUE(table_->server().FinishRecovery(kNow).ok());
  table_->Commit();
  Holder ben(*table_, kBen, "ben", all_);
  ben.Meet();
  // Founding to ben's first, the new epoch, and the six that were lost.
  ASSERT_EQ(table_->durable().size(), 14u);
  EXPECT_EQ(table_->durable()[8].entry.kind(), v1::READMISSION);
  EXPECT_TRUE(Has("ben's 4"));
  EXPECT_TRUE(Has("ana's 4"));
  ASSERT_TRUE(ben.rejoin());
  EXPECT_EQ(ben.rejoin()->common().sequence(), 7u);
  EXPECT_EQ(ben.rejoin()->complete(), 14u);
  EXPECT_THAT(table_->Sequences(kBen), Contains(14));
}

TEST_F(ServerRecovery, WhatSomebodyElseBroughtBackIsNotAskedForAgain) {
  Restore(7);
  ASSERT_TRUE(table_->server().FinishRecovery(kNow).ok());
  table_->Commit();
  Holder(*table_, kAna, "ana", First(11)).Meet();
  size_t after_ana = table_->durable().size();
  Holder ben(*table_, kBen, "ben", all_);
  ben.Meet();
  EXPECT_EQ(table_->durable().size(), after_ana + 2);
  ASSERT_TRUE(ben.rejoin());
  EXPECT_EQ(ben.rejoin()->common().sequence(), 7u);
}

TEST_F(ServerRecovery, ChangesMadeOnWhatWasLostAreTakenOnceThatIsBack) {
  ana_.See(all_.back().head());
  v1::ClientMessage push = ana_.Push({ana_.Change(NewObjective("made on what was lost"))});
  Restore(7);
  ASSERT_TRUE(table_->server().FinishRecovery(kNow).ok());
  table_->Commit();
  Holder(*table_, kAna, "ana", all_).Meet();
  table_->Hear(kAna, push);
  table_->Settle();
  EXPECT_EQ(table_->ClosedWith(kAna), v1::CLOSE_REASON_UNSPECIFIED);
  EXPECT_TRUE(Has("made on what was lost"));
}

// A server whose file was exchanged while it was down does not know it.
TEST_F(ServerRecovery, AFileThatWasCopiedBackIsNoticed) {
  PutBack(7);
  Holder ana(*table_, kAna, "ana", all_);
  ana.Meet();
  EXPECT_EQ(table_->durable().size(), 13u);
  EXPECT_EQ(table_->durable().back().hash, all_.back().hash);
}

TEST_F(ServerRecovery, AFileThatWasCopiedBackAndWentOnBeginsANewEpochWhenItIsNoticed) {
  PutBack(7);
  table_->OpenAtHead(kBen, "ben");
  Pen ben("ben");
  ben.See(all_[5].head());
  ben.Change(NewObjective("ben's 1"));
  ben.See(table_->server().durable());
  // Ben's replica was put back as well; ana's was not.
  table_->Hear(kBen, ben.Push({ben.Change(NewObjective("another 2"))}));
  table_->Settle();
  ASSERT_TRUE(Has("another 2"));
  Holder ana(*table_, kAna, "ana", all_);
  ana.Meet();
  EXPECT_EQ(table_->server().plan().epoch(), 1u);
  EXPECT_TRUE(Has("ana's 4"));
  ASSERT_TRUE(ana.rejoin());
  EXPECT_EQ(ana.rejoin()->common().sequence(), 7u);
}

TEST_F(ServerRecovery, WhatOnlyTheServerSaidIsTakenOnTheOperatorsWord) {
  table_->Join("cleo", "Beispielstadt");
  table_->Commit();
  all_ = table_->durable();
  PutBack(7);
  Holder ana(*table_, kAna, "ana", all_);
  ana.Meet();
  EXPECT_EQ(table_->durable().size(), 13u);
  EXPECT_TRUE(ana.last_state().needs_operator());
  EXPECT_TRUE(table_->server().StandingOf(ledger::cast::ReplicaOf("ana")).needs_operator);
  ASSERT_TRUE(table_->server().BeginRecovery().ok());
  table_->Carry(table_->server().Announce());
  ana.Answer();
  EXPECT_EQ(table_->durable().size(), 15u);
  EXPECT_FALSE(ana.last_state().needs_operator());
}

TEST_F(ServerRecovery, WhoWasEnrolledAfterTheBackupBringsThatAlong) {
  table_->Join("cleo", "Beispielstadt");
  table_->Commit();
  all_ = table_->durable();
  Restore(7);
  Holder cleo(*table_, 3, "cleo", all_);
  cleo.Meet();
  EXPECT_EQ(table_->durable().size(), 15u);
  ASSERT_TRUE(cleo.rejoin());
  EXPECT_NE(table_->server().plan().FindMember(ledger::cast::ReplicaOf("cleo")), nullptr);
  // Without a recovery a stranger is a stranger.
  PutBack(7);
  Holder stranger(*table_, 3, "cleo", all_);
  stranger.Meet();
  EXPECT_EQ(table_->ClosedWith(3), v1::UNKNOWN_PARTNERSHIP);
}

TEST_F(ServerRecovery, AForgedOfferChangesNothing) {
  Restore(7);
  std::vector<ChainedEntry> forged = all_;
  v1::Entry& entry = forged[8].entry;
  entry.set_signature(forged[7].entry.signature());
  Holder(*table_, kAna, "ana", forged).Meet();
  EXPECT_EQ(table_->ClosedWith(kAna), v1::PROTOCOL_VIOLATION);
  EXPECT_THAT(table_->closed[kAna].detail, HasSubstr("entry 9"));
  EXPECT_EQ(table_->durable().size(), 7u);
  EXPECT_TRUE(table_->server().failure().ok());
}

TEST_F(ServerRecovery, ALongHistoryIsComparedInFewQuestions) {
  for (int i = 5; i <= 400; ++i) Say(kAna, ana_, "ana's " + std::to_string(i));
  all_ = table_->durable();
  PutBack(300);
  table_->OpenAtHead(kBen, "ben");
  table_->Hear(kBen, ben_.Push({ben_.Change(NewObjective("ben's 5"))}));
  table_->Settle();
  Holder ana(*table_, kAna, "ana", all_);
  ana.Meet();
  ASSERT_TRUE(ana.rejoin());
  EXPECT_EQ(ana.rejoin()->common().sequence(), 300u);
  EXPECT_LE(ana.questions(), 3);
  EXPECT_TRUE(Has("ana's 400"));
}

TEST_F(ServerRecovery, AServerThatStopsInTheMiddleGoesOnFromWhatIsDurable) {
  Restore(7);
  ASSERT_TRUE(table_->server().FinishRecovery(kNow).ok());
  table_->Commit();
  Holder(*table_, kAna, "ana", First(10)).Meet();
  size_t before = table_->durable().size();
  ASSERT_TRUE(table_->Restart().ok());
  table_->sent.clear();
  Holder(*table_, kAna, "ana", all_).Meet();
  EXPECT_EQ(table_->durable().size(), before + 3);
  EXPECT_TRUE(Has("ben's 4"));
  EXPECT_EQ(Hashes().size(), table_->durable().size());
}

TEST_F(ServerRecovery, AClientOfVersionOneIsToldAsBefore) {
  Restore(7);
  table_->Open(kAna, Table::Hello("ana", all_.back().head()));
  EXPECT_EQ(table_->ClosedWith(kAna), v1::LEDGER_BEHIND);
}

}  // namespace
}  // namespace twinning::sync
