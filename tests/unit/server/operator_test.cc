// What operators see and do with one partnership, on a server as it runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "server/backup/verify.h"
#include "server/ctl/receiving.h"
#include "tests/unit/server/open_house.h"

namespace twinning::server {
namespace {

using ::testing::HasSubstr;
using twinning::testing::RecordNamed;
using OperatorTest = OpenHouse;

v1::Edit TitleOf(const RecordId& record, const std::string& title) {
  return twinning::testing::Write(record, "objective", "title", merge::StringValue(title));
}

// --- Archive ------------------------------------------------------------------------------------

TEST_F(OperatorTest, AnArchivedPartnershipIsReadAndTakesNothing) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  LedgerPen pen("ana", ana);
  Caller caller(house_->address(), ana, "ana");
  ASSERT_TRUE(caller.ReadUpTo(ana.sequence()));
  ASSERT_NE(server_->Archive("Link", false)->archived_ms(), 0);
  caller.Write(pen.Objectives(1));
  EXPECT_EQ(caller.Read().closing().reason(), v1::ARCHIVED);
  Caller reader(house_->address(), ana, "ana");
  EXPECT_TRUE(reader.ReadUpTo(ana.sequence()));
  v1::InviteRequest request;
  request.set_partnership("Link");
  request.set_town("Beispielstadt");
  EXPECT_THAT(MessageOf(server_->Invite(request).status()), HasSubstr("archived"));
}

TEST_F(OperatorTest, ItStaysArchivedAfterARestartAndIsTakenBack) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  ASSERT_TRUE(server_->Archive("Link", false).ok());
  Open();
  EXPECT_NE(server_->List()->partnerships(0).archived_ms(), 0);
  ASSERT_EQ(server_->Archive("Link", true)->archived_ms(), 0);
  Caller caller(house_->address(), ana, "ana");
  ASSERT_TRUE(caller.ReadUpTo(ana.sequence()));
  caller.Write(LedgerPen("ana", ana).Objectives(1));
  EXPECT_TRUE(caller.ReadUpTo(ana.sequence() + 1));
  EXPECT_THAT(AuditOf(*server_), HasSubstr("partnership taken back"));
}

TEST_F(OperatorTest, AStolenLaptopIsRevokedInAnArchivedPartnershipToo) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  ASSERT_TRUE(server_->Archive("Link", false).ok());
  v1::RevokeRequest request;
  request.set_partnership("Link");
  request.set_who("ana");
  EXPECT_EQ(server_->Revoke(request)->replicas(0).sequence(), ana.sequence() + 1);
}

// --- Export and import --------------------------------------------------------------------------

class MovingTest : public OpenHouse {
 protected:
  MovingTest() : ana_(Member("ana", "Exampleton")), pen_("ana", ana_) {}

  void Write() {
    const Sequence head = server_->Show("Link")->info().sequence();
    Caller caller(house_->address(), ana_, "ana");
    ASSERT_TRUE(caller.ReadUpTo(head));
    caller.Write(pen_.Objectives(1));
    ASSERT_TRUE(caller.ReadUpTo(head + 1));
  }
  std::string Export(const std::string& name) {
    absl::StatusOr<v1::BackupInfo> info = ctl::ReceiveCopy(
        folder_ / name, [&](const ctl::TakePart& take) { return server_->Export("Link", take); });
    EXPECT_TRUE(info.ok()) << info.status();
    return folder_ / name;
  }
  static absl::StatusOr<v1::ImportReport> Import(ctl::Server& server, const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return server.Import([&]() -> absl::StatusOr<std::string> {
      std::string bytes(1000, '\0');
      file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      bytes.resize(static_cast<size_t>(file.gcount()));
      return bytes;
    });
  }
  std::unique_ptr<ctl::Server> OpenOther() {
    absl::StatusOr<std::unique_ptr<House>> other = House::Open({.data = folder_ / "other"});
    EXPECT_TRUE(other.ok()) << other.status();
    other_ = *std::move(other);
    return ctl::Server::In(folder_ / "other");
  }

