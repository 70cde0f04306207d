// A server as it runs, with people who join it and talk to it over real gRPC.
#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "client/rpc/channel.h"
#include "common/sync/invitation.h"
#include "server/ctl/call.h"
#include "server/house.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/world.h"
#include "tests/unit/sync/server_table.h"
#include "twinning/v1/enrolment.grpc.pb.h"
#include "twinning/v1/sync.grpc.pb.h"

namespace twinning::server {

// As a replica that was enrolled: `member` holds its certificate.
inline client::Line LineTo(const std::string& address, const v1::EnrolResponse& member,
                           const std::string& name) {
  const v1::Certification& certification = member.certification();
  client::Shown shown{*tls::Certificate::OfDer(certification.certificate()),
                      ledger::cast::KeyOf(name)};
  return client::MakeLine(address, {client::AuthoritiesOf(certification), {}}, shown);
}

// What a method answers first to one message, and how it ends: bytes for bytes, for what no stub says.
struct RawAnswer {
  std::string bytes;
  grpc::Status status;
};
inline RawAnswer CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                         const std::string& request) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  grpc::CompletionQueue queue;
  auto call = stub.PrepareCall(&context, method, &queue);
  void* tag = nullptr;
  bool ok = false;
  auto done = [&] { return queue.Next(&tag, &ok) && ok; };
  RawAnswer answer;
  call->StartCall(nullptr);
  grpc::Slice slice(request);
  grpc::ByteBuffer buffer(&slice, 1);
  if (done()) {
    call->WriteLast(buffer, grpc::WriteOptions(), nullptr);
    done();
    grpc::ByteBuffer first;
    grpc::Slice whole;
    call->Read(&first, nullptr);
    if (done() && first.DumpToSingleSlice(&whole).ok()) {
      answer.bytes.assign(reinterpret_cast<const char*>(whole.begin()), whole.size());
    }
  }
  if (!answer.bytes.empty()) context.TryCancel();
  call->Finish(&answer.status, nullptr);
  queue.Next(&tag, &ok);
  return answer;
}

// One replica's stream, read and written in turn.
class Caller {
 public:
  Caller(const std::string& address, const v1::EnrolResponse& member, const std::string& name)
      : Caller(address, member, name, sync::Table::Hello(name)) {}
  // With whatever hello, of the partnership.
  Caller(const std::string& address, const v1::EnrolResponse& member, const std::string& name,
         v1::ClientMessage hello)
      : stub_(v1::Sync::NewStub(LineTo(address, member, name).channel)),
        stream_(stub_->Connect(&context_)) {
    hello.mutable_hello()->set_ledger(member.ledger());
    stream_->Write(hello);
  }
  ~Caller() {
    stream_->WritesDone();
    v1::ServerMessage rest;
    while (stream_->Read(&rest)) {
    }
    stream_->Finish();
  }

  bool Write(const v1::ClientMessage& message) { return stream_->Write(message); }
  v1::ServerMessage Read() {
    v1::ServerMessage message;
    stream_->Read(&message);
    return message;
  }
  // Reads until the digest at `sequence` has been told.
  bool ReadUpTo(Sequence sequence) {
    v1::ServerMessage message;
    while (stream_->Read(&message)) {
      if (message.has_closing()) return false;
      if (message.digest().sequence() == sequence) return true;
    }
    return false;
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<v1::Sync::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ClientMessage, v1::ServerMessage>> stream_;
};

// All that the audit holds, a line each.
inline std::string AuditOf(ctl::Server& server) {
  std::string all;
  absl::StatusOr<v1::AuditResponse> audit = server.Audit(0);
  EXPECT_TRUE(audit.ok()) << audit.status();
  for (const std::string& line : audit->lines()) all += line + "\n";
  return all;
}

// Everybody is of the partnership "Link"; keys are those of tests/unit/ledger/cast.h.
class OpenHouse : public ::testing::Test {
 protected:
  OpenHouse() { Open(); }

  void Open(House::Settings settings = {}) {
    house_.reset();
    settings.data = folder_ / "data";
    absl::StatusOr<std::unique_ptr<House>> house = House::Open(settings);
    ASSERT_TRUE(house.ok()) << house.status();
    house_ = *std::move(house);
    server_ = ctl::Server::In(folder_ / "data");
  }

