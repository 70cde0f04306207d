// The certificate authority with what it issues, and how both sides judge that.
#include "server/authority/authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "common/base/status.h"
#include "common/files/durable.h"
#include "common/tls/trust.h"
#include "server/authority/revoked_list.h"
#include "server/authority/server_certificate.h"
#include "tests/support/temporary_folder.h"

namespace twinning::server {
namespace {

using ::testing::HasSubstr;
using tls::CheckChain;
using tls::Use;

constexpr int64_t kNow_ms = 1'932'000'000'000;  // 2031-03-23 02:40 UTC
const SigningKey kAna = *SigningKey::OfSeed(Sha256("ana").bytes());

std::unique_ptr<Authority> Open(const std::string& folder, int64_t now_ms = kNow_ms) {
  absl::StatusOr<std::unique_ptr<Authority>> authority = Authority::Open(folder, now_ms);
  EXPECT_TRUE(authority.ok()) << authority.status();
  return *std::move(authority);
}

class AuthorityTest : public ::testing::Test {
 protected:
  tls::Certificate Replica(int64_t now_ms = kNow_ms) const {
    return *authority_->CertifyReplica(kAna.public_key(), now_ms);
  }
  tls::Certificate Server(int64_t now_ms = kNow_ms) const {
    return *authority_->CertifyServer(AuthorityKey::Generate(), {"plan.example.org", "10.0.0.7"},
                                      now_ms);
  }
  // The server's own certificate with what it sends behind it.
  std::vector<tls::Certificate> Sent(const tls::Certificate& own) const {
    std::vector<tls::Certificate> chain = authority_->chain();
    chain.insert(chain.begin(), own);
    return chain;
  }
  std::string Folder() const { return folder_ / "authority"; }

