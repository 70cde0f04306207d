// A server in this process, and town halls that join it: real gRPC, real SQLite, the partnership
// "Link with France".
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "client/engine/join.h"
#include "client/engine/sync.h"
#include "client/replica/directory.h"
#include "common/base/status.h"
#include "server/house.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/world.h"
#include "twinning/v1/admin.grpc.pb.h"

namespace twinning::client {

class ServedHalls : public ::testing::Test {
 protected:
  ServedHalls() {
    Serve("127.0.0.1:0");
    v1::CreatePartnershipRequest request;
    request.set_name("Link with France");
    v1::PartnershipInfo info;
    grpc::ClientContext context;
    EXPECT_TRUE(Admin()->CreatePartnership(&context, request, &info).ok());
  }

  void Serve(const std::string& listen) {
    server::House::Settings settings;
    settings.data = folder_ / "server";
    settings.listen = listen;
    if (changes_per_second_ > 0) settings.changes_per_second = changes_per_second_;
    if (listen == address_) settings.enrol = enrolment_;
    auto house = server::House::Open(settings);
    ASSERT_TRUE(house.ok()) << MessageOf(house.status());
    house_ = *std::move(house);
    address_ = house_->address();
    enrolment_ = house_->enrolment_address();
  }

  std::unique_ptr<v1::Admin::Stub> Admin() {
    return v1::Admin::NewStub(grpc::CreateChannel("unix:" + (folder_ / "server/admin.sock"),
                                                  grpc::InsecureChannelCredentials()));
  }

  std::string Invite(const std::string& town) {
    v1::InviteRequest request;
    request.set_partnership("Link with France");
    request.set_town(town);
    v1::InviteResponse response;
    grpc::ClientContext context;
    grpc::Status status = Admin()->Invite(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.code();
  }

  JoinRequest Joining(const std::string& person, const std::string& code) {
    JoinRequest request;
    request.code = code;
    request.directory = folder_ / person;
    request.member = person;
    return request;
  }

  std::unique_ptr<Replica> JoinAs(const std::string& person, const std::string& town) {
    auto replica = Join(Joining(person, Invite(town)));
    EXPECT_TRUE(replica.ok()) << MessageOf(replica.status());
    return replica.ok() ? *std::move(replica) : nullptr;
  }

  static void Save(Replica& replica, const std::string& name, const std::string& title) {
    auto saved = replica.Write(
        [&](const plan::Plan& view) -> absl::StatusOr<Replica::Draft> {
          Replica::Draft draft;
          RecordId record = testing::RecordNamed(name);
          if (view.Find(record) == nullptr)
            draft.edits.push_back(testing::Create(record, "activity"));
          draft.edits.push_back(
              testing::Write(record, "activity", "title", merge::StringValue(title)));
          return draft;
        },
        1932473100000);
    ASSERT_TRUE(saved.ok()) << MessageOf(saved.status());
    ASSERT_FALSE(saved->refusal) << saved->refusal->detail;
  }

  static SyncResult Sync(Replica& replica) {
    auto result = SyncOnce(replica, {});
    EXPECT_TRUE(result.ok()) << MessageOf(result.status());
    return result.ok() ? *result : SyncResult();
  }

  static bool Holds(const Replica& replica, const std::string& name) {
    return replica.confirmed().Find(testing::RecordNamed(name)) != nullptr;
  }

  TemporaryFolder folder_;
  std::unique_ptr<server::House> house_;
  std::string address_;
  std::string enrolment_;
  double changes_per_second_ = 0;  // that a replica may send; 0: as usual
};

}  // namespace twinning::client