  v1::EnrolResponse ana_;
  LedgerPen pen_;
  std::unique_ptr<House> other_;
};

TEST_F(MovingTest, AFileHoldsOnePartnershipAndNothingOfAnother) {
  ASSERT_TRUE(server_->Create("A secret of others").ok());
  Write();
  const std::string file = Export("link.twinning");
  absl::StatusOr<std::vector<v1::Verified>> verified = VerifyFile(file);
  ASSERT_TRUE(verified.ok()) << verified.status();
  ASSERT_EQ(verified->size(), 1u);
  EXPECT_EQ(verified->front().digest(), server_->Show("Link")->digest());
  std::ifstream bytes(file, std::ios::binary);
  std::string all((std::istreambuf_iterator<char>(bytes)), {});
  EXPECT_EQ(all.find("A secret of others"), std::string::npos);
}

TEST_F(MovingTest, AnArchivedOneGoesOnAtAnotherServerAtOnce) {
  Write();
  ASSERT_TRUE(server_->Archive("Link", false).ok());
  auto other = OpenOther();
  absl::StatusOr<v1::ImportReport> report = Import(*other, Export("link.twinning"));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_FALSE(report->recovery_begun());
  EXPECT_EQ(other->Show("Link")->digest(), server_->Show("Link")->digest());
  EXPECT_EQ(other->Show("Link")->info().archived_ms(), 0);
  EXPECT_THAT(AuditOf(*other), HasSubstr("partnership imported"));
}

TEST_F(MovingTest, WhatMayBeBehindItsReplicasBeginsARecovery) {
  auto other = OpenOther();
  ASSERT_TRUE(Import(*other, Export("first.twinning"))->recovery_begun());
  EXPECT_TRUE(other->Recover(ctl::Server::Recovery::kStatus, "Link")->open());
}

TEST_F(MovingTest, ALaterFileBringsWhatIsMissingAsANewEpoch) {
  auto other = OpenOther();
  ASSERT_TRUE(Import(*other, Export("first.twinning")).ok());
  const uint64_t epoch = other->Recover(ctl::Server::Recovery::kStatus, "Link")->epoch();
  Write();
  absl::StatusOr<v1::ImportReport> report = Import(*other, Export("second.twinning"));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->before(), ana_.sequence());
  EXPECT_EQ(other->Show("Link")->digest(), server_->Show("Link")->digest());
  EXPECT_GT(other->Recover(ctl::Server::Recovery::kStatus, "Link")->epoch(), epoch);
}

TEST_F(MovingTest, WhatTheServerHoldsAlreadyIsLeftAlone) {
  const std::string file = Export("link.twinning");
  absl::Status again = Import(*server_, file).status();
  EXPECT_TRUE(absl::IsAlreadyExists(again)) << again;
  Write();
  EXPECT_TRUE(absl::IsAlreadyExists(Import(*server_, file).status()));
  EXPECT_FALSE(server_->Recover(ctl::Server::Recovery::kStatus, "Link")->open());
}

TEST_F(MovingTest, AnotherHistoryIsNeverMixedIn) {
  auto other = OpenOther();
  ASSERT_TRUE(Import(*other, Export("first.twinning")).ok());
  ASSERT_TRUE(other->Recover(ctl::Server::Recovery::kFinish, "Link").ok());
  Write();
  Write();
  const std::string before = other->Show("Link")->digest();
  absl::Status mixed = Import(*other, Export("second.twinning")).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(mixed)) << mixed;
  EXPECT_EQ(other->Show("Link")->digest(), before);
}

TEST_F(MovingTest, ADamagedFileChangesNothing) {
  const std::string file = Export("link.twinning");
  std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
  std::string all((std::istreambuf_iterator<char>(bytes)), {});
  bytes.clear();
  bytes.seekp(static_cast<std::streamoff>(all.find("Exampleton")));
  bytes.put('X');
  bytes.close();
  auto other = OpenOther();
  EXPECT_FALSE(Import(*other, file).ok());
  EXPECT_TRUE(other->List()->partnerships().empty());
  std::ofstream(folder_ / "nothing") << "no database";
  EXPECT_FALSE(Import(*other, folder_ / "nothing").ok());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "other/import.partial"));
}

