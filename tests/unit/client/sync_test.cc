// Joining and syncing over real gRPC and real SQLite, with a server in the same process.
#include "client/engine/sync.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <thread>

#include "client/engine/join.h"
#include "client/replica/directory.h"
#include "common/base/status.h"
#include "server/house.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/world.h"
#include "twinning/v1/admin.grpc.pb.h"

namespace twinning::client {
namespace {

using testing::Create;
using ::testing::HasSubstr;
using testing::RecordNamed;

constexpr int64_t kTime = 1932473100000;

class SyncTest : public ::testing::Test {
 protected:
  SyncTest() {
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
    auto house = server::House::Open(settings);
    ASSERT_TRUE(house.ok()) << MessageOf(house.status());
    house_ = *std::move(house);
    address_ = house_->address();
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
          RecordId record = RecordNamed(name);
          if (view.Find(record) == nullptr) draft.edits.push_back(Create(record, "activity"));
          draft.edits.push_back(
              testing::Write(record, "activity", "title", merge::StringValue(title)));
          return draft;
        },
        kTime);
    ASSERT_TRUE(saved.ok()) << MessageOf(saved.status());
    ASSERT_FALSE(saved->refusal) << saved->refusal->detail;
  }

  static SyncResult Sync(Replica& replica) {
    auto result = SyncOnce(replica, {});
    EXPECT_TRUE(result.ok()) << MessageOf(result.status());
    return result.ok() ? *result : SyncResult();
  }

  static bool Holds(const Replica& replica, const std::string& name) {
    return replica.confirmed().Find(RecordNamed(name)) != nullptr;
  }

  TemporaryFolder folder_;
  std::unique_ptr<server::House> house_;
  std::string address_;
};

TEST_F(SyncTest, WhatOneTownWritesOfflineReachesTheOther) {
  auto ana = JoinAs("ana", "Exampleton");
  auto ben = JoinAs("ben", "Exempleville");
  ASSERT_TRUE(ana && ben);
  EXPECT_EQ(ana->identity().town_name, "Exampleton");
  Save(*ana, "market", "Market");
  Save(*ben, "visit", "Visit");
  SyncResult first = Sync(*ana);
  EXPECT_TRUE(first.synced) << first.problem;
  EXPECT_EQ(first.sent, 1u);
  SyncResult second = Sync(*ben);
  EXPECT_TRUE(second.synced) << second.problem;
  EXPECT_TRUE(Sync(*ana).synced);
  EXPECT_TRUE(Holds(*ana, "visit") && Holds(*ben, "market"));
  EXPECT_EQ(ana->Digest(), ben->Digest());
}

TEST_F(SyncTest, AnInvitationThatWasRedeemedServesTheSameKeyAgain) {
  std::string code = Invite("Exampleton");
  ASSERT_TRUE(Join(Joining("ana", code)).ok());
  // Cut short between enrolling and saving: the key is there, the replica is not.
  for (const char* file : {"/replica.db", "/replica.db-wal", "/replica.db-shm"}) {
    std::filesystem::remove((folder_ / "ana") + file);
  }
  auto again = Join(Joining("ana", code));
  ASSERT_TRUE(again.ok()) << MessageOf(again.status());
  EXPECT_TRUE((*again)->synced());
  EXPECT_FALSE(Join(Joining("ben", code)).ok());
}

TEST_F(SyncTest, JoiningTwiceOrWithNonsenseIsSaidInASentence) {
  auto ana = JoinAs("ana", "Exampleton");
  EXPECT_TRUE(absl::IsAlreadyExists(Join(Joining("ana", Invite("Exampleton"))).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Join(Joining("ben", "nonsense")).status()));
}

TEST_F(SyncTest, AServerThatIsNotThereIsAResultAndNotAnError) {
  auto ana = JoinAs("ana", "Exampleton");
  ASSERT_TRUE(ana);
  house_.reset();
  Save(*ana, "market", "Market");
  SyncResult result = Sync(*ana);
  EXPECT_FALSE(result.synced);
  EXPECT_EQ(result.outbox, 1u);
  EXPECT_THAT(result.problem, HasSubstr("cannot be reached"));
  Serve(address_);
  EXPECT_TRUE(Sync(*ana).synced);
}

TEST_F(SyncTest, ALoopSendsWhatAnotherProcessWritesAndStopsWhenAsked) {
  auto ana = JoinAs("ana", "Exampleton");
  auto ben = JoinAs("ben", "Exempleville");
  ASSERT_TRUE(ana && ben);
  std::stop_source stop;
  std::promise<void> connected;
  std::promise<void> sent;
  int round = 0;
  const Sequence before = ben->head().sequence;
  SyncOptions options;
  options.stop = stop.get_token();
  options.on_progress = [&](const Progress& progress) {
    if (progress.stage != Progress::kDone) return;
    if (round == 0) connected.set_value();
    if (round == 0 || progress.sequence > before) {
      if (round == 1) sent.set_value();
      ++round;
    }
  };
  absl::Status ended;
  std::thread loop([&] { ended = SyncLoop(*ana, options); });
  connected.get_future().wait();
  auto other = Replica::Open(folder_ / "ana");
  ASSERT_TRUE(other.ok());
  Save(**other, "market", "Market");
  SyncResult waited = Sync(**other);
  EXPECT_TRUE(waited.synced) << waited.problem;
  EXPECT_TRUE(waited.by_other_process);
  sent.get_future().wait();
  EXPECT_TRUE(Sync(*ben).synced);
  EXPECT_TRUE(Holds(*ben, "market"));
  stop.request_stop();
  loop.join();
  EXPECT_TRUE(ended.ok()) << MessageOf(ended);
}

}  // namespace
}  // namespace twinning::client