  TemporaryFolder folder_;
  std::unique_ptr<Authority> authority_ = Open(Folder());
};

TEST_F(AuthorityTest, IsTheSameWhenOpenedAgainAndItsOwnersOnly) {
  Hash fingerprint = authority_->fingerprint();
  EXPECT_EQ(Open(Folder())->fingerprint(), fingerprint);
  struct stat key {};
  struct stat folder {};
  ASSERT_EQ(stat((Folder() + "/1/key.pem").c_str(), &key), 0);
  ASSERT_EQ(stat(Folder().c_str(), &folder), 0);
  EXPECT_EQ(key.st_mode & 0777, 0600u);
  EXPECT_EQ(folder.st_mode & 0777, 0700u);
}

TEST_F(AuthorityTest, AReplicasCertificateIsForItsOwnKey) {
  tls::Certificate certificate = Replica();
  EXPECT_EQ(certificate.ed25519_key(), kAna.public_key());
  EXPECT_TRUE(CheckChain({certificate}, authority_->trusted(), Use::kReplica).ok());
  EXPECT_FALSE(authority_->CertifyReplica("short", kNow_ms).ok());
}

TEST_F(AuthorityTest, AServersCertificateNamesItsHosts) {
  tls::Certificate certificate = Server();
  EXPECT_TRUE(certificate.Names("plan.example.org"));
  EXPECT_TRUE(certificate.Names("10.0.0.7"));
  EXPECT_TRUE(certificate.Names(tls::kServerName));
  EXPECT_FALSE(certificate.Names("other.example.org"));
  EXPECT_TRUE(CheckChain({certificate}, authority_->trusted(), Use::kServer).ok());
}

TEST_F(AuthorityTest, AHostThatIsNoNameIsRefused) {
  absl::Status status =
      authority_->CertifyServer(AuthorityKey::Generate(), {"a b,DNS:evil.org"}, kNow_ms).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(MessageOf(status), HasSubstr("neither a name nor an address"));
}

TEST_F(AuthorityTest, ACertificateOfOneUseIsNoneOfTheOther) {
  EXPECT_FALSE(CheckChain({Replica()}, authority_->trusted(), Use::kServer).ok());
  EXPECT_FALSE(CheckChain({Server()}, authority_->trusted(), Use::kReplica).ok());
}

TEST_F(AuthorityTest, AnotherAuthoritysCertificateIsNotTrusted) {
  std::unique_ptr<Authority> other = Open(folder_ / "other");
  tls::Certificate forged = *other->CertifyReplica(kAna.public_key(), kNow_ms);
  EXPECT_FALSE(CheckChain({forged}, authority_->trusted(), Use::kReplica).ok());
  // Nor when it brings the right authority along.
  EXPECT_FALSE(
      CheckChain({forged, authority_->trusted().front()}, authority_->trusted(), Use::kReplica)
          .ok());
}

TEST_F(AuthorityTest, ACertificateThatWasTamperedWithIsNotTrusted) {
  std::string der = Replica().der();
  size_t key = der.find(kAna.public_key());
  ASSERT_NE(key, der.npos);
  der[key] = static_cast<char>(der[key] ^ 1);
  absl::StatusOr<tls::Certificate> tampered = tls::Certificate::OfDer(der);
  ASSERT_TRUE(tampered.ok());
  EXPECT_FALSE(CheckChain({*tampered}, authority_->trusted(), Use::kReplica).ok());
}

TEST_F(AuthorityTest, AClockThatIsWrongIsNamedInTheReason) {
  tls::Certificate certificate = Replica();
  EXPECT_TRUE(tls::CheckTime(certificate, "It", kNow_ms, 0).ok());
  EXPECT_THAT(MessageOf(tls::CheckTime(certificate, "It", kNow_ms - 2 * kDay_ms, 0)),
              HasSubstr("is valid from 2031-03-22 02:40 UTC, and your clock says 2031-03-21"));
  EXPECT_THAT(MessageOf(tls::CheckTime(certificate, "It", kNow_ms + 366 * kDay_ms, 0)),
              HasSubstr("ended at 2032-03-22 02:40 UTC, and your clock says 2032-03-23"));
  EXPECT_TRUE(tls::CheckTime(certificate, "It", kNow_ms + 366 * kDay_ms, kGrace_ms).ok());
}

TEST_F(AuthorityTest, KeyAndCertificateThatDoNotBelongTogetherAreFoundAtOpening) {
  ASSERT_TRUE(files::Write(Folder() + "/1/key.pem", AuthorityKey::Generate().pem()).ok());
  absl::Status status = Authority::Open(Folder(), kNow_ms).status();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(MessageOf(status), HasSubstr("not the key of the certificate beside it"));
}

TEST_F(AuthorityTest, WhatIsDamagedIsNeverReplaced) {
  for (const char* file : {"/1/certificate.pem", "/1/key.pem"}) {
    ASSERT_TRUE(files::Write(Folder() + file, "nonsense").ok());
    EXPECT_TRUE(absl::IsDataLoss(Authority::Open(Folder(), kNow_ms).status())) << file;
    EXPECT_EQ(files::Read(Folder() + file, 100).value(), "nonsense");
  }
}

TEST_F(AuthorityTest, AnAuthorityThatWasBeingMadeWhenThePowerWentIsMadeAnew) {
  std::filesystem::rename(Folder() + "/1", Folder() + "/making");
  std::filesystem::remove(Folder() + "/making/certificate.pem");
  std::unique_ptr<Authority> opened = Open(Folder());
  EXPECT_EQ(opened->trusted().size(), 1u);
}

// --- A new authority in the place of the old ----------------------------------------------------

class RolledAuthorityTest : public AuthorityTest {
 protected:
  RolledAuthorityTest() {
    absl::StatusOr<bool> rolled = authority_->RollIfDue(later_ms_);
    EXPECT_TRUE(rolled.ok() && *rolled) << rolled.status();
  }

