#include "common/sync/invitation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twinning::sync {
namespace {

v1::Invitation Sample() {
  v1::Invitation invitation;
  invitation.set_address("127.0.0.1:7443");
  invitation.set_fingerprint(std::string(Sha256("an authority").bytes()));
  invitation.set_secret("sixteen secrets!");
  return invitation;
}

TEST(Invitation, CodeGivesBackWhatItWasMadeFrom) {
  absl::StatusOr<v1::Invitation> parsed = ParseInvitation(FormatInvitation(Sample()));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->address(), "127.0.0.1:7443");
  EXPECT_EQ(parsed->secret(), "sixteen secrets!");
}

TEST(Invitation, IsReadInCapitalsAndInGroups) {
  std::string code = FormatInvitation(Sample());
  std::string read_out;
  for (size_t i = 0; i < code.size(); ++i) {
    if (i % 5 == 0) read_out += i % 2 == 0 ? " " : "-\n";
    read_out += static_cast<char>(std::toupper(code[i]));
  }
  EXPECT_TRUE(ParseInvitation(read_out).ok());
}

TEST(Invitation, AnyWrongLetterIsNoticed) {
  std::string code = FormatInvitation(Sample());
  for (size_t i = 5; i + 1 < code.size(); ++i) {
    std::string wrong = code;
    wrong[i] = wrong[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(ParseInvitation(wrong).ok()) << i;
  }
}

TEST(Invitation, ACodeCutShortSaysSo) {
  std::string code = FormatInvitation(Sample());
  absl::Status status = ParseInvitation(code.substr(0, code.size() - 3)).status();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("incomplete or mistyped"));
}

TEST(Invitation, SomethingElseIsNotACode) {
  absl::Status status = ParseInvitation("hello").status();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("not an invitation code"));
  EXPECT_FALSE(ParseInvitation("").ok());
  EXPECT_FALSE(ParseInvitation("twin1").ok());
  EXPECT_FALSE(ParseInvitation(std::string(5000, 'a')).ok());
}

TEST(Invitation, ProofHoldsForItsKeyAndSecretOnly) {
  SigningKey ana = *SigningKey::OfSeed(Sha256("ana").bytes());
  SigningKey ben = *SigningKey::OfSeed(Sha256("ben").bytes());
  std::string proof = ProveKey(ana, "sixteen secrets!");
  EXPECT_TRUE(CheckProof(ana.public_key(), "sixteen secrets!", proof));
  EXPECT_FALSE(CheckProof(ben.public_key(), "sixteen secrets!", proof));
  EXPECT_FALSE(CheckProof(ana.public_key(), "another secrets!", proof));
  EXPECT_FALSE(CheckProof("", "", ""));
}

TEST(Invitation, ACodeThatNamesNoAuthorityIsRefused) {
  v1::Invitation invitation = Sample();
  invitation.clear_fingerprint();
  EXPECT_FALSE(ParseInvitation(FormatInvitation(invitation)).ok());
}

TEST(Invitation, AProofOfOnePurposeIsNoneOfAnother) {
  SigningKey ana = *SigningKey::OfSeed(Sha256("ana").bytes());
  EXPECT_TRUE(CheckRenewal(ana.public_key(), "bytes", ProveRenewal(ana, "bytes")));
  EXPECT_FALSE(CheckRenewal(ana.public_key(), "bytes", ProveKey(ana, "bytes")));
  EXPECT_FALSE(CheckProof(ana.public_key(), "bytes", ProveRenewal(ana, "bytes")));
}

}  // namespace
}  // namespace twinning::sync
