#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "client/app/journal.h"

namespace twinning::app {
namespace {

TEST(Journal, APageGoesOnAfterTheEventThatItSawLast) {
  Journal journal("run");
  journal.Add("changed", "1");
  const std::string seen = journal.IdOf(journal.last());
  journal.Add("changed", "2");
  journal.Add("text", "3");

  auto number = journal.NumberIn(seen);
  ASSERT_TRUE(number);
  const std::vector<Event> events = journal.After(*number, 0);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].data, "2");
  EXPECT_EQ(events[1].name, "text");
}

TEST(Journal, AnIdOfAnotherRunOrOfNoRunIsNotKnown) {
  Journal journal("run");
  journal.Add("changed", "1");
  for (const char* id : {"", "run", "run-", "run-2", "run--1", "run-1x", "other-1", "run-1 "}) {
    EXPECT_FALSE(journal.NumberIn(id)) << id;
  }
  EXPECT_TRUE(journal.NumberIn("run-0"));
  EXPECT_TRUE(journal.NumberIn("run-1"));
}

TEST(Journal, KeepsTheLastOnesAndSaysWhenAPageComesTooLate) {
  Journal journal("run");
  for (size_t i = 0; i < Journal::kKept + 10; ++i) journal.Add("changed", "x");
  EXPECT_FALSE(journal.NumberIn("run-9"));
  EXPECT_TRUE(journal.NumberIn("run-10"));
  EXPECT_EQ(journal.After(10, 0).size(), Journal::kKept);
}

TEST(Journal, LargeEventsAreBoundedByTheirSize) {
  Journal journal("run");
  const std::string large(Journal::kBytesKept / 2, 'x');
  for (int i = 0; i < 3; ++i) journal.Add("text", large);
  EXPECT_FALSE(journal.NumberIn("run-0"));
  EXPECT_EQ(journal.After(1, 0).size(), 2u);
}

TEST(Journal, WhoWaitsIsWokenByAnEventAndByTheEnd) {
  Journal journal("run");
  std::vector<Event> heard;
  std::thread page([&] { heard = journal.After(0, 60'000); });
  journal.Add("changed", "1");
  page.join();
  EXPECT_EQ(heard.size(), 1u);

  std::thread other([&] { heard = journal.After(1, 60'000); });
  journal.Close();
  other.join();
  EXPECT_TRUE(heard.empty());
  EXPECT_TRUE(journal.closed());
}

}  // namespace
}  // namespace twinning::app
