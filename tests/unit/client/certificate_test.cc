// How a replica gets, keeps and loses its certificate: over real TLS, with a server in this process
// whose authority also issues certificates of other days.
#include "client/engine/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "client/rpc/channel.h"
#include "common/sync/invitation.h"
#include "server/authority/authority.h"
#include "server/ctl/call.h"
#include "tests/unit/client/served_halls.h"
#include "twinning/v1/sync.grpc.pb.h"

namespace twinning::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kDeadlineMs = 10'000;

class CertificateTest : public ServedHalls {
 protected:
  CertificateTest() {
    house_.reset();
    // Older than all certificates of these tests.
    const std::string authority = folder_ / "server/authority";
    std::filesystem::remove_all(authority);
    EXPECT_TRUE(server::Authority::Open(authority, SystemTime_ms() - 1000 * kDay_ms).ok());
    Serve(address_);
    ana_ = JoinAs("ana", "Exampleton");
  }

  // As if the replica had been given its certificate so many days ago.
  void IssuedBefore(int64_t days, const std::string& authority = "server") {
    auto issuer = server::Authority::Open(folder_ / authority + "/authority", SystemTime_ms());
    ASSERT_TRUE(issuer.ok()) << issuer.status();
    v1::Certification held = ana_->identity().certification;
    held.set_certificate(
        (*issuer)
            ->CertifyReplica(ana_->key().public_key(), SystemTime_ms() - days * kDay_ms)
            ->der());
    ASSERT_TRUE(ana_->KeepCertification(held).ok());
  }
  std::string Held() const { return ana_->identity().certification.certificate(); }
  CertificateStanding::State State() const { return CertificateOf(*ana_, SystemTime_ms()).state; }
  std::unique_ptr<ctl::Server> Operator() const { return ctl::Server::In(folder_ / "server"); }
  // The same ledger on another machine, whose authority is another.
  void MoveServer() {
    house_.reset();
    std::filesystem::create_directory(folder_ / "moved");
    std::filesystem::copy(folder_ / "server/server.db", folder_ / "moved/server.db");
    std::filesystem::rename(folder_ / "server", folder_ / "old");
    std::filesystem::rename(folder_ / "moved", folder_ / "server");
    Serve("127.0.0.1:0");
  }

  std::unique_ptr<Replica> ana_;
};

TEST_F(CertificateTest, AFreshOneIsGoodAndStays) {
  std::string held = Held();
  EXPECT_EQ(State(), CertificateStanding::kGood);
  EXPECT_TRUE(Sync(*ana_).synced);
  EXPECT_EQ(Held(), held);
}

TEST_F(CertificateTest, WhenTwoThirdsOfItsLifeAreOverASyncBringsAnother) {
  IssuedBefore(250);
  EXPECT_EQ(State(), CertificateStanding::kDue);
  EXPECT_TRUE(Sync(*ana_).synced);
  EXPECT_EQ(State(), CertificateStanding::kGood);
  EXPECT_EQ(Replica::Open(folder_ / "ana").value()->identity().certification.certificate(), Held());
}

TEST_F(CertificateTest, ItsEndIsAnnouncedThirtyDaysBefore) {
  IssuedBefore(340);
  CertificateStanding standing = CertificateOf(*ana_, SystemTime_ms());
  EXPECT_EQ(standing.state, CertificateStanding::kEnding);
  EXPECT_THAT(standing.sentence, HasSubstr("(your clock says "));
}

TEST_F(CertificateTest, ForThirtyDaysAfterItsEndItStillConnectsAndIsRenewed) {
  IssuedBefore(365 + 29);
  EXPECT_TRUE(Sync(*ana_).synced);
  EXPECT_EQ(State(), CertificateStanding::kGood);
}

TEST_F(CertificateTest, AfterThatTheKeyItselfGetsAnother) {
  IssuedBefore(365 + 31);
  EXPECT_EQ(State(), CertificateStanding::kEnded);
  EXPECT_TRUE(Sync(*ana_).synced);
  EXPECT_EQ(State(), CertificateStanding::kGood);
}

TEST_F(CertificateTest, OneForAnotherKeyIsReplaced) {
  std::unique_ptr<Replica> ben = JoinAs("ben", "Exempleville");
  ASSERT_TRUE(ana_->KeepCertification(ben->identity().certification).ok());
  EXPECT_THAT(CertificateOf(*ana_, SystemTime_ms()).sentence, HasSubstr("for another key"));
  EXPECT_TRUE(Sync(*ana_).synced);
}

TEST_F(CertificateTest, AReplicaWithNoneKeepsItsWorkAndSaysWhatToDo) {
  ASSERT_TRUE(ana_->KeepCertification({}).ok());
  Save(*ana_, "market", "Market");
  SyncResult result = Sync(*ana_);
  EXPECT_FALSE(result.synced);
  EXPECT_EQ(result.outbox, 1u);
  EXPECT_THAT(result.problem, HasSubstr("has no certificate"));
  EXPECT_THAT(result.problem, HasSubstr("twinning rehome CODE"));
  EXPECT_THAT(result.problem, HasSubstr("Everything written here is kept."));
  EXPECT_EQ(ana_->sync_state().problem, result.problem);
}

TEST_F(CertificateTest, AClockThatIsYearsOffIsNamed) {
  CertificateStanding late = CertificateOf(*ana_, SystemTime_ms() + 3650 * kDay_ms);
  CertificateStanding early = CertificateOf(*ana_, SystemTime_ms() - 3650 * kDay_ms);
  EXPECT_EQ(late.state, CertificateStanding::kEnded);
  EXPECT_EQ(early.state, CertificateStanding::kEnded);
  EXPECT_THAT(late.sentence, HasSubstr("and your clock says "));
  EXPECT_THAT(early.sentence, HasSubstr("and your clock says "));
}

