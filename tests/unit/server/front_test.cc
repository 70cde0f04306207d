// What strangers speak to is a process of its own: what happens to it happens to nobody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "common/base/status.h"
#include "server/rpc/own_port.h"
#include "tests/unit/server/open_house.h"

namespace twinning::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class FrontTest : public OpenHouse {
 protected:
  // As a person does who is told to try again.
  grpc::Status EnrolAtLast(const std::string& code, const std::string& person,
                           v1::EnrolResponse* response) {
    grpc::Status status;
    do {
      status = Enrol(code, person, response);
    } while (status.error_code() == grpc::StatusCode::UNAVAILABLE);
    return status;
  }
  v1::Finding Examined(const std::string& wanted) {
    v1::Finding found;
    absl::Status examined = server_->Examine([&](const v1::Finding& finding) {
      if (finding.what() == wanted) found = finding;
      return absl::OkStatus();
    });
    EXPECT_TRUE(examined.ok()) << examined;
    return found;
  }
};

TEST_F(FrontTest, WhoeverIsKilledThereIsReplacedAndWhoJoinsWaits) {
  ASSERT_TRUE(server_->Create("Link").ok());
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  for (const char* person : {"ben", "cleo", "dora"}) {
    const pid_t pid = house_->front()->pid;
    ASSERT_GT(pid, 0);
    ASSERT_EQ(kill(pid, SIGKILL), 0);
    v1::EnrolResponse response;
    grpc::Status joined = EnrolAtLast(Invite("Exempleville"), person, &response);
    EXPECT_TRUE(joined.ok()) << joined.error_message();
    EXPECT_NE(house_->front()->pid, pid);
  }
  EXPECT_EQ(house_->front()->restarts, 3u);
  EXPECT_THAT(house_->front()->last_end, HasSubstr("signal 9"));
  EXPECT_EQ(server_->List()->partnerships(0).replicas(), 4u);
  const v1::Finding finding = Examined("enrolment");
  EXPECT_EQ(finding.level(), v1::Finding::WARNING);
  EXPECT_THAT(finding.sentence(), HasSubstr("started again 3 times"));
}

TEST_F(FrontTest, SyncGoesOnWhileNobodyCanJoin) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  House::Settings settings;
  settings.front = "/bin/false";
  Open(settings);
  Caller caller(house_->address(), ana, "ana");
  ASSERT_TRUE(caller.ReadUpTo(ana.sequence()));
  LedgerPen pen("ana", ana);
  caller.Write(pen.Objectives(2));
  EXPECT_TRUE(caller.ReadUpTo(ana.sequence() + 2));
  EXPECT_FALSE(house_->front()->serving);
}

TEST_F(FrontTest, AProgramThatIsNotThereIsStartedAgainAndAgainAndSaid) {
  House::Settings settings;
  settings.front = folder_ / "nothing";
  Open(settings);
  while (house_->front()->restarts == 0) std::this_thread::yield();
  // Installed a moment later, it serves.
  std::filesystem::copy(*FrontProgram(), folder_ / "nothing");
  v1::EnrolResponse response;
  ASSERT_TRUE(server_->Create("Link").ok());
  EXPECT_TRUE(EnrolAtLast(Invite("Exampleton"), "ana", &response).ok());
  EXPECT_THAT(house_->front()->last_end, HasSubstr("cannot be started"));
}

TEST_F(FrontTest, HoldsNoKeyOfTheAuthorityAndNoFile) {
  Member("ana", "Exampleton");
  EXPECT_EQ(house_->front()->unconfined, "");
  const std::string process = "/proc/" + std::to_string(house_->front()->pid);
  std::error_code hidden;  // from all but root
  int open = 0;
  for (const auto& entry : std::filesystem::directory_iterator(process + "/fd", hidden)) {
    std::error_code closed;  // meanwhile, as the connection of who has just joined may be
    const std::string file = std::filesystem::read_symlink(entry.path(), closed).string();
    EXPECT_THAT(file, Not(HasSubstr(folder_.path())));
    EXPECT_TRUE(!closed || closed == std::errc::no_such_file_or_directory) << closed.message();
    if (!closed) ++open;
  }
  if (!hidden) {
    EXPECT_GT(open, 0);
  }
  std::ifstream environment(process + "/environ");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(environment), {}), "");
  std::ifstream status(process + "/status");
  const std::string all{std::istreambuf_iterator<char>(status), {}};
  EXPECT_THAT(all, HasSubstr("NoNewPrivs:\t1"));
  EXPECT_THAT(all, HasSubstr("Seccomp:\t2"));
}

