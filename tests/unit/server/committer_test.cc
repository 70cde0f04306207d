#include "server/sequencer/committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "common/base/status.h"
#include "server/ledger/memory_ledger.h"

namespace twinning::server {
namespace {

const LedgerId kOne = *LedgerId::Of("partnership-0001");

class FailingLedger : public MemoryLedger {
 public:
  absl::Status Append(std::span<const Batch>) override {
    return absl::UnknownError("a commit failed");
  }
};

int64_t Noon() { return 1932473100000; }

TEST(Committer, WhatATaskSequencesIsDurableAfterIt) {
  MemoryLedger ledger;
  Committer committer(ledger, Noon, [](const absl::Status&) {});
  std::promise<absl::Status> durable;
  committer.Post([&](Sequencer& sequencer) {
    ASSERT_TRUE(sequencer.Found(kOne, "Link").ok());
    sequencer.WhenDurable(kOne, 1, [&](const absl::Status& status) { durable.set_value(status); });
  });
  EXPECT_TRUE(durable.get_future().get().ok());
  committer.Stop();
  EXPECT_EQ(ledger.HeadOf(kOne)->sequence, 1u);
}

TEST(Committer, StoppingCarriesOutWhatWasPostedBefore) {
  MemoryLedger ledger;
  Committer committer(ledger, Noon, [](const absl::Status&) {});
  ASSERT_TRUE(committer.Post(
      [](Sequencer& sequencer) { ASSERT_TRUE(sequencer.Found(kOne, "Link").ok()); }));
  committer.Stop();
  EXPECT_EQ(ledger.HeadOf(kOne)->sequence, 1u);
  EXPECT_FALSE(committer.Post([](Sequencer&) {}));
}

TEST(Committer, AFailedLedgerIsReportedOnceAndNothingIsTakenAnyMore) {
  FailingLedger ledger;
  std::promise<absl::Status> failed;
  Committer committer(ledger, Noon, [&](const absl::Status& why) { failed.set_value(why); });
  std::promise<absl::Status> told;
  committer.Post([&](Sequencer& sequencer) {
    ASSERT_TRUE(sequencer.Found(kOne, "Link").ok());
    sequencer.WhenDurable(kOne, 1, [&](const absl::Status& status) { told.set_value(status); });
  });
  EXPECT_EQ(failed.get_future().get().code(), absl::StatusCode::kUnknown);
  EXPECT_FALSE(told.get_future().get().ok());
  EXPECT_FALSE(committer.Post([](Sequencer&) {}));
}

}  // namespace
}  // namespace twinning::server
