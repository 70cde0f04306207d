// Every method of every service, by everybody who could call it: over TLS, to a server as it runs.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "common/ledger/joining.h"
#include "tests/unit/server/open_house.h"
#include "twinning/v1/callers.pb.h"

namespace twinning::server {
namespace {

class CallersTest : public OpenHouse {
 protected:
  // Of the partnership "Link"; cleo is of another one.
  CallersTest() {
    for (auto [name, town] : {std::pair("ana", "Exampleton"), std::pair("ben", "Exempleville")}) {
      members_[name] = Member(name, town);
    }
    members_["vic"] = Member("vic", "Exampleton", v1::VIEWER);
    members_["rex"] = Member("rex", "Exampleton");
    members_["una"] = Member("una", "Exampleton");  // by the operator alone: not confirmed
    v1::RevokeRequest revoke;
    revoke.set_partnership("Link");
    revoke.set_who("rex");
    EXPECT_TRUE(server_->Revoke(revoke).ok());
    EXPECT_TRUE(server_->Create("Other").ok());
    v1::InviteRequest request;
    request.set_partnership("Other");
    request.set_town("Beispielstadt");
    EXPECT_TRUE(Enrol(server_->Invite(request)->code(), "cleo", &members_["cleo"]).ok());
  }

  client::Line LineOf(const std::string& name) {
    return LineTo(house_->address(), members_[name], name);
  }
  const std::string& Link() { return members_["ana"].ledger(); }

  v1::CloseReason Connected(const std::string& name) {
    v1::EnrolResponse at = members_[name];
    at.set_ledger(Link());
    Caller caller(house_->address(), at, name);
    return caller.Read().closing().reason();
  }
  grpc::StatusCode Renewed(const std::string& name) {
    v1::RenewRequest request;
    request.set_ledger(Link());
    v1::Certification answer;
    grpc::ClientContext context;
    return v1::Sync::NewStub(LineOf(name).channel)->Renew(&context, request, &answer).error_code();
  }
  grpc::StatusCode Copied(const std::string& name) {
    const LedgerId ledger = *LedgerId::Of(Link());
    SigningKey fresh = ledger::cast::KeyOf("copy of " + name);
    v1::ContinueRequest request;
    request.set_ledger(Link());
    request.set_key(fresh.public_key());
    request.set_signature(
        ledger::SignContinuing(ledger::cast::KeyOf(name), ledger, fresh.public_key()));
    request.set_proof(ledger::SignContinuing(fresh, ledger, fresh.public_key()));
    request.set_first(1);
    v1::ContinueResponse answer;
    grpc::ClientContext context;
    return v1::Sync::NewStub(LineOf(name).channel)
        ->Continue(&context, request, &answer)
        .error_code();
  }
  grpc::StatusCode RenewedByKey(const std::string& name) {
    client::Line line =
        client::MakeLine(house_->enrolment_address(),
                         {client::AuthoritiesOf(members_["ana"].certification()), {}}, {});
    auto stub = v1::Enrolment::NewStub(line.channel);
    v1::ChallengeResponse challenge;
    grpc::ClientContext asking;
    EXPECT_TRUE(stub->Challenge(&asking, {}, &challenge).ok());
    SigningKey key = ledger::cast::KeyOf(name);
    v1::RenewRequest request;
    request.set_ledger(Link());
    request.set_key(key.public_key());
    request.set_challenge(challenge.challenge());
    request.set_proof(sync::ProveRenewal(key, challenge.challenge()));
    v1::Certification answer;
    grpc::ClientContext context;
    return stub->Renew(&context, request, &answer).error_code();
  }

  std::map<std::string, v1::EnrolResponse> members_;
};

struct Method {
  std::string path;
  v1::Callers callers;
};

std::vector<Method> AllMethods() {
  std::vector<Method> all;
  for (const auto* file :
       {v1::ClientMessage::descriptor()->file(), v1::EnrolRequest::descriptor()->file(),
        v1::CreatePartnershipRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const auto* method = file->service(s)->method(m);
        all.push_back({"/" + file->service(s)->full_name() + "/" + method->name(),
                       method->options().GetExtension(v1::callers)});
      }
    }
  }
  return all;
}

TEST_F(CallersTest, AMethodIsThereForItsCallersAndForNobodyElse) {
  const std::vector<Method> all = AllMethods();
  EXPECT_GE(all.size(), 30u);
  const client::Trusted trusted{client::AuthoritiesOf(members_["ana"].certification()), {}};
  auto replicas = LineOf("ana").channel;
  auto strangers = client::MakeLine(house_->enrolment_address(), trusted, {}).channel;
  auto uninvited = client::MakeLine(house_->address(), trusted, {}).channel;
  for (const Method& method : all) {
    auto code = [&](auto& channel) {
      return CallRaw(channel, method.path, "").status.error_code();
    };
    EXPECT_EQ(code(replicas) == grpc::StatusCode::UNIMPLEMENTED, method.callers != v1::REPLICAS)
        << method.path;
    EXPECT_EQ(code(strangers) == grpc::StatusCode::UNIMPLEMENTED, method.callers != v1::STRANGERS)
        << method.path;
    EXPECT_EQ(code(uninvited), grpc::StatusCode::UNAVAILABLE)
        << method.path << " without a certificate";
  }
}

struct Expected {
  const char* name;
  v1::CloseReason connect;
  grpc::StatusCode others;  // of every other method that names the partnership
};

TEST_F(CallersTest, WhoMayWhatOfAPartnershipIsByItsMembership) {
  using Code = grpc::StatusCode;
  constexpr Expected kTable[] = {
      {"ana", v1::CLOSE_REASON_UNSPECIFIED, Code::OK},
      {"ben", v1::CLOSE_REASON_UNSPECIFIED, Code::OK},
      {"vic", v1::CLOSE_REASON_UNSPECIFIED, Code::OK},
      {"una", v1::CLOSE_REASON_UNSPECIFIED, Code::OK},
      {"rex", v1::REVOKED, Code::PERMISSION_DENIED},
      {"cleo", v1::UNKNOWN_PARTNERSHIP, Code::PERMISSION_DENIED},
  };
  for (const Expected& row : kTable) {
    EXPECT_EQ(Connected(row.name), row.connect) << row.name;
    EXPECT_EQ(Renewed(row.name), row.others) << row.name;
    EXPECT_EQ(RenewedByKey(row.name), row.others) << row.name;
    EXPECT_EQ(Copied(row.name), row.others) << row.name;
  }
  EXPECT_EQ(RenewedByKey("nobody"), Code::PERMISSION_DENIED);
}

}  // namespace
}  // namespace twinning::server