// --- Replicas, roles, conflicts -----------------------------------------------------------------

TEST_F(OperatorTest, WhereAReplicaStandsIsKnownAfterARestartToo) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  v1::EnrolResponse ben = Member("ben", "Exempleville");
  {
    Caller caller(house_->address(), ana, "ana");
    ASSERT_TRUE(caller.ReadUpTo(ben.sequence()));
    const v1::ReplicasResponse now = *server_->Replicas("Link");
    EXPECT_TRUE(now.replicas(0).connected());
    EXPECT_FALSE(now.replicas(1).connected());
    EXPECT_EQ(now.head(), ben.sequence());
  }
  Open();
  const v1::ReplicasResponse later = *server_->Replicas("Link");
  EXPECT_EQ(later.replicas(0).member(), "ana");
  EXPECT_EQ(later.replicas(0).town(), "Exampleton");
  EXPECT_FALSE(later.replicas(0).connected());
  EXPECT_NE(later.replicas(0).seen_ms(), 0);
  EXPECT_EQ(later.replicas(1).seen_ms(), 0);
}

TEST_F(OperatorTest, ARoleIsChangedInTheLedgerAndInTheAudit) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  v1::ChangeRoleRequest request;
  request.set_partnership("Link");
  request.set_who("ana");
  request.set_role(v1::VIEWER);
  absl::StatusOr<v1::ChangeRoleResponse> changed = server_->ChangeRole(request);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->sequence(), ana.sequence() + 1);
  EXPECT_EQ(server_->Replicas("Link")->replicas(0).role(), v1::VIEWER);
  EXPECT_THAT(AuditOf(*server_), HasSubstr("role changed"));
  request.set_who("nobody");
  EXPECT_TRUE(absl::IsNotFound(server_->ChangeRole(request).status()));
}

TEST_F(OperatorTest, ConflictsAreReadInWordsAndThatIsNoted) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  v1::EnrolResponse ben = Member("ben", "Exempleville");
  LedgerPen anas("ana", ana);
  LedgerPen bens("ben", ben);
  Caller at_ana(house_->address(), ana, "ana");
  Caller at_ben(house_->address(), ben, "ben");
  const Sequence head = ben.sequence();
  const RecordId record = RecordNamed("exchange");
  at_ana.Write(anas.Push(
      {twinning::testing::Create(record, "objective"), TitleOf(record, "Exchange visit")}));
  ASSERT_TRUE(at_ana.ReadUpTo(head + 1));
  const v1::PartnershipDetails seen = *server_->Show("Link");
  anas.See(seen);
  bens.See(seen);
  at_ana.Write(anas.Push({TitleOf(record, "School exchange")}));
  at_ben.Write(bens.Push({TitleOf(record, "Youth exchange")}));
  ASSERT_TRUE(at_ana.ReadUpTo(head + 3));
  const v1::ConflictsResponse conflicts = *server_->Conflicts("Link");
  ASSERT_EQ(conflicts.conflicts_size(), 1);
  const v1::ConflictInfo& conflict = conflicts.conflicts(0);
  EXPECT_THAT(conflict.subject(), HasSubstr("title of objective"));
  ASSERT_EQ(conflict.candidates_size(), 2);
  EXPECT_THAT(
      (std::vector<std::string>{conflict.candidates(0).words(), conflict.candidates(1).words()}),
      ::testing::UnorderedElementsAre("School exchange", "Youth exchange"));
  EXPECT_EQ(server_->Show("Link")->open_conflicts(), 1u);
  EXPECT_THAT(AuditOf(*server_), HasSubstr("conflicts read"));
}

}  // namespace
}  // namespace twinning::server
