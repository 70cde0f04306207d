#include "client/engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/status.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/client/test_ledger.h"

namespace twinning::client {
namespace {

using testing::Create;
using ::testing::HasSubstr;
using testing::RecordNamed;

// The server's end of one connection, played by the test.
class PlayedTransport final : public Transport {
 public:
  struct Line {
    StreamListener* listener = nullptr;
    std::vector<v1::ClientMessage> sent;
    bool reading = false;
  };

  std::unique_ptr<Stream> Connect(StreamListener& listener) override {
    ++connections;
    line = std::make_shared<Line>();
    line->listener = &listener;
    return std::make_unique<PlayedStream>(line);
  }

  bool connected() const { return line && line->listener != nullptr; }

  // The oldest message that the client has sent, which then counts as written.
  v1::ClientMessage Take() {
    if (line->sent.empty()) {
      ADD_FAILURE() << "nothing was sent";
      return {};
    }
    v1::ClientMessage message = std::move(line->sent.front());
    line->sent.erase(line->sent.begin());
    if (connected()) line->listener->OnWritten();
    return message;
  }

  void Deliver(v1::ServerMessage message) {
    ASSERT_TRUE(connected() && line->reading);
    line->reading = false;
    line->listener->OnMessage(std::move(message));
  }

  void Lose(const std::string& why) { std::exchange(line->listener, nullptr)->OnClosed(why); }

  std::shared_ptr<Line> line;
  int connections = 0;

 private:
  class PlayedStream final : public Stream {
   public:
    explicit PlayedStream(std::shared_ptr<Line> line) : line_(std::move(line)) {}
    ~PlayedStream() override { line_->listener = nullptr; }
    void Send(v1::ClientMessage message) override { line_->sent.push_back(std::move(message)); }
    void ReadNext() override { line_->reading = true; }

   private:
    std::shared_ptr<Line> line_;
  };
};

// Ana's replica, a ledger that has enrolled her, and the engine between them.
class EngineTest : public ::testing::Test {
 protected:
  EngineTest() {
    Identity ana = ledger_.Enrol("ana", "Exampleton");
    ledger_.Enrol("ben", "Exempleville");
    replica_ = *Replica::Create(folder_.path() + "/ana", ana, TestLedger::KeyOf("ana"));
    EXPECT_TRUE(*replica_->LockSync());
    EXPECT_TRUE(replica_->ApplyEntries(ledger_.EntriesAfter(0)).ok());
    Surroundings around;
    around.transport = &server_;
    around.random = [] { return 0.5; };
    around.set_timer = [this](int64_t delay_ms) { timers_.push_back(delay_ms); };
    engine_ = std::make_unique<Engine>(*replica_, around);
  }

  void Save(Replica& replica, const std::string& name) {
    auto saved = replica.Write(
        [&](const plan::Plan&) -> absl::StatusOr<Replica::Draft> {
          Replica::Draft draft;
          draft.edits = {
              Create(RecordNamed(name), "activity"),
              testing::Write(RecordNamed(name), "activity", "title", merge::StringValue(name))};
          return draft;
        },
        1932473100000);
    ASSERT_TRUE(saved.ok() && !saved->refusal);
  }

  void Greet() {
    EXPECT_TRUE(server_.Take().has_hello());
    v1::ServerMessage message;
    v1::Welcome& welcome = *message.mutable_welcome();
    welcome.set_protocol(1);
    welcome.mutable_head()->set_sequence(ledger_.head());
    welcome.set_last_number(replica_->acknowledged());
    server_.Deliver(std::move(message));
  }

  void SendEntries() {
    v1::ServerMessage message;
    *message.mutable_entries() = ledger_.EntriesAfter(replica_->head().sequence);
    server_.Deliver(std::move(message));
  }

  void SendDigest(const Hash& digest) {
    v1::ServerMessage message;
    message.mutable_digest()->set_sequence(ledger_.head());
    message.mutable_digest()->set_digest(std::string(digest.bytes()));
    message.mutable_digest()->set_semantics(plan::kSemantics);
    server_.Deliver(std::move(message));
  }

  void BecomeSynced() {
    engine_->Start();
    Greet();
    SendDigest(ledger_.plan().Digest());
    EXPECT_TRUE(server_.Take().progress().outbox() == 0);
  }

