#include "server/sequencer/sequencer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/ledger/frame.h"
#include "server/ledger/memory_ledger.h"
#include "tests/support/world.h"
#include "tests/unit/sync/server_table.h"

namespace twinning::server {
namespace {

using sync::kAna;
using sync::kBen;
using sync::kNow;
using sync::Pen;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using twinning::testing::RecordNamed;

const LedgerId kFirst = ledger::cast::Partnership();
const LedgerId kSecond = *LedgerId::Of("partnership-0002");

// Counts transactions, and fails when told.
class WatchedLedger : public MemoryLedger {
 public:
  absl::Status Append(std::span<const Batch> batches) override {
    if (!failure.ok()) return failure;
    ++appends;
    return MemoryLedger::Append(batches);
  }
  int appends = 0;
  absl::Status failure;
};

class Notebook : public Outlet {
 public:
  void Send(v1::ServerMessage message) override { sent.push_back(std::move(message)); }
  void Receive() override { ++receives; }
  void Close(const v1::Closing& closing) override { closed = closing.reason(); }

  std::vector<v1::ServerMessage> sent;
  int receives = 0;
  v1::CloseReason closed = v1::CLOSE_REASON_UNSPECIFIED;
};

class SequencerTest : public ::testing::Test {
 protected:
  SequencerTest() { Begin(); }

  void Begin() {
    sequencer_.reset();
    sequencer_ = std::make_unique<Sequencer>(ledger_, [] { return kNow; });
  }

  void Found(const LedgerId& ledger) {
    ASSERT_TRUE(sequencer_->Found(ledger, "Link " + ledger.hex()).ok());
    sync::ServerPartnership& partnership = **sequencer_->Find(ledger);
    ASSERT_TRUE(partnership.AdmitTown(RecordNamed("Exampleton"), "Exampleton", kNow).ok());
    std::string key = ledger::cast::KeyOf("ana").public_key();
    ASSERT_TRUE(
        partnership.Enrol({RecordNamed("Exampleton"), "ana", key, v1::REPRESENTATIVE}, kNow).ok());
    ASSERT_TRUE(sequencer_->Commit().ok());
  }

  std::shared_ptr<Notebook> Open(sync::SessionId id, const LedgerId& ledger) {
    auto notebook = std::make_shared<Notebook>();
    sequencer_->Connected(id, notebook);
    v1::ClientMessage hello = sync::Table::Hello("ana");
    hello.mutable_hello()->set_ledger(std::string(ledger.bytes()));
    sequencer_->Received(id, hello);
    return notebook;
  }

  v1::ClientMessage Push(Pen& pen, const std::string& title) {
    RecordId record = RecordNamed(title);
    return pen.Push({pen.Change(
        {twinning::testing::Create(record, "objective"),
         twinning::testing::Write(record, "objective", "title", merge::StringValue(title))})});
  }

