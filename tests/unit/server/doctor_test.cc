// What the doctor finds, and whether the server notices that nobody can reach it.
#include "server/doctor/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>
#include <utility>

#include "server/log/damper.h"
#include "server/rpc/own_port.h"
#include "server/rpc/self_probe.h"
#include "tests/unit/server/open_house.h"

namespace twinning::server {
namespace {

using ::testing::HasSubstr;
using Findings = std::map<std::string, v1::Finding>;

constexpr int64_t kHour_ms = 3'600'000;
constexpr int64_t kYear_ms = 365 * 24 * kHour_ms;

class DoctorTest : public OpenHouse {
 protected:
  static Findings Collect(
      const std::function<absl::Status(const std::function<absl::Status(const v1::Finding&)>&)>&
          examine) {
    Findings findings;
    absl::Status status = examine([&](const v1::Finding& finding) {
      EXPECT_EQ(finding.remedy().empty(), finding.level() == v1::Finding::FINE) << finding.what();
      findings[finding.what()] = finding;
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return findings;
  }
  Findings AskServer() {
    return Collect([&](const auto& tell) { return server_->Examine(tell); });
  }
  Findings Alone(int64_t later_ms = 0) {
    return Collect([&](const auto& tell) {
      return Examine({folder_ / "data", line::SystemTime_ms() + later_ms, nullptr}, tell);
    });
  }
};

TEST_F(DoctorTest, OfAServerThatRunsOnlyTheBackupIsMissing) {
  ASSERT_TRUE(server_->Create("Link").ok());
  for (const auto& [what, finding] : AskServer()) {
    auto expected = what == "backup" ? v1::Finding::WARNING : v1::Finding::FINE;
    EXPECT_EQ(finding.level(), expected) << what << ": " << finding.sentence();
  }
  ASSERT_TRUE(server_->Backup([](const v1::BackupPart&) { return absl::OkStatus(); }).ok());
  EXPECT_EQ(AskServer()["backup"].level(), v1::Finding::FINE);
}

TEST_F(DoctorTest, WorksOnTheDirectoryAloneAndLeavesItAsItWas) {
  house_.reset();
  Findings findings = Alone();
  EXPECT_EQ(findings["server"].level(), v1::Finding::WARNING);
  EXPECT_EQ(findings["database"].level(), v1::Finding::FINE);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/server.db-shm"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/clock.partial"));
  EXPECT_TRUE(absl::IsNotFound(
      Examine({folder_ / "nowhere", 0, nullptr}, [](v1::Finding) { return absl::OkStatus(); })));
}

TEST_F(DoctorTest, SaysWhenTheServerHangs) {
  EXPECT_EQ(Alone()["server"].level(), v1::Finding::FAILURE);
  EXPECT_THAT(Alone()["server"].sentence(), HasSubstr("pid"));
}

TEST_F(DoctorTest, FindsADamagedDatabase) {
  ASSERT_TRUE(server_->Create("Link").ok());
  house_.reset();
  std::fstream file(folder_ / "data/server.db", std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(4096);
  file.write(std::string(4096, 'x').data(), 4096);
  file.close();
  Findings findings = Alone();
  EXPECT_EQ(findings["database"].level(), v1::Finding::FAILURE);
  EXPECT_THAT(findings["database"].remedy(), HasSubstr("restore"));
}

TEST_F(DoctorTest, FindsAClockThatIsBehindTheLedger) {
  ASSERT_TRUE(server_->Create("Link").ok());
  house_.reset();
  EXPECT_EQ(Alone()["clock"].level(), v1::Finding::FINE);
  Findings behind = Alone(-kHour_ms);
  EXPECT_EQ(behind["clock"].level(), v1::Finding::FAILURE);
  EXPECT_EQ(behind["disk's clock"].level(), v1::Finding::WARNING);
}

TEST_F(DoctorTest, FindsCertificatesThatEnd) {
  house_.reset();
  EXPECT_EQ(Alone(kYear_ms - 20 * 24 * kHour_ms)["certificate sync"].level(), v1::Finding::WARNING);
  EXPECT_EQ(Alone(2 * kYear_ms)["certificate sync"].level(), v1::Finding::FAILURE);
  std::filesystem::remove_all(folder_ / "data/authority");
  EXPECT_EQ(Alone()["authority"].level(), v1::Finding::FAILURE);
}

TEST_F(DoctorTest, FindsADirectoryThatOthersCanOpen) {
  chmod((folder_ / "data").c_str(), 0755);
  EXPECT_EQ(AskServer()["permissions"].level(), v1::Finding::WARNING);
}

TEST_F(DoctorTest, SaysThatAPortNobodyAnswersIsNotReached) {
  Running running;
  running.reached = Unavailable("nobody answers");
  running.files_max = 64;
  running.connections_max = 4096;
  running.measured.set_connections(4000);
  running.measured.add_ledgers()->set_name("Link");
  running.measured.mutable_ledgers(0)->set_recovering(true);
  Findings findings = Collect([&](const auto& tell) {
    return Examine({folder_ / "data", line::SystemTime_ms(), &running}, tell);
  });
  EXPECT_EQ(findings["listener"].level(), v1::Finding::FAILURE);
  for (const char* what : {"files", "connections", "partnerships"}) {
    EXPECT_EQ(findings[what].level(), v1::Finding::WARNING) << what;
  }
}

// --- The probe of itself ------------------------------------------------------------------------

TEST(SelfProbe, ThreeFailuresInARowEndTheServerAndFewerDoNot) {
  std::vector<bool> answers = {true, false, false, true, false, false, false, false};
  size_t next = 0;
  int ended = 0;
  SelfProbe probe([&] { return answers[next++] ? absl::OkStatus() : Unavailable("no answer"); },
                  [&] { ++ended; });
  for (int i = 0; i < 6; ++i) probe.Look();
  EXPECT_EQ(ended, 0);
  probe.Look();
  EXPECT_EQ(ended, 1);
  probe.Look();
  EXPECT_EQ(ended, 1);
}

TEST(SelfProbe, LooksByItselfUntilItIsStopped) {
  std::promise<void> unreachable;
  SelfProbe probe([] { return Unavailable("no answer"); },
                  [&, said = false]() mutable {
                    if (!std::exchange(said, true)) unreachable.set_value();
                  });
  probe.Begin(std::chrono::milliseconds(1));
  unreachable.get_future().get();
  probe.Stop();
}

class OwnPortTest : public OpenHouse {
 protected:
  absl::Status Call() {
    auto authority = *Authority::Open(folder_ / "data/authority", line::SystemTime_ms());
    return CallOwnPort(*Endpoint::Parse(address_), *authority, ledger::cast::KeyOf("probe"),
                       line::SystemTime_ms(), std::chrono::seconds(20));
  }
  const std::string address_ = house_->address();
};

TEST_F(OwnPortTest, AnswersWhileTheServerRunsAndNotAfter) {
  EXPECT_TRUE(Call().ok()) << Call();
  house_.reset();
  EXPECT_TRUE(absl::IsUnavailable(Call()));
}

TEST_F(OwnPortTest, AServerThatCannotReachItselfSaysThatItEnds) {
  std::promise<void> unreachable;
  House::Settings settings;
  settings.probe_every = std::chrono::milliseconds(1);
  settings.probe = [] { return Unavailable("no answer"); };
  settings.unreachable = [&] { unreachable.set_value(); };
  Open(settings);
  unreachable.get_future().get();
  EXPECT_TRUE(house_->unreachable());
}

// --- What may be said how often -----------------------------------------------------------------

TEST(Damper, LetsSomeThroughAndCountsTheRest) {
  Damper damper(2, 1000);
  EXPECT_EQ(damper.Admit(5000), 0u);
  EXPECT_EQ(damper.Admit(5001), 0u);
  for (int i = 0; i < 7; ++i) EXPECT_EQ(damper.Admit(5002), std::nullopt);
  EXPECT_EQ(damper.Admit(6000), 7u);
  EXPECT_EQ(damper.Admit(6000), 0u);
}

}  // namespace
}  // namespace twinning::server
