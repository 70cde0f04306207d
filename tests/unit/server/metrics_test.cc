// The figures: what is counted, how it is served, and what the dashboard asks for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "server/ctl/rates.h"
#include "server/metrics/families.h"
#include "tests/unit/server/open_house.h"

namespace twinning::server {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class MetricsTest : public OpenHouse {
 protected:
  MetricsTest() { Open({.metrics = "0"}); }
  std::string Page() {
    httplib::Client client("127.0.0.1", house_->metrics_port());
    httplib::Result answer = client.Get("/metrics");
    return answer ? answer->body : "";
  }
};

TEST_F(MetricsTest, WhatHappensIsCounted) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  v1::EnrolResponse ben = Member("ben", "Exempleville");
  Caller at_ana(house_->address(), ana, "ana");
  Caller at_ben(house_->address(), ben, "ben");
  ASSERT_TRUE(at_ana.ReadUpTo(ben.sequence()));
  ASSERT_TRUE(at_ben.ReadUpTo(ben.sequence()));
  LedgerPen pen("ana", ana);
  at_ana.Write(pen.Objectives(2));
  ASSERT_TRUE(at_ben.ReadUpTo(ben.sequence() + 2));
  // What does not exist cannot be written.
  at_ana.Write(pen.Push({twinning::testing::Write(twinning::testing::RecordNamed("nothing"),
                                                  "objective", "title", merge::StringValue("x"))}));
  ASSERT_TRUE(at_ana.ReadUpTo(ben.sequence() + 3));
  ASSERT_TRUE(at_ben.ReadUpTo(ben.sequence() + 3));
  const v1::Measurement measured = *server_->Measure();
  EXPECT_EQ(measured.changes(), 2u);
  EXPECT_EQ(measured.entries(), ben.sequence() + 3);
  ASSERT_EQ(measured.refusals_size(), 1);
  EXPECT_EQ(measured.refusals(0).what(), "UNKNOWN_RECORD");
  EXPECT_EQ(measured.streams(), 2u);
  EXPECT_GE(measured.connections(), 2u);
  EXPECT_EQ(measured.ledgers(0).sessions(), 2u);
  uint64_t commits = 0;
  for (uint64_t count : measured.commit().counts()) commits += count;
  EXPECT_EQ(commits, measured.commits());
  EXPECT_GT(ctl::RatesBetween({}, measured).fan_out_p50_us, 0);
}

TEST_F(MetricsTest, PrometheusCollectsThemOnLoopback) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  const std::string page = Page();
  EXPECT_THAT(page, HasSubstr("# TYPE twinning_commit_seconds histogram"));
  EXPECT_THAT(page, HasSubstr("twinning_commit_seconds_bucket{le=\"0.0001\"}"));
  EXPECT_THAT(page, HasSubstr("name=\"Link\"} 3"));
  EXPECT_THAT(page, HasSubstr("twinning_certificate_days_left{certificate=\"sync\"} 36"));
  EXPECT_EQ(page.find("\ntwinning_backup_age_seconds "), std::string::npos);
  ASSERT_TRUE(server_->Backup([](const v1::BackupPart&) { return absl::OkStatus(); }).ok());
  EXPECT_THAT(Page(), HasSubstr("\ntwinning_backup_age_seconds "));
}

TEST_F(MetricsTest, ATakenPortIsSaidAndAWrongOneToo) {
  House::Settings settings{.data = folder_ / "other",
                           .metrics = std::to_string(house_->metrics_port())};
  EXPECT_THAT(MessageOf(House::Open(settings).status()), HasSubstr("--metrics"));
  settings.metrics = "many";
  EXPECT_TRUE(absl::IsInvalidArgument(House::Open(settings).status()));
}

// --- The dashboard ------------------------------------------------------------------------------

std::set<std::string> Served() {
  std::set<std::string> names;
  for (const prometheus::MetricFamily& family : FamiliesOf(Surveyed())) {
    names.insert(family.name);
  }
  return names;
}

// Every name in every query; of a histogram without what is appended to it.
std::set<std::string> Queried() {
  std::ifstream file(TWINNING_DASHBOARD);
  nlohmann::json dashboard = nlohmann::json::parse(file);
  std::set<std::string> names;
  const std::regex name("twinning_[a-z_]+");
  for (const nlohmann::json& panel : dashboard.at("panels")) {
    for (const nlohmann::json& target : panel.at("targets")) {
      const std::string query = target.at("expr");
      for (auto at = std::sregex_iterator(query.begin(), query.end(), name);
           at != std::sregex_iterator(); ++at) {
        names.insert(std::regex_replace(at->str(), std::regex("_(bucket|sum|count)$"), ""));
      }
    }
  }
  return names;
}

TEST(Dashboard, AsksOnlyForWhatIsServedAndForAllOfIt) { EXPECT_EQ(Queried(), Served()); }

// --- Rates --------------------------------------------------------------------------------------

v1::Measurement Of(int64_t now_ms, uint64_t changes, std::vector<uint64_t> counts) {
  v1::Measurement measured;
  measured.set_started_ms(1'000);
  measured.set_now_ms(now_ms);
  measured.set_changes(changes);
  for (uint64_t bound : {100, 200}) measured.mutable_commit()->add_bounds_us(bound);
  for (uint64_t count : counts) measured.mutable_commit()->add_counts(count);
  return measured;
}

TEST(Rates, AreOfTheTimeBetweenTwoLooks) {
  ctl::Rates rates = ctl::RatesBetween(Of(10'000, 100, {50, 0, 0}), Of(12'000, 140, {50, 10, 0}));
  EXPECT_DOUBLE_EQ(rates.changes, 20);
  EXPECT_DOUBLE_EQ(rates.commit_p50_us, 150);
  EXPECT_DOUBLE_EQ(rates.commit_p99_us, 199);
}

TEST(Rates, OfAServerThatWasStartedAgainAreSinceThen) {
  v1::Measurement before = Of(10'000, 100, {50, 0, 0});
  v1::Measurement after = Of(22'000, 10, {4, 0, 0});
  after.set_started_ms(20'000);
  EXPECT_DOUBLE_EQ(ctl::RatesBetween(before, after).changes, 5);
}

TEST(Measures, ALatencyFallsIntoTheFirstBucketThatHoldsIt) {
  Histogram histogram;
  for (int64_t us : {-5, 50, 51, 40'000'000}) histogram.Observe(us);
  const v1::Measurement::Histogram read = histogram.Read();
  EXPECT_EQ(read.counts(0), 2u);
  EXPECT_EQ(read.counts(1), 1u);
  EXPECT_EQ(read.counts(read.counts_size() - 1), 1u);
}

TEST(Measures, ACommitIsRememberedForAWhile) {
  RecentCommits recent;
  recent.Add(1, 100);
  recent.Add(4, 200);
  EXPECT_EQ(recent.TimeOf(3), 100);
  EXPECT_EQ(recent.TimeOf(4), 200);
  for (Sequence first = 5; first < 200; ++first) recent.Add(first, 300);
  EXPECT_EQ(recent.TimeOf(4), std::nullopt);
}

}  // namespace
}  // namespace twinning::server
