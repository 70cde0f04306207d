// The server as it runs, called over real gRPC on a port of its own.
#include "server/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/unit/server/open_house.h"

namespace twinning::server {
namespace {

using ::testing::HasSubstr;
using HouseTest = OpenHouse;

TEST_F(HouseTest, AnInvitationMakesAMemberWhoSeesThePlan) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  EXPECT_EQ(ana.town_name(), "Exampleton");
  EXPECT_EQ(ana.partnership_name(), "Link");
  EXPECT_EQ(ana.replica(), ledger::cast::ReplicaOf("ana").bytes());
  Caller caller(house_->address(), ana, "ana");
  EXPECT_EQ(caller.Read().welcome().head().sequence(), ana.sequence());
  EXPECT_TRUE(caller.ReadUpTo(ana.sequence()));
}

TEST_F(HouseTest, AnInvitationIsForOneKeyAndAnswersThatKeyAgain) {
  ASSERT_TRUE(server_->Create("Link").ok());
  std::string code = Invite("Exampleton");
  v1::EnrolResponse first;
  v1::EnrolResponse again;
  ASSERT_TRUE(Enrol(code, "ana", &first).ok());
  ASSERT_TRUE(Enrol(code, "ana", &again).ok());
  EXPECT_EQ(first.sequence(), again.sequence());
  EXPECT_EQ(first.replica(), again.replica());
  grpc::Status other = Enrol(code, "ben", &again);
  EXPECT_EQ(other.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_THAT(other.error_message(), HasSubstr("was used at"));
}

TEST_F(HouseTest, AnInvitationOfAnotherServerIsNotKnown) {
  ASSERT_TRUE(server_->Create("Link").ok());
  v1::Invitation forged = *sync::ParseInvitation(Invite("Exampleton"));
  forged.set_secret("another secret!!");
  v1::EnrolResponse response;
  EXPECT_EQ(Enrol(sync::FormatInvitation(forged), "ana", &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(HouseTest, WhatOneReplicaPushesTheOtherReads) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  v1::EnrolResponse ben = Member("ben", "Exempleville");
  Caller at_ana(house_->address(), ana, "ana");
  Caller at_ben(house_->address(), ben, "ben");
  ASSERT_TRUE(at_ana.ReadUpTo(ben.sequence()));
  ASSERT_TRUE(at_ben.ReadUpTo(ben.sequence()));
  LedgerPen pen("ana", ana);
  at_ana.Write(pen.Objectives(2));
  EXPECT_TRUE(at_ben.ReadUpTo(ben.sequence() + 2));
  EXPECT_TRUE(at_ana.ReadUpTo(ben.sequence() + 2));
}

TEST_F(HouseTest, WhatWasAcknowledgedIsThereAfterARestart) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  Sequence head = ana.sequence() + 3;
  {
    Caller caller(house_->address(), ana, "ana");
    LedgerPen pen("ana", ana);
    caller.Write(pen.Objectives(3));
    ASSERT_TRUE(caller.ReadUpTo(head));
  }
  Open();
  Caller caller(house_->address(), ana, "ana");
  v1::ServerMessage welcome = caller.Read();
  EXPECT_EQ(welcome.welcome().head().sequence(), head);
  EXPECT_EQ(welcome.welcome().last_number(), 3u);
  EXPECT_TRUE(caller.ReadUpTo(head));
}

TEST_F(HouseTest, ClosingSaysGoodbyeToEveryStream) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  Caller caller(house_->address(), ana, "ana");
  ASSERT_TRUE(caller.ReadUpTo(ana.sequence()));
  std::thread closing([&] { house_->Close(); });
  EXPECT_EQ(caller.Read().closing().reason(), v1::SHUTTING_DOWN);
  closing.join();
}

TEST_F(HouseTest, AFrameThatIsForgedEndsTheStreamWithAReason) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  Caller caller(house_->address(), ana, "ana");
  ASSERT_TRUE(caller.ReadUpTo(ana.sequence()));
  v1::ClientMessage push = LedgerPen("ana", ana).Objectives(1);
  push.mutable_push()->set_signature(std::string(64, 'x'));
  caller.Write(push);
  EXPECT_EQ(caller.Read().closing().reason(), v1::BAD_SIGNATURE);
}

TEST_F(HouseTest, ASecondServerOnTheSameDataIsTurnedAway) {
  absl::Status second = House::Open({.data = folder_ / "data"}).status();
  EXPECT_TRUE(absl::IsAlreadyExists(second));
  EXPECT_THAT(MessageOf(second), HasSubstr("already running"));
}

TEST_F(HouseTest, AnAddressThatCodesCannotNameIsRefusedWithTheReason) {
  for (const char* address : {"0.0.0.0:7443", "[::]:7443"}) {
    absl::Status status = House::Open({.data = folder_ / "other", .listen = address}).status();
    EXPECT_THAT(MessageOf(status), HasSubstr("--public-name")) << address;
  }
  EXPECT_FALSE(House::Open({.data = folder_ / "other", .listen = "nonsense"}).ok());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "other"));
}

