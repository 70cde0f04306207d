// Who comes in, who has to stay out: over real connections to a server as it runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "common/base/status.h"
#include "tests/unit/server/open_house.h"

namespace twinning::server {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using MembershipTest = OpenHouse;

v1::RevokeRequest RevokeOf(const std::string& who) {
  v1::RevokeRequest request;
  request.set_partnership("Link");
  request.set_who(who);
  return request;
}

// --- Invitations --------------------------------------------------------------------------------

TEST_F(MembershipTest, OfFiftyWhoRaceForOneCodeExactlyOneGetsIn) {
  ASSERT_TRUE(server_->Create("Link").ok());
  std::string code = Invite("Exampleton");
  std::atomic<int> in = 0;
  std::atomic<int> refused = 0;
  std::atomic<int> unheard = 0;  // a busy machine's door may turn somebody away, again and again
  std::vector<std::thread> racers;
  for (int i = 0; i < 50; ++i) {
    racers.emplace_back([&, i] {
      v1::EnrolResponse response;
      grpc::Status status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "not asked yet");
      for (int tries = 0; tries < 5 && status.error_code() == grpc::StatusCode::UNAVAILABLE;
           ++tries) {
        status = Enrol(code, "racer " + std::to_string(i), &response);
      }
      if (status.ok()) ++in;
      if (status.error_code() == grpc::StatusCode::ALREADY_EXISTS) ++refused;
      if (status.error_code() == grpc::StatusCode::UNAVAILABLE) ++unheard;
    });
  }
  for (std::thread& racer : racers) racer.join();
  EXPECT_EQ(in, 1);
  EXPECT_EQ(refused + unheard, 49);
  EXPECT_GE(refused, 25);
  EXPECT_EQ(server_->List()->partnerships(0).replicas(), 1u);
}

TEST_F(MembershipTest, ACodeUsedByAnotherKeyIsAnAlarm) {
  v1::EnrolResponse response;
  ASSERT_TRUE(server_->Create("Link").ok());
  std::string code = Invite("Exampleton");
  ASSERT_TRUE(Enrol(code, "ana", &response).ok());
  grpc::Status second = Enrol(code, "mallory", &response);
  EXPECT_THAT(second.error_message(), HasSubstr("was used at"));
  EXPECT_THAT(second.error_message(), HasSubstr("by ana of Exampleton: if that was not you"));
  EXPECT_THAT(AuditOf(*server_), HasSubstr("invitation used again by another key"));
  EXPECT_THAT(AuditOf(*server_), HasSubstr("\"tried_by\":\"mallory\""));
}

TEST_F(MembershipTest, WhoIsInvitedHasTheRoleOfTheInvitation) {
  Member("ana", "Exampleton", v1::EDITOR);  // the first of a town
  Member("amy", "Exampleton", v1::EDITOR);
  std::vector<std::string> said;
  v1::LogRequest request;
  request.set_partnership("Link");
  ASSERT_TRUE(
      server_->Log(request, [&](const v1::LogLine& line) { said.push_back(line.what(0)); }).ok());
  EXPECT_THAT(said, Contains("ana joined for Exampleton as coordinator"));
  EXPECT_THAT(said, Contains("amy joined for Exampleton as editor"));
}

TEST_F(MembershipTest, AnInvitationLivesForThreeDaysAtMost) {
  ASSERT_TRUE(server_->Create("Link").ok());
  v1::InviteRequest request;
  request.set_partnership("Link");
  request.set_town("Exampleton");
  request.set_life_ms(73LL * 60 * 60 * 1000);
  EXPECT_TRUE(absl::IsInvalidArgument(server_->Invite(request).status()));
  request.set_life_ms(1);
  std::string code = server_->Invite(request)->code();
  std::this_thread::yield();
  v1::EnrolResponse response;
  grpc::Status late;
  // A millisecond is over soon, whatever the clock's steps are.
  do {
    late = Enrol(code, "", &response);  // a member needs a name: never taken
  } while (late.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(late.error_message(), HasSubstr("this invitation ended at"));
}

TEST_F(MembershipTest, InvitationsAreListedWithWhatBecameOfThem) {
  Member("ana", "Exampleton");
  Invite("Exampleton", v1::VIEWER);
  v1::ListInvitationsResponse all = *server_->Invitations("Link");
  ASSERT_EQ(all.invitations_size(), 2);
  for (const v1::InvitationInfo& info : all.invitations()) {
    bool used = info.role() == v1::COORDINATOR;
    EXPECT_EQ(info.state(), used ? v1::InvitationInfo::USED : v1::InvitationInfo::OPEN);
    EXPECT_EQ(info.role(), used ? v1::COORDINATOR : v1::VIEWER);
    EXPECT_EQ(info.used_by(), used ? "ana" : "");
  }
}

TEST_F(MembershipTest, AWithdrawnInvitationLetsNobodyIn) {
  ASSERT_TRUE(server_->Create("Link").ok());
  std::string code = Invite("Exampleton");
  std::string id = server_->Invitations("Link")->invitations(0).id();
  ASSERT_TRUE(server_->Withdraw(id.substr(0, 6)).ok());
  v1::EnrolResponse response;
  EXPECT_THAT(Enrol(code, "ana", &response).error_message(), HasSubstr("was withdrawn at"));
  EXPECT_TRUE(absl::IsFailedPrecondition(server_->Withdraw(id).status()));
  EXPECT_TRUE(absl::IsNotFound(server_->Withdraw("ffff").status()));
}

TEST_F(MembershipTest, AUsedInvitationIsNotWithdrawnButTheWayToRevokeIsSaid) {
  Member("ana", "Exampleton");
  std::string id = server_->Invitations("Link")->invitations(0).id();
  absl::Status status = server_->Withdraw(id).status();
  EXPECT_THAT(MessageOf(status),
              HasSubstr("revoke PARTNERSHIP " + ledger::cast::ReplicaOf("ana").hex()));
}

TEST_F(MembershipTest, AServerWithoutEnrolmentGivesOutNoCodes) {
  House::Settings settings;
  settings.data = folder_ / "closed";
  settings.enrol = "off";
  std::unique_ptr<House> closed = *House::Open(settings);
  EXPECT_EQ(closed->enrolment_address(), "");
  std::unique_ptr<ctl::Server> ctl = ctl::Server::In(settings.data);
  ASSERT_TRUE(ctl->Create("Link").ok());
  v1::InviteRequest request;
  request.set_partnership("Link");
  request.set_town("Exampleton");
  EXPECT_THAT(MessageOf(ctl->Invite(request).status()), HasSubstr("--enrol"));
}

// --- Revoking -----------------------------------------------------------------------------------

TEST_F(MembershipTest, RevokingCutsTheLiveStreamAtOnce) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  Caller caller(house_->address(), ana, "ana");
  ASSERT_TRUE(caller.ReadUpTo(ana.sequence()));
  auto begin = std::chrono::steady_clock::now();
  v1::RevokeResponse revoked = *server_->Revoke(RevokeOf("ana"));
  EXPECT_EQ(revoked.replicas(0).replica(), ana.replica());
  EXPECT_EQ(revoked.replicas(0).sequence(), ana.sequence() + 1);
  EXPECT_EQ(caller.Read().closing().reason(), v1::REVOKED);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  EXPECT_THAT(AuditOf(*server_), HasSubstr("replica revoked"));
}