TEST_F(FrontTest, WhatHasTheWrongFormIsRefusedThere) {
  ASSERT_TRUE(server_->Create("Link").ok());
  v1::EnrolResponse response;
  EXPECT_EQ(Enrol(Invite("Exampleton"), std::string(2000, 'x'), &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Enrol(Invite("Exampleton"), std::string(1 << 20, 'x'), &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(Enrol(Invite("Exampleton"), "ana", &response).ok());
  EXPECT_EQ(house_->front()->restarts, 0u);
}

TEST_F(FrontTest, EndsWithItsServer) {
  Member("ana", "Exampleton");
  const pid_t pid = house_->front()->pid;
  ASSERT_GT(pid, 0);
  house_.reset();
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST_F(FrontTest, AServerThatStartsAgainHasThePortWherePeopleJoin) {
  const std::string enrolment = house_->enrolment_address();
  House::Settings settings;
  settings.enrol = enrolment;
  Open(settings);
  EXPECT_EQ(house_->enrolment_address(), enrolment);
}

// --- What it shows ------------------------------------------------------------------------------

// An authority, and a listener's certificate of it.
struct Shown {
  explicit Shown(const std::string& folder)
      : authority(*Authority::Open(folder, line::SystemTime_ms())),
        certificate(folder + "/tls", {"127.0.0.1"}) {
    EXPECT_TRUE(certificate.Refresh(*authority, line::SystemTime_ms()).ok());
  }
  FrontPair Pair() const {
    const KeyAndChain read = *certificate.Read();
    return {read.key_pem, read.chain_pem};
  }
  std::unique_ptr<Authority> authority;
  ServerCertificate certificate;
};

TEST(FrontKeeper, ShowsANewCertificateOnceThereIsOne) {
  const TemporaryFolder folder;
  const Shown before(folder / "before");
  const Shown after(folder / "after");
  std::atomic<const Shown*> now = &before;
  ListeningSocket socket = *OpenListening({"127.0.0.1", 0});
  FrontKeeper keeper(std::move(socket.fd),
                     {*FrontProgram(), [&] { return now.load()->Pair(); },
                      [](const FrontMessage&, const std::shared_ptr<FrontReply>&) {}});
  auto call = [&](const Shown& trusted) {
    return CallAsStranger(socket.endpoint, *trusted.authority, std::chrono::seconds(20));
  };
  ASSERT_TRUE(call(before).ok()) << call(before);
  EXPECT_FALSE(call(after).ok());
  keeper.ShowAnew();  // nothing new: nothing happens
  EXPECT_TRUE(call(before).ok());
  now = &after;
  keeper.ShowAnew();
  absl::Status called;
  do {
    called = call(after);
  } while (!called.ok());
  EXPECT_EQ(keeper.state().restarts, 0u);
}

TEST(FrontKeeper, AFrontThatIsOfNoUseIsStartedAgain) {
  const TemporaryFolder folder;
  const Shown shown(folder / "authority");
  ListeningSocket socket = *OpenListening({"127.0.0.1", 0});
  FrontKeeper keeper(std::move(socket.fd),
                     {*FrontProgram(), [&] { return shown.Pair(); },
                      [](const FrontMessage&, const std::shared_ptr<FrontReply>&) {}});
  auto call = [&] {
    return CallAsStranger(socket.endpoint, *shown.authority, std::chrono::seconds(20));
  };
  ASSERT_TRUE(call().ok());
  const pid_t pid = keeper.state().pid;
  keeper.StartAgain("nobody could reach it any more");
  absl::Status called;
  do {
    called = call();
  } while (!called.ok() || keeper.state().pid == pid);
  EXPECT_EQ(keeper.state().restarts, 1u);
  EXPECT_EQ(keeper.state().last_end, "nobody could reach it any more");
}

}  // namespace
}  // namespace twinning::server