TEST_F(HouseTest, TheLogTellsInWordsWhoDidWhat) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  Caller caller(house_->address(), ana, "ana");
  caller.Write(LedgerPen("ana", ana).Objectives(1));
  ASSERT_TRUE(caller.ReadUpTo(ana.sequence() + 1));
  v1::LogRequest request;
  request.set_partnership("Link");
  std::vector<v1::LogLine> lines;
  ASSERT_TRUE(server_->Log(request, [&](const v1::LogLine& line) { lines.push_back(line); }).ok());
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[1].what(0), "Exampleton joined the partnership");
  EXPECT_EQ(lines[2].what(0), "ana joined for Exampleton as coordinator");
  EXPECT_EQ(lines[3].who(), "ana");
  EXPECT_EQ(lines[3].town(), "Exampleton");
  EXPECT_EQ(lines[3].what(0), "added objective \"An objective\"");
}

TEST_F(HouseTest, OperatorsAreToldWhatIsNotThereOrThereAlready) {
  ASSERT_TRUE(server_->Create("Link").ok());
  EXPECT_TRUE(absl::IsAlreadyExists(server_->Create("Link").status()));
  v1::InviteRequest request;
  request.set_partnership("Nothing");
  request.set_town("Exampleton");
  EXPECT_TRUE(absl::IsNotFound(server_->Invite(request).status()));
  request.set_partnership("Link");
  request.set_town("");
  EXPECT_TRUE(absl::IsInvalidArgument(server_->Invite(request).status()));
}

TEST_F(HouseTest, AReplicaThatReadsLateGetsEverythingFromTheLedger) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  v1::EnrolResponse ben = Member("ben", "Exempleville");
  Caller slow(house_->address(), ben, "ben");
  Caller at_ana(house_->address(), ana, "ana");
  LedgerPen pen("ana", ana);
  constexpr size_t kFrames = 40;
  std::thread writing([&] {
    for (size_t i = 0; i < kFrames; ++i) at_ana.Write(pen.Objectives(1, 200 * 1024));
  });
  ASSERT_TRUE(at_ana.ReadUpTo(ben.sequence() + kFrames));
  writing.join();
  EXPECT_TRUE(slow.ReadUpTo(ben.sequence() + kFrames));
}

TEST_F(HouseTest, HealthAnswersWhoHasACertificate) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  RawAnswer answer = CallRaw(LineTo(house_->address(), ana, "ana").channel,
                             "/grpc.health.v1.Health/Check", "");
  EXPECT_EQ(answer.bytes, std::string("\x08\x01"));
}

// Not a claim but a figure, printed: it depends on the machine.
TEST_F(HouseTest, TenThousandChangesGoThroughInFrames) {
  constexpr size_t kFrames = 10;
  constexpr size_t kChanges = 1000;
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  v1::EnrolResponse ben = Member("ben", "Exempleville");
  Caller at_ana(house_->address(), ana, "ana");
  Caller at_ben(house_->address(), ben, "ben");
  ASSERT_TRUE(at_ben.ReadUpTo(ben.sequence()));
  LedgerPen pen("ana", ana);
  std::vector<v1::ClientMessage> frames;
  for (size_t i = 0; i < kFrames; ++i) frames.push_back(pen.Objectives(kChanges));
  auto begin = std::chrono::steady_clock::now();
  std::thread writing([&] {
    for (const v1::ClientMessage& frame : frames) at_ana.Write(frame);
  });
  EXPECT_TRUE(at_ben.ReadUpTo(ben.sequence() + kFrames * kChanges));
  auto taken = std::chrono::steady_clock::now() - begin;
  writing.join();
  RecordProperty(
      "milliseconds",
      static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(taken).count()));
  std::printf(
      "10,000 changes pushed, committed and read by the other: %lld ms\n",
      static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(taken).count()));
}

}  // namespace
}  // namespace twinning::server
