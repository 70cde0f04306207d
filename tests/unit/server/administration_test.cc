// Administering from another machine: who may, how it is taken back, and what the audit says.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "common/files/durable.h"
#include "server/authority/operator_list.h"
#include "server/ctl/identity.h"
#include "tests/unit/server/open_house.h"
#include "twinning/v1/admin.grpc.pb.h"

namespace twinning::server {
namespace {

using ::testing::HasSubstr;

class AdministrationTest : public OpenHouse {
 protected:
  AdministrationTest() { Open({.admin_listen = "127.0.0.1:0"}); }

  // As "operator add" does it.
  std::string Add(const std::string& name) {
    const std::string folder = folder_ / name;
    SigningKey key = *ctl::MakeIdentityKey(folder, name);
    v1::AddOperatorRequest request;
    request.set_name(name);
    request.set_key(key.public_key());
    absl::StatusOr<v1::AddOperatorResponse> given = server_->AddOperator(request);
    EXPECT_TRUE(given.ok()) << given.status();
    EXPECT_EQ(given->address(), house_->admin_address());
    EXPECT_TRUE(ctl::KeepCertificate(folder, *given).ok());
    return folder;
  }
  std::unique_ptr<ctl::Server> As(const std::string& folder) {
    absl::StatusOr<std::unique_ptr<ctl::Server>> server =
        ctl::Server::At(house_->admin_address(), folder);
    EXPECT_TRUE(server.ok()) << server.status();
    return *std::move(server);
  }
};

TEST_F(AdministrationTest, AnOperatorAdministersFromElsewhereAndIsNamedInTheAudit) {
  auto maria = As(Add("maria"));
  ASSERT_TRUE(maria->Create("Link").ok());
  EXPECT_EQ(maria->List()->partnerships(0).name(), "Link");
  EXPECT_THAT(maria->Audit(1)->lines(0), HasSubstr(R"("by":"maria")"));
  std::vector<v1::Finding> findings;
  EXPECT_TRUE(maria
                  ->Examine([&](const v1::Finding& finding) {
                    findings.push_back(finding);
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_FALSE(findings.empty());
}

TEST_F(AdministrationTest, AWithdrawalCountsAtOnceOnAConnectionThatIsOpen) {
  auto maria = As(Add("maria"));
  ASSERT_TRUE(maria->List().ok());
  ASSERT_TRUE(server_->WithdrawOperator("maria").ok());
  absl::Status denied = maria->List().status();
  EXPECT_TRUE(absl::IsPermissionDenied(denied)) << denied;
  EXPECT_TRUE(absl::IsPermissionDenied(
      maria->Backup([](const v1::BackupPart&) { return absl::OkStatus(); })));
  EXPECT_TRUE(absl::IsPermissionDenied(
      maria->Import([]() -> absl::StatusOr<std::string> { return ""; }).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(maria->Log(v1::LogRequest(), [](const v1::LogLine&) {})));
  EXPECT_TRUE(absl::IsUnavailable(As(folder_ / "maria")->List().status()));
}

TEST_F(AdministrationTest, AReplicasCertificateLetsNobodyAdminister) {
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  client::Line line = LineTo(house_->admin_address(), ana, "ana");
  grpc::ClientContext context;
  v1::ListPartnershipsResponse response;
  grpc::Status status = v1::Admin::NewStub(line.channel)->ListPartnerships(&context, {}, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
  EXPECT_EQ(server_->Measure()->handshakes_failed(), 1u);
}

TEST_F(AdministrationTest, AnOperatorsCertificateLetsNobodySync) {
  ctl::Identity maria = *ctl::Identity::Read(Add("maria"));
  v1::EnrolResponse ana = Member("ana", "Exampleton");
  client::Line line = client::MakeLine(house_->address(), {maria.authorities, {}},
                                       client::Shown{maria.certificate, maria.key});
  grpc::ClientContext context;
  auto stream = v1::Sync::NewStub(line.channel)->Connect(&context);
  v1::ClientMessage hello = sync::Table::Hello("ana");
  hello.mutable_hello()->set_ledger(ana.ledger());
  stream->Write(hello);
  v1::ServerMessage message;
  stream->Read(&message);
  EXPECT_EQ(message.closing().reason(), v1::UNKNOWN_PARTNERSHIP);
  context.TryCancel();
}

TEST_F(AdministrationTest, RenewingKeepsTheKeyAndANewKeyTakesTheOldOnesPlace) {
  ctl::Identity first = *ctl::Identity::Read(Add("maria"));
  v1::AddOperatorRequest request;
  request.set_name("maria");
  request.set_key(first.key.public_key());
  EXPECT_TRUE(server_->AddOperator(request).ok());
  EXPECT_EQ(server_->Operators()->operators_size(), 1);
  request.set_key(ledger::cast::KeyOf("a new laptop").public_key());
  EXPECT_TRUE(server_->AddOperator(request).ok());
  EXPECT_FALSE(As(folder_ / "maria")->List().ok());
}

TEST_F(AdministrationTest, ItIsOffUnlessAskedFor) {
  Open();
  EXPECT_EQ(house_->admin_address(), "");
}

// --- The list -----------------------------------------------------------------------------------

TEST(OperatorList, IsRememberedOnDiskWithWhatWasWithdrawn) {
  TemporaryFolder folder;
  const std::string key(32, 'k');
  const std::string other(32, 'o');
  {
    auto list = *OperatorList::Open(folder / "operators");
    ASSERT_TRUE(list->Add("maria de la torre", key, 1000).ok());
    ASSERT_TRUE(list->Add("otto", other, 2000).ok());
    ASSERT_TRUE(list->Withdraw("otto", 3000).ok());
  }
  auto list = *OperatorList::Open(folder / "operators");
  EXPECT_EQ(list->NameOf(key), "maria de la torre");
  EXPECT_EQ(list->NameOf(other), std::nullopt);
  EXPECT_EQ(list->all()[1].withdrawn_ms, 3000);
  EXPECT_TRUE(absl::IsAlreadyExists(list->Add("otto", other, 4000)));
  EXPECT_TRUE(absl::IsInvalidArgument(list->Add("two\nlines", std::string(32, 'n'), 4000)));
}

TEST(OperatorList, ADamagedLineLetsNobodyIn) {
  TemporaryFolder folder;
  ASSERT_TRUE(files::Write(folder / "operators", "added nonsense\n").ok());
  EXPECT_TRUE(absl::IsDataLoss(OperatorList::Open(folder / "operators").status()));
}

}  // namespace
}  // namespace twinning::server