TEST_F(MembershipTest, AStreamWhosePeerReadsNothingIsCutAllTheSame) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  v1::EnrolResponse ben = Member("ben", "Exempleville");
  // More than the connection holds, so that a message to ben is always under way.
  Caller slow(house_->address(), ben, "ben");
  Caller writer(house_->address(), ana, "ana");
  LedgerPen pen("ana", ana);
  constexpr size_t kFrames = 60;
  std::thread writing([&] {
    for (size_t i = 0; i < kFrames; ++i) writer.Write(pen.Objectives(1, 200 * 1024));
  });
  ASSERT_TRUE(writer.ReadUpTo(ben.sequence() + kFrames));
  writing.join();
  auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(server_->Revoke(RevokeOf("ben")).ok());
  EXPECT_FALSE(slow.ReadUpTo(ben.sequence() + kFrames));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST_F(MembershipTest, WhoIsRevokedStaysOutAfterARestartAndGetsNoCertificate) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  ASSERT_TRUE(server_->Revoke(RevokeOf(HexOf(ana.replica()).substr(0, 8))).ok());
  Open();
  Caller caller(house_->address(), ana, "ana");
  EXPECT_EQ(caller.Read().closing().reason(), v1::REVOKED);
  client::Line line = LineTo(house_->address(), ana, "ana");
  grpc::ClientContext context;
  v1::RenewRequest request;
  request.set_ledger(ana.ledger());
  v1::Certification response;
  grpc::Status renewed = v1::Sync::NewStub(line.channel)->Renew(&context, request, &response);
  EXPECT_EQ(renewed.error_message(), "this replica has been revoked");
}

TEST_F(MembershipTest, ARestoreOfTheDatabaseBringsNobodyBack) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  v1::EnrolResponse ben = Member("ben", "Exempleville");
  house_.reset();
  std::filesystem::copy(folder_ / "data/server.db", folder_ / "backup.db");
  Open();
  ASSERT_TRUE(server_->Revoke(RevokeOf("ana")).ok());
  house_.reset();
  std::filesystem::copy(folder_ / "backup.db", folder_ / "data/server.db",
                        std::filesystem::copy_options::overwrite_existing);
  Open();
  Caller caller(house_->address(), ana, "ana");
  EXPECT_EQ(caller.Read().closing().reason(), v1::REVOKED);
  // And the ledger says so again, for everybody to see.
  Caller other(house_->address(), ben, "ben");
  EXPECT_TRUE(other.ReadUpTo(ben.sequence() + 1));
}

TEST_F(MembershipTest, ANameThatMayBeTwoPeopleRevokesNobody) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  std::string code = Invite("Exempleville");
  v1::EnrolResponse other;
  v1::Invitation invitation = *sync::ParseInvitation(code);
  SigningKey key = ledger::cast::KeyOf("the other ana");
  v1::EnrolRequest request;
  request.set_secret(invitation.secret());
  request.set_key(key.public_key());
  request.set_member("ana");
  request.set_proof(sync::ProveKey(key, invitation.secret()));
  grpc::ClientContext context;
  client::Line line =
      client::MakeLine(invitation.address(), {{}, Hash::Of(invitation.fingerprint())}, {});
  ASSERT_TRUE(v1::Enrolment::NewStub(line.channel)->Enrol(&context, request, &other).ok());
  absl::Status status = server_->Revoke(RevokeOf("ana")).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(MessageOf(status), HasSubstr(HexOf(other.replica())));
  EXPECT_EQ(server_->List()->partnerships(0).replicas(), 2u);
  EXPECT_TRUE(absl::IsNotFound(server_->Revoke(RevokeOf("nobody")).status()));
}

}  // namespace
}  // namespace twinning::server