  WatchedLedger ledger_;
  std::unique_ptr<Sequencer> sequencer_;
};

TEST_F(SequencerTest, OneTransactionTakesWhatAllPartnershipsHave) {
  Found(kFirst);
  Found(kSecond);
  ledger_.appends = 0;
  for (const LedgerId& ledger : {kFirst, kSecond}) {
    ASSERT_TRUE((*sequencer_->Find(ledger))->AdmitTown(RecordNamed("x"), "Elsewhere", kNow).ok());
  }
  ASSERT_TRUE(sequencer_->Commit().ok());
  EXPECT_EQ(ledger_.appends, 1);
  EXPECT_EQ(ledger_.HeadOf(kSecond)->sequence, 4u);
}

TEST_F(SequencerTest, ACommitWithoutAnythingNewIsNone) {
  Found(kFirst);
  ledger_.appends = 0;
  EXPECT_TRUE(sequencer_->Commit().ok());
  EXPECT_EQ(ledger_.appends, 0);
}

TEST_F(SequencerTest, ASessionIsLedToThePartnershipThatItsHelloNames) {
  Found(kFirst);
  Begin();  // from the ledger, when first asked for
  std::shared_ptr<Notebook> ana = Open(kAna, kFirst);
  ASSERT_EQ(ana->sent.size(), 1u);
  EXPECT_EQ(ana->sent[0].welcome().head().sequence(), 3u);
  EXPECT_EQ(ana->receives, 1);
}

TEST_F(SequencerTest, AnUnknownPartnershipAndNoHelloAreTurnedAway) {
  Found(kFirst);
  EXPECT_EQ(Open(kAna, kSecond)->closed, v1::UNKNOWN_PARTNERSHIP);
  auto silent = std::make_shared<Notebook>();
  sequencer_->Connected(kBen, silent);
  sequencer_->Received(kBen, {});
  EXPECT_EQ(silent->closed, v1::UNKNOWN_PARTNERSHIP);
  sequencer_->Received(kBen, {});  // may still come from the stream's thread
  sequencer_->Written(kBen);
  sequencer_->Disconnected(kBen);
}

TEST_F(SequencerTest, OneConnectionTooManyIsTurnedAway) {
  sequencer_.reset();
  sequencer_ = std::make_unique<Sequencer>(
      ledger_, [] { return kNow; }, sync::ServerLimits{.sessions = 1});
  Found(kFirst);
  EXPECT_EQ(Open(kAna, kFirst)->closed, v1::CLOSE_REASON_UNSPECIFIED);
  EXPECT_EQ(Open(kBen, kFirst)->closed, v1::SHUTTING_DOWN);
}

TEST_F(SequencerTest, APushIsAnsweredAfterTheCommitOnly) {
  Found(kFirst);
  std::shared_ptr<Notebook> ana = Open(kAna, kFirst);
  for (int i = 0; i < 3; ++i) sequencer_->Written(kAna);
  size_t before = ana->sent.size();
  Pen pen("ana");
  sequencer_->Received(kAna, Push(pen, "one"));
  EXPECT_EQ(ana->sent.size(), before);
  ASSERT_TRUE(sequencer_->Commit().ok());
  ASSERT_EQ(ana->sent.size(), before + 1);
  EXPECT_EQ(ana->sent.back().entries().entries(0).sequence(), 4u);
}

TEST_F(SequencerTest, AFailedLedgerTellsNobodyAnything) {
  Found(kFirst);
  std::shared_ptr<Notebook> ana = Open(kAna, kFirst);
  for (int i = 0; i < 3; ++i) sequencer_->Written(kAna);
  size_t before = ana->sent.size();
  Pen pen("ana");
  sequencer_->Received(kAna, Push(pen, "one"));
  ledger_.failure = absl::UnknownError("a commit failed");
  EXPECT_FALSE(sequencer_->Commit().ok());
  EXPECT_FALSE(sequencer_->Commit().ok());
  EXPECT_EQ(ana->sent.size(), before);
}

TEST_F(SequencerTest, WaitingIsOverWhenTheEntryIsDurable) {
  Found(kFirst);
  std::vector<std::string> said;
  auto say = [&](const std::string& what) {
    return [&said, what](const absl::Status& status) { said.push_back(what + MessageOf(status)); };
  };
  sequencer_->WhenDurable(kFirst, 3, say("three"));
  sequencer_->WhenDurable(kFirst, 4, say("four"));
  EXPECT_THAT(said, ElementsAre("three"));
  ASSERT_TRUE((*sequencer_->Find(kFirst))->AdmitTown(RecordNamed("x"), "Elsewhere", kNow).ok());
  EXPECT_THAT(said, ElementsAre("three"));
  ASSERT_TRUE(sequencer_->Commit().ok());
  EXPECT_THAT(said, ElementsAre("three", "four"));
}

TEST_F(SequencerTest, TheEndTellsSessionsAndWhoeverWaits) {
  Found(kFirst);
  std::shared_ptr<Notebook> ana = Open(kAna, kFirst);
  absl::Status told;
  sequencer_->WhenDurable(kFirst, 9, [&](const absl::Status& status) { told = status; });
  sequencer_->End();
  EXPECT_EQ(ana->closed, v1::SHUTTING_DOWN);
  EXPECT_TRUE(absl::IsUnavailable(told));
}

TEST_F(SequencerTest, ALedgerThatIsDamagedClosesOnlyItsOwnSessions) {
  Found(kFirst);
  Found(kSecond);
  Begin();
  // An entry that does not follow: its hash is another one.
  sync::ChainedEntry wrong;
  wrong.entry.set_sequence(4);
  wrong.entry.set_kind(v1::SCHEMA);
  Batch batch{kFirst, *ledger_.HeadOf(kFirst), {wrong}};
  ASSERT_TRUE(ledger_.Append({&batch, 1}).ok());
  EXPECT_EQ(Open(kAna, kFirst)->closed, v1::SHUTTING_DOWN);
  EXPECT_EQ(Open(kBen, kSecond)->closed, v1::CLOSE_REASON_UNSPECIFIED);
  EXPECT_THAT(MessageOf(sequencer_->Find(kFirst).status()),
              HasSubstr("entry 4 is not what it was"));
}

}  // namespace
}  // namespace twinning::server