  TemporaryFolder folder_;
  TestLedger ledger_;
  PlayedTransport server_;
  std::unique_ptr<Replica> replica_;
  std::vector<int64_t> timers_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineTest, IsSyncedWhenHeadsAndDigestsAreEqualAndTheOutboxIsEmpty) {
  engine_->Start();
  EXPECT_FALSE(engine_->state().synced);
  Greet();
  EXPECT_FALSE(engine_->state().synced);
  SendDigest(ledger_.plan().Digest());
  EXPECT_TRUE(engine_->state().synced);
  EXPECT_TRUE(replica_->sync_state().connected);
}

// It has lost what this replica holds, and this one must stay to bring it back.
TEST_F(EngineTest, IsNotSyncedWithAServerThatWasRestoredToBefore) {
  BecomeSynced();
  EXPECT_TRUE(engine_->state().synced);
  engine_->Stop();
  engine_->Start();
  EXPECT_TRUE(server_.Take().has_hello());
  v1::ServerMessage message;
  message.mutable_welcome()->set_protocol(1);
  message.mutable_welcome()->mutable_head()->set_sequence(ledger_.head() - 1);
  message.mutable_welcome()->set_last_number(replica_->acknowledged());
  server_.Deliver(std::move(message));
  EXPECT_FALSE(engine_->state().synced);
}

TEST_F(EngineTest, PushesWhatWasWrittenOfflineAndTakesItsEntryAsTheAcknowledgement) {
  Save(*replica_, "market");
  engine_->Start();
  Greet();
  EXPECT_EQ(server_.Take().push().changes_size(), 1);
  ledger_.Push(*replica_);
  SendEntries();
  EXPECT_EQ(replica_->outbox(), 0u);
  EXPECT_EQ(engine_->state().sent, 1u);
  EXPECT_FALSE(engine_->state().synced);
  SendDigest(ledger_.plan().Digest());
  EXPECT_TRUE(engine_->state().synced);
}

TEST_F(EngineTest, WhatAnotherProcessWritesGoesOutWhenItWakes) {
  BecomeSynced();
  auto other = Replica::Open(replica_->directory());
  ASSERT_TRUE(other.ok());
  Save(**other, "market");
  engine_->Wake();
  EXPECT_FALSE(engine_->state().synced);
  EXPECT_EQ(server_.Take().push().changes_size(), 1);
}

TEST_F(EngineTest, ConnectsAgainAfterAJitteredWhile) {
  engine_->Start();
  server_.Lose("The line is cut.");
  EXPECT_EQ(timers_, std::vector<int64_t>{500});
  EXPECT_THAT(engine_->state().problem, HasSubstr("The line is cut."));
  EXPECT_EQ(replica_->sync_state().problem, engine_->state().problem);
  engine_->OnTimer();
  server_.Lose("The line is cut.");
  EXPECT_EQ(timers_, (std::vector<int64_t>{500, 1000}));
  for (int i = 0; i < 10; ++i) {
    engine_->OnTimer();
    server_.Lose("The line is cut.");
  }
  EXPECT_EQ(timers_.back(), 30'000);
}

TEST_F(EngineTest, APushIsSentAgainWhenTheConnectionIsLostBeforeItsAcknowledgement) {
  Save(*replica_, "market");
  engine_->Start();
  Greet();
  EXPECT_TRUE(server_.Take().has_push());
  server_.Lose("The line is cut.");
  engine_->OnTimer();
  Greet();
  EXPECT_TRUE(server_.Take().has_push());
}

TEST_F(EngineTest, EntriesThatDoNotFollowAreNotTakenAndTheOutboxIsKept) {
  Save(*replica_, "market");
  engine_->Start();
  Greet();
  server_.Take();
  ledger_.Write("ben", {Create(RecordNamed("visit"), "activity"),
                        testing::Write(RecordNamed("visit"), "activity", "title",
                                       merge::StringValue("visit"))});
  v1::ServerMessage message;
  *message.mutable_entries() = ledger_.EntriesAfter(replica_->head().sequence);
  message.mutable_entries()->mutable_entries(0)->mutable_signature()->back() ^= 1;
  server_.Deliver(std::move(message));
  EXPECT_TRUE(engine_->state().given_up);
  EXPECT_FALSE(server_.connected());
  ASSERT_TRUE(replica_->Refresh().ok());
  EXPECT_EQ(replica_->outbox(), 1u);
  EXPECT_EQ(replica_->head().sequence + 1, ledger_.head());
}

TEST_F(EngineTest, ADigestThatDiffersMakesThePlanAgainAndComparesOnce) {
  engine_->Start();
  Greet();
  SendDigest(Sha256("another plan"));
  EXPECT_FALSE(server_.connected());
  EXPECT_EQ(timers_, std::vector<int64_t>{0});
  engine_->OnTimer();
  Greet();
  SendDigest(ledger_.plan().Digest());
  EXPECT_TRUE(engine_->state().synced);
  EXPECT_EQ(engine_->state().problem, "");
}

TEST_F(EngineTest, ADigestThatStillDiffersIsNeverCalledSynced) {
  BecomeSynced();
  SendDigest(Sha256("another plan"));
  engine_->OnTimer();
  Greet();
  EXPECT_FALSE(engine_->state().synced);
  SendDigest(Sha256("another plan"));
  EXPECT_TRUE(engine_->state().given_up);
  EXPECT_FALSE(engine_->state().synced);
  EXPECT_THAT(engine_->state().problem, HasSubstr("still differ"));
}

TEST_F(EngineTest, StoppingSaysThatNobodyIsConnected) {
  BecomeSynced();
  engine_->Stop();
  EXPECT_FALSE(server_.connected());
  EXPECT_FALSE(replica_->sync_state().connected);
  EXPECT_TRUE(replica_->synced());
  engine_->OnTimer();
  EXPECT_EQ(server_.connections, 1);
}

}  // namespace
}  // namespace twinning::client