  const std::vector<tls::Certificate> before_ = authority_->trusted();
  const tls::Certificate issued_before_ = Replica();
  const int64_t later_ms_ = kNow_ms + kAuthorityLife_ms / 3 * 2 + kDay_ms;
};

TEST_F(AuthorityTest, StaysUntilTwoThirdsOfItsLifeAreOver) {
  EXPECT_FALSE(*authority_->RollIfDue(kNow_ms + kAuthorityLife_ms / 3 * 2 - 2 * kDay_ms));
  EXPECT_EQ(authority_->trusted().size(), 1u);
}

TEST_F(RolledAuthorityTest, BothAreTrusted) {
  EXPECT_EQ(authority_->trusted().size(), 2u);
  EXPECT_TRUE(CheckChain({issued_before_}, authority_->trusted(), Use::kReplica).ok());
  EXPECT_TRUE(CheckChain({Replica(later_ms_)}, authority_->trusted(), Use::kReplica).ok());
}

TEST_F(RolledAuthorityTest, WhoKnowsOnlyTheOldOneFollowsToTheNew) {
  tls::Certificate server = Server(later_ms_);
  EXPECT_TRUE(CheckChain(Sent(server), before_, Use::kServer).ok());
  EXPECT_FALSE(CheckChain({server}, before_, Use::kServer).ok());
}

TEST_F(RolledAuthorityTest, AnInvitationThatNamesEitherIsGood) {
  std::vector<tls::Certificate> sent = Sent(Server(later_ms_));
  for (const Hash& named : {before_.front().fingerprint(), authority_->fingerprint()}) {
    std::vector<tls::Certificate> pinned = tls::WithFingerprint(sent, named);
    EXPECT_TRUE(CheckChain(sent, pinned, Use::kServer).ok()) << HexOf(named.bytes());
  }
  EXPECT_TRUE(tls::WithFingerprint(sent, Sha256("another")).empty());
}

TEST_F(RolledAuthorityTest, TheOldKeyIsGoneAndTheNewIsThereAfterARestart) {
  EXPECT_FALSE(std::filesystem::exists(Folder() + "/1/key.pem"));
  std::unique_ptr<Authority> opened = Open(Folder(), later_ms_);
  EXPECT_EQ(opened->fingerprint(), authority_->fingerprint());
  EXPECT_EQ(opened->trusted().size(), 2u);
}

// --- A listener's certificate -------------------------------------------------------------------

class ServerCertificateTest : public AuthorityTest {
 protected:
  std::string Shown() const { return files::Read(certificate_.chain_file(), 100'000).value(); }
  bool Refresh(int64_t now_ms = kNow_ms) {
    absl::StatusOr<bool> made = certificate_.Refresh(*authority_, now_ms);
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() && *made;
  }

  ServerCertificate certificate_{folder_ / "tls", {"plan.example.org"}};
};

TEST_F(ServerCertificateTest, IsMadeOnceAndKeptWhileItIsGood) {
  EXPECT_TRUE(Refresh());
  std::string shown = Shown();
  EXPECT_FALSE(Refresh(kNow_ms + 200 * kDay_ms));
  EXPECT_EQ(Shown(), shown);
}

TEST_F(ServerCertificateTest, IsMadeAnewBeforeItEnds) {
  ASSERT_TRUE(Refresh());
  EXPECT_TRUE(Refresh(kNow_ms + 250 * kDay_ms));
  EXPECT_GT(certificate_.Current()->valid_until_ms(), kNow_ms + 600 * kDay_ms);
}

TEST_F(ServerCertificateTest, IsMadeAnewForAnotherName) {
  ASSERT_TRUE(Refresh());
  ServerCertificate moved(folder_ / "tls", {"plan.example.org", "new.example.org"});
  EXPECT_TRUE(*moved.Refresh(*authority_, kNow_ms));
  EXPECT_TRUE(moved.Current()->Names("new.example.org"));
}

TEST_F(ServerCertificateTest, APairThatDoesNotFitIsReplaced) {
  ASSERT_TRUE(Refresh());
  ASSERT_TRUE(files::Write(certificate_.key_file(), AuthorityKey::Generate().pem()).ok());
  EXPECT_TRUE(Refresh());
  ASSERT_TRUE(files::Write(certificate_.chain_file(), "nonsense").ok());
  EXPECT_TRUE(Refresh());
  EXPECT_FALSE(Refresh());
}

TEST_F(ServerCertificateTest, ACopyThatFollowedLinksGetsAPairThatCanBeRead) {
  ASSERT_TRUE(Refresh());
  const std::filesystem::path current = folder_ / "tls/current";
  const std::filesystem::path pair = folder_ / "tls" / std::filesystem::read_symlink(current);
  std::filesystem::remove(current);
  std::filesystem::copy(pair, current);
  EXPECT_FALSE(certificate_.Read().ok());
  EXPECT_TRUE(Refresh());
  EXPECT_TRUE(certificate_.Read().ok());
  EXPECT_FALSE(Refresh());
}

TEST_F(ServerCertificateTest, APairWhoseMakingWasCutShortIsNotShown) {
  ASSERT_TRUE(Refresh());
  std::string shown = Shown();
  std::filesystem::create_directory(folder_ / "tls/7");
  ASSERT_TRUE(files::Write(folder_ / "tls/7/key.pem", AuthorityKey::Generate().pem()).ok());
  EXPECT_FALSE(Refresh());
  EXPECT_EQ(Shown(), shown);
}

// --- Whom the server has shut out ---------------------------------------------------------------

const Revoked kRevoked{*LedgerId::Of("a partnership's "), ReplicaOfKey(kAna.public_key()), kNow_ms};

TEST(RevokedList, IsRememberedOnDisk) {
  TemporaryFolder folder;
  ASSERT_TRUE((*RevokedList::Open(folder / "revoked"))->Add(kRevoked).ok());
  std::unique_ptr<RevokedList> list = *RevokedList::Open(folder / "revoked");
  EXPECT_TRUE(list->Contains(kRevoked.ledger, kRevoked.replica));
  EXPECT_FALSE(list->Contains(*LedgerId::Of("another, this is"), kRevoked.replica));
  ASSERT_EQ(list->all().size(), 1u);
  EXPECT_EQ(list->all()[0].time_ms, kNow_ms);
}

TEST(RevokedList, TwiceIsOnce) {
  TemporaryFolder folder;
  std::unique_ptr<RevokedList> list = *RevokedList::Open(folder / "revoked");
  ASSERT_TRUE(list->Add(kRevoked).ok());
  ASSERT_TRUE(list->Add(kRevoked).ok());
  EXPECT_EQ((*RevokedList::Open(folder / "revoked"))->all().size(), 1u);
}

TEST(RevokedList, ALineThatPowerLossCutShortIsLeftOut) {
  TemporaryFolder folder;
  ASSERT_TRUE((*RevokedList::Open(folder / "revoked"))->Add(kRevoked).ok());
  ASSERT_TRUE(files::Append(folder / "revoked", "0102").ok());
  std::unique_ptr<RevokedList> list = *RevokedList::Open(folder / "revoked");
  EXPECT_EQ(list->all().size(), 1u);
  Revoked other = kRevoked;
  other.replica = *ReplicaId::Of("another replica!");
  ASSERT_TRUE(list->Add(other).ok());
  EXPECT_EQ((*RevokedList::Open(folder / "revoked"))->all().size(), 2u);
}

TEST(RevokedList, ADamagedLineLetsNobodyIn) {
  TemporaryFolder folder;
  ASSERT_TRUE(files::Append(folder / "revoked", "nonsense\n").ok());
  EXPECT_TRUE(absl::IsDataLoss(RevokedList::Open(folder / "revoked").status()));
}

}  // namespace
}  // namespace twinning::server