  std::string Invite(const std::string& town, v1::Role role = v1::REPRESENTATIVE) {
    v1::InviteRequest request;
    request.set_partnership("Link");
    request.set_town(town);
    request.set_role(role);
    absl::StatusOr<v1::InviteResponse> response = server_->Invite(request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response->code();
  }

  grpc::Status Enrol(const std::string& code, const std::string& person,
                     v1::EnrolResponse* response) {
    v1::Invitation invitation = *sync::ParseInvitation(code);
    EXPECT_EQ(invitation.address(), house_->enrolment_address());
    SigningKey key = ledger::cast::KeyOf(person);
    v1::EnrolRequest request;
    request.set_secret(invitation.secret());
    request.set_key(key.public_key());
    request.set_member(person);
    request.set_proof(sync::ProveKey(key, invitation.secret()));
    grpc::ClientContext context;
    client::Line line =
        client::MakeLine(invitation.address(), {{}, Hash::Of(invitation.fingerprint())}, {});
    return v1::Enrolment::NewStub(line.channel)->Enrol(&context, request, response);
  }

  v1::EnrolResponse Member(const std::string& person, const std::string& town,
                           v1::Role role = v1::REPRESENTATIVE) {
    if (server_->List()->partnerships().empty()) {
      EXPECT_TRUE(server_->Create("Link").ok());
    }
    v1::EnrolResponse response;
    EXPECT_TRUE(Enrol(Invite(town, role), person, &response).ok());
    return response;
  }

  TemporaryFolder folder_;
  std::unique_ptr<House> house_;
  std::unique_ptr<ctl::Server> server_;
};

// A pen that writes into the partnership of these tests.
class LedgerPen {
 public:
  LedgerPen(std::string name, const v1::EnrolResponse& member)
      : key_(ledger::cast::KeyOf(name)), member_(member) {
    last_.ledger = *LedgerId::Of(member.ledger());
    last_.replica = ReplicaOfKey(key_.public_key());
    last_.change_set = *ChangeSetId::Of("change-set-00001");
    last_.encoding = v1::EDITS;
  }

  // What the author has seen when they write from now on.
  void See(const v1::PartnershipDetails& details) {
    last_.base = {details.info().sequence(), *Hash::Of(details.hash())};
  }

  v1::ClientMessage Push(const std::vector<v1::Edit>& edits) {
    v1::Edits all;
    for (const v1::Edit& edit : edits) *all.add_edits() = edit;
    return PushPayload(all.SerializeAsString());
  }

  // Whatever the bytes say.
  v1::ClientMessage PushPayload(std::string payload) {
    v1::ClientMessage message;
    message.mutable_push()->add_changes()->set_change(Next(std::move(payload)));
    message.mutable_push()->set_signature(ledger::SignFrame(key_, ledger::FrameEnd::Of(last_)));
    return message;
  }

  // `text` bytes of a description each, which bring it near to the limits.
  v1::ClientMessage Objectives(size_t count, size_t text = 0) {
    v1::ClientMessage message;
    for (size_t i = 0; i < count; ++i) {
      RecordId record =
          twinning::testing::RecordNamed(member_.town_name() + std::to_string(last_.number));
      v1::Edits edits;
      *edits.add_edits() = twinning::testing::Create(record, "objective");
      *edits.add_edits() = twinning::testing::Write(record, "objective", "title",
                                                    merge::StringValue("An objective"));
      if (text > 0) {
        *edits.add_edits() = twinning::testing::Splice(record, "objective", "statement", "en",
                                                       {{0, 0, std::string(text, 'x')}});
      }
      message.mutable_push()->add_changes()->set_change(Next(edits.SerializeAsString()));
    }
    message.mutable_push()->set_signature(ledger::SignFrame(key_, ledger::FrameEnd::Of(last_)));
    return message;
  }

 private:
  std::string Next(std::string payload) {
    last_.previous = last_.hash;
    last_.number += 1;
    last_.payload = std::move(payload);
    last_.bytes = ledger::EncodeChange(last_);
    last_.hash = ledger::ChangeHash(last_.bytes);
    return last_.bytes;
  }

  SigningKey key_;
  v1::EnrolResponse member_;
  ledger::ParsedChange last_;
};

}  // namespace twinning::server