TEST_F(CertificateTest, TheServersCertificateIsJudgedByThisClockToo) {
  Line line = MakeLine(address_, {AuthoritiesOf(ana_->identity().certification), {}}, {},
                       [] { return SystemTime_ms() + 3650 * kDay_ms; });
  grpc::ClientContext context;
  v1::Certification none;
  grpc::Status status = v1::Sync::NewStub(line.channel)->Renew(&context, {}, &none);
  EXPECT_THAT(SentenceOf(line, status), HasSubstr("was not trusted, and nothing was sent to it"));
  EXPECT_THAT(SentenceOf(line, status), HasSubstr("your clock says"));
}

TEST_F(CertificateTest, ACertificateOfAnotherAuthorityOpensNothing) {
  ASSERT_TRUE(std::filesystem::create_directory(folder_ / "elsewhere"));
  IssuedBefore(0, "elsewhere");
  SyncResult result = Sync(*ana_);
  EXPECT_FALSE(result.synced);
  EXPECT_THAT(result.problem, HasSubstr("Everything written here is kept."));
}

// --- Another server -----------------------------------------------------------------------------

TEST_F(CertificateTest, AServerThatIsNotTheOneIsNotSpokenTo) {
  MoveServer();
  v1::Certification misled = ana_->identity().certification;
  misled.set_server(address_);
  ASSERT_TRUE(ana_->KeepCertification(misled).ok());
  SyncResult result = Sync(*ana_);
  EXPECT_FALSE(result.synced);
  EXPECT_THAT(result.problem, HasSubstr("was not trusted, and nothing was sent to it"));
}

TEST_F(CertificateTest, ACodeTakesEveryReplicaToWhereTheServerIsNow) {
  std::unique_ptr<Replica> ben = JoinAs("ben", "Exempleville");
  Save(*ana_, "market", "Market");
  MoveServer();
  std::string code = Operator()->RehomeCode()->code();
  for (Replica* replica : {ana_.get(), ben.get()}) {
    absl::Status moved = Rehome(*replica, code, kDeadlineMs);
    ASSERT_TRUE(moved.ok()) << MessageOf(moved);
    SyncResult result = Sync(*replica);
    EXPECT_TRUE(result.synced) << result.problem;
  }
  EXPECT_TRUE(Holds(*ben, "market"));
}

TEST_F(CertificateTest, ACodeThatOnlySaysWhereTheServerIsInvitesNobody) {
  absl::Status joined = Join(Joining("mallory", Operator()->RehomeCode()->code())).status();
  EXPECT_THAT(MessageOf(joined), HasSubstr("invites nobody"));
}

TEST_F(CertificateTest, AStrangersKeyGetsNothingByIt) {
  std::string code = Operator()->RehomeCode()->code();
  Identity stranger = ana_->identity();
  auto mallory = Replica::Create(folder_ / "mallory", stranger,
                                 *SigningKey::OfSeed(Sha256("mallory").bytes()));
  ASSERT_TRUE(mallory.ok());
  absl::Status moved = Rehome(**mallory, code, kDeadlineMs);
  EXPECT_THAT(MessageOf(moved),
              HasSubstr("does not know this partnership, or this replica may not"));
}

TEST_F(CertificateTest, AnInvitationBringsBackWhoWasAwayForTooLong) {
  house_.reset();
  {
    auto database =
        sqlite::Database::Open(folder_ / "server/server.db", server::ServerFormat(), {});
    ASSERT_TRUE(database.ok());
    ASSERT_TRUE((*database)
                    ->Write([&] {
                      (*database)->connection().exec("UPDATE certified SET until_ms = 1000");
                      return absl::OkStatus();
                    })
                    .ok());
  }
  Serve(address_);
  IssuedBefore(500);
  std::string refused = Sync(*ana_).problem;
  EXPECT_THAT(refused, HasSubstr("more than 30 days ago"));
  EXPECT_THAT(refused, HasSubstr("twinning rehome CODE"));
  absl::Status other = Rehome(*ana_, Invite("Exempleville"), kDeadlineMs);
  EXPECT_THAT(MessageOf(other), HasSubstr("for another partnership or town"));
  absl::Status back = Rehome(*ana_, Invite("Exampleton"), kDeadlineMs);
  EXPECT_TRUE(back.ok()) << MessageOf(back);
  EXPECT_TRUE(Sync(*ana_).synced);
}

// --- Before the secret is said ------------------------------------------------------------------

TEST_F(CertificateTest, ASecretIsSaidOnlyToTheServerThatTheCodeNames) {
  std::string code = Invite("Exampleton");
  v1::Invitation misled = *sync::ParseInvitation(code);
  misled.set_fingerprint(std::string(Sha256("an attacker's authority").bytes()));
  absl::Status joined = Join(Joining("amy", sync::FormatInvitation(misled))).status();
  EXPECT_TRUE(absl::IsUnavailable(joined));
  EXPECT_THAT(MessageOf(joined), HasSubstr("was not trusted, and nothing was sent to it"));
  v1::ListInvitationsResponse all = *Operator()->Invitations("Link");
  EXPECT_EQ(all.invitations(0).state(), v1::InvitationInfo::OPEN);
  EXPECT_TRUE(Join(Joining("amy", code)).ok());
}

}  // namespace
}  // namespace twinning::client
