#include "client/replica/replica.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "common/base/status.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/client/test_ledger.h"

namespace twinning::client {
namespace {

using testing::Create;
using ::testing::HasSubstr;
using testing::RecordNamed;
using testing::Write;

// Ana's replica of a partnership with ben, with everything fetched.
class ReplicaTest : public ::testing::Test {
 protected:
  ReplicaTest() {
    Identity ana = ledger_.Enrol("ana", "Exampleton");
    ledger_.Enrol("ben", "Exempleville");
    auto made = Replica::Create(path(), ana, TestLedger::KeyOf("ana"));
    EXPECT_TRUE(made.ok()) << MessageOf(made.status());
    replica_ = *std::move(made);
    EXPECT_TRUE(*replica_->LockSync());
    Fetch();
  }

  std::string path() const { return folder_.path() + "/ana"; }

  void Fetch() {
    auto intake = replica_->ApplyEntries(ledger_.EntriesAfter(replica_->head().sequence));
    ASSERT_TRUE(intake.ok()) << MessageOf(intake.status());
  }

  // As after the process has ended in good order.
  void Reopen() {
    replica_.reset();
    OpenAgain();
  }

  // As after a kill: nothing is written at the end.
  void ReopenAfterKill() {
    Replica* lost = replica_.release();
    OpenAgain();
    lost_.push_back(lost);
  }

  void OpenAgain() {
    auto opened = Replica::Open(path());
    ASSERT_TRUE(opened.ok()) << MessageOf(opened.status());
    replica_ = *std::move(opened);
  }

  ~ReplicaTest() override {
    for (Replica* lost : lost_) delete lost;
  }

  static Replica::Make Naming(const std::string& name, const std::string& title) {
    return [name, title](const plan::Plan& view) -> absl::StatusOr<Replica::Draft> {
      Replica::Draft draft;
      RecordId record = RecordNamed(name);
      if (view.Find(record) == nullptr) draft.edits.push_back(Create(record, "activity"));
      draft.edits.push_back(Write(record, "activity", "title", merge::StringValue(title)));
      return draft;
    };
  }

  Saved Save(const std::string& name, const std::string& title) {
    auto saved = replica_->Write(Naming(name, title), kTime);
    EXPECT_TRUE(saved.ok()) << MessageOf(saved.status());
    if (saved.ok() && saved->refusal) ADD_FAILURE() << saved->refusal->detail;
    return saved.ok() ? *saved : Saved();
  }

  std::string TitleOf(const plan::Plan& plan, const std::string& name) {
    const merge::Record* record = plan.Find(RecordNamed(name));
    if (record == nullptr) return "nothing";
    uint32_t field = plan.KindOf(*record)->FieldByName("title")->number;
    return std::string(merge::StringOf(plan.Shown(*record, field)).value_or("no title"));
  }

