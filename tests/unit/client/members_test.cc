// A coordinator's invitation, from one town hall over a server to another person's replica.
#include "client/desk/members.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "client/desk/around.h"
#include "common/sync/invitation.h"
#include "tests/unit/client/served_halls.h"

namespace twinning::client {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kTime = 1932473100000;

class MembersOverTheWire : public ServedHalls {
 protected:
  MembersOverTheWire() : ana_(JoinAs("ana", "Exampleton")), ben_(JoinAs("ben", "Exempleville")) {}

  // Written and synced.
  void Do(Replica& replica, const Replica::Make& make) {
    auto saved = replica.Write(make, kTime);
    ASSERT_TRUE(saved.ok()) << MessageOf(saved.status());
    ASSERT_FALSE(saved->refusal) << saved->refusal->detail;
    EXPECT_TRUE(Sync(replica).synced);
  }
  // The code of an invitation by Ana.
  std::string Invited(const std::string& role, int64_t now_ms = desk::NowMs()) {
    std::string code;
    const std::string secret =
        std::string(Sha256(role + std::to_string(++invited_)).bytes().substr(0, sync::kSecretSize));
    Do(*ana_, [&](const plan::Plan& view) -> absl::StatusOr<Replica::Draft> {
      TWINNING_ASSIGN_OR_RETURN(desk::NewInvite invite,
                                desk::DraftToInvite(*ana_, view, role, secret, now_ms));
      code = invite.code;
      return invite.draft;
    });
    return code;
  }
  const plan::Member& Find(Replica& replica, const Replica& whose) {
    Sync(replica);
    return *replica.confirmed().FindMember(whose.identity().replica);
  }

  std::unique_ptr<Replica> ana_;
  std::unique_ptr<Replica> ben_;
  int invited_ = 0;
};

TEST_F(MembersOverTheWire, WhomACoordinatorInvitesIsConfirmedEverywhere) {
  auto amy = Join(Joining("amy", Invited("editor")));
  ASSERT_TRUE(amy.ok()) << MessageOf(amy.status());
  for (Replica* replica : {ana_.get(), ben_.get(), amy->get()}) {
    const plan::Member& member = Find(*replica, **amy);
    EXPECT_TRUE(member.confirmed());
    EXPECT_EQ(member.role, v1::EDITOR);
    EXPECT_EQ(member.name, "amy");
  }
  Save(**amy, "seminar", "Teacher seminar");
  EXPECT_TRUE(Sync(**amy).synced);
}

TEST_F(MembersOverTheWire, ACodeIsForOneKeyWhichMayAskAgain) {
  const std::string code = Invited("editor");
  ASSERT_TRUE(Join(Joining("amy", code)).ok());
  absl::Status second = Join(Joining("abe", code)).status();
  EXPECT_THAT(MessageOf(second), HasSubstr("was used by amy of Exampleton: if that was not you"));
  std::filesystem::remove(folder_ / "amy/replica.db");
  EXPECT_TRUE(Join(Joining("amy", code)).ok()) << "cut short after it was enrolled";
}

TEST_F(MembersOverTheWire, ACodeThatEndedOrWasWithdrawnLetsNobodyIn) {
  absl::Status ended = Join(Joining("amy", Invited("editor", 1))).status();
  EXPECT_THAT(MessageOf(ended), HasSubstr("this invitation ended at"));
  const std::string code = Invited("editor");
  const std::string id =
      HexOf(ana_->view().FindTown(ana_->identity().town)->invites.back().key).substr(0, 8);
  Do(*ana_, [&](const plan::Plan& view) { return desk::DraftToWithdrawInvite(*ana_, view, id); });
  absl::Status withdrawn = Join(Joining("amy", code)).status();
  EXPECT_THAT(MessageOf(withdrawn), HasSubstr("was withdrawn by the town"));
}

TEST_F(MembersOverTheWire, ACodeThatHasNotReachedTheServerSaysSo) {
  v1::Invitation invitation = *sync::ParseInvitation(Invited("editor"));
  invitation.set_secret("another secret!!");
  absl::Status status = Join(Joining("amy", sync::FormatInvitation(invitation))).status();
  EXPECT_THAT(MessageOf(status), HasSubstr("has not reached this server yet"));
}

TEST_F(MembersOverTheWire, WhomTheOperatorAddsWaitsForTheTown) {
  auto una = JoinAs("una", "Exampleton");
  EXPECT_FALSE(Find(*ana_, *una).confirmed());
  Do(*ana_, [&](const plan::Plan& view) {
    return desk::DraftToConfirmMember(*ana_, view, "una", std::nullopt);
  });
  EXPECT_TRUE(Find(*una, *una).confirmed());
}

TEST_F(MembersOverTheWire, WhomATownShutsOutStaysOutAfterARestoreOfTheDatabase) {
  auto amy = Join(Joining("amy", Invited("editor")));
  ASSERT_TRUE(amy.ok());
  house_.reset();
  std::filesystem::copy(folder_ / "server/server.db", folder_ / "backup.db");
  Serve(address_);
  Sync(*ana_);
  Do(*ana_, [&](const plan::Plan& view) { return desk::DraftToDismiss(*ana_, view, "amy"); });
  EXPECT_THAT(Sync(**amy).problem, HasSubstr("has been revoked"));
  house_.reset();
  std::filesystem::copy(folder_ / "backup.db", folder_ / "server/server.db",
                        std::filesystem::copy_options::overwrite_existing);
  Serve(address_);
  EXPECT_THAT(Sync(**amy).problem, HasSubstr("has been revoked"));
}

}  // namespace
}  // namespace twinning::client
