// A replica on a disk that fails, and is well again later.
#include <gtest/gtest.h>

#include "client/replica/replica.h"
#include "common/base/status.h"
#include "tests/simulation/disk.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/client/test_ledger.h"

namespace twinning::simulation {
namespace {

constexpr int64_t kTime = 1932473100000;

class ReplicaDiskTest : public ::testing::Test {
 protected:
  ReplicaDiskTest() : disk_(folder_.path(), computer_) {
    InstallDisks();
    client::Identity ana = ledger_.Enrol("ana", "Exampleton");
    replica_ = *client::Replica::Create(folder_ / "ana", ana, client::TestLedger::KeyOf("ana"));
    EXPECT_TRUE(*replica_->LockSync());
    EXPECT_TRUE(replica_->ApplyEntries(ledger_.EntriesAfter(0)).ok());
  }

  absl::StatusOr<client::Saved> Save(const std::string& name) {
    return replica_->Write(
        [&](const plan::Plan&) -> absl::StatusOr<client::Replica::Draft> {
          client::Replica::Draft draft;
          RecordId id = testing::RecordNamed(name);
          draft.edits = {testing::Create(id, "activity"),
                         testing::Write(id, "activity", "title", merge::StringValue(name))};
          return draft;
        },
        kTime);
  }

  TemporaryFolder folder_;
  Computer computer_;
  Disk disk_;
  client::TestLedger ledger_;
  std::unique_ptr<client::Replica> replica_;
  int tried_ = 0;
};

TEST_F(ReplicaDiskTest, HoweverOftenItFailsWhatWasSavedStaysAndWritingGoesOn) {
  size_t saved = 0;
  for (size_t good = 0; good < 10; ++good) {
    for (size_t failures = 1; failures < 8; ++failures) {
      disk_.FailAfter(good, failures);
      for (int i = 0; i < 4; ++i) (void)Save("tried " + std::to_string(tried_++));
      (void)replica_->Checkpoint(false);
      disk_.Spare();
      ASSERT_TRUE(Save(std::to_string(good) + " " + std::to_string(failures)).ok());
      ASSERT_GT(replica_->outbox(), saved);
      saved = replica_->outbox();
    }
  }
  for (size_t good = 0; good < 10; ++good) {
    EXPECT_NE(replica_->view().Find(testing::RecordNamed(std::to_string(good) + " 7")), nullptr);
  }
}

}  // namespace
}  // namespace twinning::simulation