  TemporaryFolder folder_;
  TestLedger ledger_;
  std::unique_ptr<Replica> replica_;
  std::vector<Replica*> lost_;
};

TEST_F(ReplicaTest, HoldsWhatTheLedgerMade) {
  EXPECT_EQ(replica_->head(), ledger_.plan().head());
  EXPECT_EQ(replica_->Digest(), ledger_.plan().Digest());
  EXPECT_EQ(replica_->identity().town_name, "Exampleton");
  EXPECT_EQ(replica_->confirmed().towns().size(), 2u);
}

TEST_F(ReplicaTest, WhatIsSavedIsInTheViewAndNotConfirmed) {
  Saved saved = Save("sports day", "Sports day");
  EXPECT_EQ(saved.number, 1u);
  EXPECT_EQ(TitleOf(replica_->view(), "sports day"), "Sports day");
  EXPECT_EQ(TitleOf(replica_->confirmed(), "sports day"), "nothing");
  EXPECT_EQ(replica_->outbox(), 1u);
}

TEST_F(ReplicaTest, SavedSurvivesACleanEndAndAKill) {
  Save("sports day", "Sports day");
  ReopenAfterKill();
  EXPECT_EQ(TitleOf(replica_->view(), "sports day"), "Sports day");
  Save("sports day", "Sports day for all");
  Reopen();
  EXPECT_EQ(TitleOf(replica_->view(), "sports day"), "Sports day for all");
  EXPECT_EQ(replica_->last_number(), 2u);
}

TEST_F(ReplicaTest, EntriesSurviveAKillWithoutACheckpoint) {
  ledger_.Write("ben", {Create(RecordNamed("market"), "activity"),
                        Write(RecordNamed("market"), "activity", "title",
                              merge::StringValue("Producers' market"))});
  Fetch();
  ReopenAfterKill();
  EXPECT_EQ(TitleOf(replica_->confirmed(), "market"), "Producers' market");
  EXPECT_EQ(replica_->Digest(), ledger_.plan().Digest());
}

TEST_F(ReplicaTest, ACheckpointHoldsWhatTheEntriesMake) {
  Save("sports day", "Sports day");
  ledger_.Push(*replica_);
  Fetch();
  ASSERT_TRUE(replica_->Checkpoint(false).ok());
  Save("sports day", "Sports day for all");
  ledger_.Push(*replica_);
  Fetch();
  Reopen();
  EXPECT_EQ(replica_->head(), ledger_.plan().head());
  EXPECT_EQ(replica_->Digest(), ledger_.plan().Digest());
}

TEST_F(ReplicaTest, APlanMadeAgainFromTheEntriesIsTheSame) {
  Save("sports day", "Sports day");
  ledger_.Push(*replica_);
  Fetch();
  Hash before = replica_->Digest();
  ASSERT_TRUE(replica_->Rebuild().ok());
  EXPECT_EQ(replica_->Digest(), before);
  Reopen();
  EXPECT_EQ(replica_->Digest(), before);
}

TEST_F(ReplicaTest, OwnEntriesLeaveTheOutbox) {
  Save("sports day", "Sports day");
  Save("market", "Market");
  ledger_.Push(*replica_);
  Save("seminar", "Seminar");
  Fetch();
  EXPECT_EQ(replica_->outbox(), 1u);
  EXPECT_EQ(replica_->acknowledged(), 2u);
  EXPECT_EQ(replica_->last_number(), 3u);
  EXPECT_EQ(TitleOf(replica_->confirmed(), "market"), "Market");
  EXPECT_EQ(TitleOf(replica_->view(), "seminar"), "Seminar");
}

TEST_F(ReplicaTest, AChangeAfterAcknowledgedOnesFollowsThem) {
  Save("sports day", "Sports day");
  ledger_.Push(*replica_);
  Fetch();
  Reopen();
  EXPECT_EQ(Save("market", "Market").number, 2u);
  ASSERT_TRUE(*replica_->LockSync());
  ledger_.Push(*replica_);
  Fetch();
  EXPECT_EQ(replica_->outbox(), 0u);
}

TEST_F(ReplicaTest, ARefusedChangeGoesToTheDrawerAndOutOfTheView) {
  Save("sports day", "Sports day");
  ledger_.RefuseNext(*replica_, "Sports day has been called off.");
  Fetch();
  EXPECT_EQ(replica_->outbox(), 0u);
  EXPECT_EQ(TitleOf(replica_->view(), "sports day"), "nothing");
  Reopen();
  auto refused = replica_->Refused();
  ASSERT_TRUE(refused.ok());
  ASSERT_EQ(refused->size(), 1u);
  EXPECT_EQ(refused->front().reason, v1::NO_RIGHT);
  EXPECT_EQ(refused->front().detail, "Sports day has been called off.");
  EXPECT_EQ(refused->front().change.authored.number, 1u);
  EXPECT_EQ(Save("market", "Market").number, 2u);
}

TEST_F(ReplicaTest, AnOwnChangeIsFoundInOutboxLedgerAndDrawer) {
  Save("sports day", "Sports day");
  Save("market", "Market");
  ledger_.Push(*replica_);
  Fetch();
  Save("seminar", "Seminar");
  ledger_.RefuseNext(*replica_, "no");
  Fetch();
  Save("visit", "Visit");
  for (Number number = 1; number <= 4; ++number) {
    auto change = replica_->OwnChange(number);
    ASSERT_TRUE(change.ok()) << MessageOf(change.status());
    EXPECT_EQ(change->authored.number, number);
  }
  EXPECT_TRUE(absl::IsNotFound(replica_->OwnChange(5).status()));
  EXPECT_TRUE(absl::IsNotFound(replica_->OwnChange(0).status()));
}

TEST_F(ReplicaTest, AnEntryThatDoesNotFollowLeavesEverythingAsItWas) {
  Save("sports day", "Sports day");
  ledger_.Push(*replica_);
  Save("market", "Market");
  ledger_.Push(*replica_);
  v1::Entries entries = ledger_.EntriesAfter(replica_->head().sequence);
  entries.mutable_entries(1)->set_time_ms(entries.entries(1).time_ms());
  std::string& signature = *entries.mutable_entries(1)->mutable_signature();
  signature[0] = static_cast<char>(signature[0] ^ 1);
  auto intake = replica_->ApplyEntries(entries);
  EXPECT_TRUE(absl::IsDataLoss(intake.status())) << MessageOf(intake.status());
  EXPECT_EQ(replica_->outbox(), 2u);
  ASSERT_TRUE(replica_->Refresh().ok());
  EXPECT_EQ(replica_->outbox(), 2u);
  EXPECT_EQ(replica_->acknowledged(), 0u);
  Fetch();
  EXPECT_EQ(replica_->outbox(), 0u);
  EXPECT_EQ(replica_->Digest(), ledger_.plan().Digest());
}

TEST_F(ReplicaTest, AnotherObjectSeesWritesAndEntries) {
  auto other = Replica::Open(path());
  ASSERT_TRUE(other.ok());
  Save("sports day", "Sports day");
  ASSERT_TRUE((*other)->Refresh().ok());
  EXPECT_EQ(TitleOf((*other)->view(), "sports day"), "Sports day");
  EXPECT_EQ((*other)->outbox(), 1u);
  ledger_.Push(*replica_);
  Fetch();
  ASSERT_TRUE((*other)->Refresh().ok());
  EXPECT_EQ(TitleOf((*other)->confirmed(), "sports day"), "Sports day");
  EXPECT_EQ((*other)->outbox(), 0u);
}

TEST_F(ReplicaTest, OnlyOneObjectHoldsTheSyncLock) {
  auto other = Replica::Open(path());
  ASSERT_TRUE(other.ok());
  EXPECT_FALSE(*(*other)->LockSync());
  EXPECT_FALSE((*other)->ApplyEntries(ledger_.EntriesAfter(0)).ok());
  replica_->UnlockSync();
  EXPECT_TRUE(*(*other)->LockSync());
}

TEST_F(ReplicaTest, AnErrorOrARefusalWritesNothing) {
  auto failed = replica_->Write(
      [](const plan::Plan&) -> absl::StatusOr<Replica::Draft> { return InvalidArgument("no"); },
      kTime);
  EXPECT_TRUE(absl::IsInvalidArgument(failed.status()));
  auto refused = replica_->Write(
      [](const plan::Plan&) -> absl::StatusOr<Replica::Draft> {
        Replica::Draft draft;
        draft.edits = {Write(RecordNamed("nowhere"), "activity", "title", merge::StringValue("x"))};
        return draft;
      },
      kTime);
  ASSERT_TRUE(refused.ok());
  ASSERT_TRUE(refused->refusal.has_value());
  EXPECT_EQ(refused->refusal->reason, v1::UNKNOWN_RECORD);
  EXPECT_EQ(replica_->outbox(), 0u);
  EXPECT_EQ(Save("market", "Market").number, 1u);
}

TEST_F(ReplicaTest, AChangeThatIsTooLargeIsRefusedInASentence) {
  auto saved = replica_->Write(Naming("market", std::string(300 * 1024, 'x')), kTime);
  EXPECT_TRUE(absl::IsInvalidArgument(saved.status()));
  EXPECT_THAT(MessageOf(saved.status()), HasSubstr("Nothing was written"));
  EXPECT_EQ(replica_->outbox(), 0u);
}

TEST_F(ReplicaTest, FiftyWritersAtOnceAllTakeEffectWithoutAGap) {
  constexpr int kWriters = 50;
  std::vector<std::thread> writers;
  std::vector<absl::Status> results(kWriters);
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([this, i, &results] {
      auto own = Replica::Open(path());
      results[i] = own.status();
      if (!own.ok()) return;
      auto saved = (*own)->Write(Naming("activity " + std::to_string(i), "Title"), kTime);
      results[i] = saved.status();
    });
  }
  for (std::thread& writer : writers) writer.join();
  for (const absl::Status& result : results) EXPECT_TRUE(result.ok()) << MessageOf(result);
  ASSERT_TRUE(replica_->Refresh().ok());
  EXPECT_EQ(replica_->outbox(), 50u);
  auto changes = replica_->ReadOutbox(0, ledger::kFrameRoom);
  ASSERT_TRUE(changes.ok()) << MessageOf(changes.status());
  EXPECT_EQ(changes->size(), 50u);
  ledger_.Push(*replica_);
  Fetch();
  EXPECT_EQ(replica_->outbox(), 0u);
  for (int i = 0; i < kWriters; ++i) {
    EXPECT_EQ(TitleOf(replica_->confirmed(), "activity " + std::to_string(i)), "Title");
  }
}

TEST_F(ReplicaTest, WritersOfManyProcessesBuildOnOneAnother) {
  // Each writes the title that it found, with a letter more: a lost update would show.
  Save("market", "M");
  constexpr int kProcesses = 10;
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    pid_t child = fork();
    if (child == 0) {
      auto own = Replica::Open(path());
      auto longer = [this](const plan::Plan& view) -> absl::StatusOr<Replica::Draft> {
        return Naming("market", TitleOf(view, "market") + "x")(view);
      };
      _exit(own.ok() && (*own)->Write(longer, kTime).ok() ? 0 : 1);
    }
    children.push_back(child);
  }
  for (pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  ASSERT_TRUE(replica_->Refresh().ok());
  EXPECT_EQ(TitleOf(replica_->view(), "market"), "Mxxxxxxxxxx");
}

TEST_F(ReplicaTest, OnlyItsOwnerMayReadTheFiles) {
  struct stat file {};
  ASSERT_EQ(stat(path().c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0700u);
  for (const auto& entry : std::filesystem::directory_iterator(path())) {
    ASSERT_EQ(stat(entry.path().c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0077, 0u) << entry.path();
  }
}

TEST_F(ReplicaTest, TheSyncStateIsThereForOtherProcesses) {
  SyncState state;
  state.connected = true;
  state.server_head = replica_->head().sequence;
  state.digest_matched = replica_->head().sequence;
  ASSERT_TRUE(replica_->NoteSync(state).ok());
  auto other = Replica::Open(path());
  ASSERT_TRUE(other.ok());
  EXPECT_TRUE((*other)->sync_state().connected);
  EXPECT_TRUE((*other)->synced());
  Save("market", "Market");
  ASSERT_TRUE((*other)->Refresh().ok());
  EXPECT_FALSE((*other)->synced());
  replica_->UnlockSync();
  EXPECT_FALSE((*other)->sync_state().connected);
}

TEST_F(ReplicaTest, APlanIsReadAsItWasAtAnEarlierSequence) {
  Save("market", "Market");
  ledger_.Push(*replica_);
  Fetch();
  Sequence then = replica_->head().sequence;
  Save("market", "Producers' market");
  ledger_.Push(*replica_);
  Fetch();
  auto at = replica_->At(then);
  ASSERT_TRUE(at.ok()) << MessageOf(at.status());
  EXPECT_EQ(TitleOf(**at, "market"), "Market");
  EXPECT_TRUE(absl::IsInvalidArgument(replica_->At(then + 100).status()));
}

TEST(ReplicaFiles, ADirectoryThatIsNoReplicaIsRefusedInASentence) {
  TemporaryFolder folder;
  auto opened = Replica::Open(folder.path());
  EXPECT_TRUE(absl::IsFailedPrecondition(opened.status()));
  EXPECT_THAT(MessageOf(opened.status()), HasSubstr("is not a replica"));
  EXPECT_FALSE(Replica::Open(folder.path() + "/nowhere").ok());
}

TEST(ReplicaFiles, AReplicaIsMadeOnce) {
  TemporaryFolder folder;
  TestLedger ledger;
  Identity ana = ledger.Enrol("ana", "Exampleton");
  ASSERT_TRUE(Replica::Create(folder.path() + "/ana", ana, TestLedger::KeyOf("ana")).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(
      Replica::Create(folder.path() + "/ana", ana, TestLedger::KeyOf("ana")).status()));
  EXPECT_TRUE(absl::IsAlreadyExists(
      Replica::Create(folder.path() + "/ana", ana, TestLedger::KeyOf("ben")).status()));
}

TEST_F(ReplicaTest, AFileOfANewerVersionIsLeftAsItIs) {
  replica_.reset();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((path() + "/replica.db").c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "PRAGMA user_version=99", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  auto opened = Replica::Open(path());
  EXPECT_TRUE(absl::IsFailedPrecondition(opened.status()));
  EXPECT_THAT(MessageOf(opened.status()), HasSubstr("version 99"));
}

TEST_F(ReplicaTest, ADamagedFileIsSaidToBeDamaged) {
  replica_.reset();
  std::filesystem::remove(path() + "/replica.db-wal");
  std::filesystem::remove(path() + "/replica.db-shm");
  std::ofstream(path() + "/replica.db", std::ios::binary) << "these are no tables";
  auto opened = Replica::Open(path());
  EXPECT_FALSE(opened.ok());
  EXPECT_THAT(MessageOf(opened.status()), HasSubstr("replica.db"));
}

TEST_F(ReplicaTest, ADamagedCheckpointIsMadeAgainFromTheEntries) {
  Save("market", "Market");
  ledger_.Push(*replica_);
  Fetch();
  replica_.reset();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((path() + "/replica.db").c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "UPDATE record SET state = x'00ff00'", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(db);
  OpenAgain();
  EXPECT_EQ(TitleOf(replica_->confirmed(), "market"), "Market");
  EXPECT_EQ(replica_->Digest(), ledger_.plan().Digest());
}

}  // namespace
}  // namespace twinning::client
