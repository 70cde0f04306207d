// A modified client against a server as it runs, over TLS: everything it tries is refused with its
// own reason, costs the server little, and the other town notices nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/plan/terms.h"
#include "tests/unit/server/open_house.h"

namespace twinning::server {
namespace {

using ::testing::HasSubstr;
using namespace twinning::testing;  // NOLINT: the tests' own words

// Kilobytes of this process that are in memory: the server is in it.
size_t ResidentKb() {
  malloc_trim(0);
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    size_t kb = 0;
    if (word == "VmRSS:" && status >> kb) return kb;
  }
  return 0;
}

class HostileTest : public OpenHouse {
 protected:
  HostileTest() { Begin({}); }

  void Begin(const House::Settings& settings) {
    Open(settings);
    ana_ = Member("ana", "Exampleton");
    ben_ = Member("ben", "Exempleville");
    mallory_.emplace("ana", ana_);
    ben_pen_.emplace("ben", ben_);
    Details();
    // Ben's town has an objective of its own.
    Caller ben(house_->address(), ben_, "ben");
    ben.Write(ben_pen_->Push(
        {Create(kOwn, "objective"), Write(kOwn, "objective", "title", merge::StringValue("Ours")),
         Write(kOwn, "objective", "owner", merge::ReferenceValue(BensTown()))}));
    head_ = ben_.sequence() + 1;
    ASSERT_TRUE(ben.ReadUpTo(head_));
    Details();
  }

  TownId BensTown() const { return *TownId::Of(ben_.town()); }
  void Details() {
    v1::PartnershipDetails details = *server_->Show("Link");
    head_ = details.info().sequence();
    mallory_->See(details);
  }

  // What the server answers to one message of a client that is welcome: why it ends the stream.
  v1::Closing Ended(const v1::ClientMessage& message) {
    Caller caller(house_->address(), ana_, "ana");
    caller.Write(message);
    v1::ServerMessage answer;
    do {
      answer = caller.Read();
    } while (answer.message_case() != v1::ServerMessage::MESSAGE_NOT_SET && !answer.has_closing());
    return answer.closing();
  }

  // What comes of a stream whose first message is these bytes.
  RawAnswer Raw(const std::string& bytes) {
    return CallRaw(LineTo(house_->address(), ana_, "ana").channel, "/twinning.v1.Sync/Connect",
                   bytes);
  }

  // A change of Ana's that earns a refusal; what the log says of it is in last_said_.
  void Refused(const std::string& payload) {
    Caller caller(house_->address(), ana_, "ana");
    caller.Write(mallory_->PushPayload(payload));
    EXPECT_TRUE(caller.ReadUpTo(++head_));
    std::vector<std::string> said;
    v1::LogRequest request;
    request.set_partnership("Link");
    request.set_after(head_ - 1);
    EXPECT_TRUE(server_
                    ->Log(request,
                          [&](const v1::LogLine& line) {
                            for (const std::string& what : line.what()) said.push_back(what);
                          })
                    .ok());
    last_said_ = said.empty() ? "" : said.front();
  }
  std::string RefusedFor(const std::vector<v1::Edit>& edits) {
    v1::Edits all;
    for (const v1::Edit& edit : edits) *all.add_edits() = edit;
    Refused(all.SerializeAsString());
    return last_said_;
  }

  // Ben writes and is acknowledged as if nothing were.
  void ExpectOthersUnaffected() {
    Caller ben(house_->address(), ben_, "ben");
    auto begin = std::chrono::steady_clock::now();
    v1::PartnershipDetails details = *server_->Show("Link");
    ben_pen_->See(details);
    ben.Write(ben_pen_->Objectives(1));
    EXPECT_TRUE(ben.ReadUpTo(details.info().sequence() + 1));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
    EXPECT_FALSE(house_->failed());
    Details();
  }

  static inline const RecordId kOwn = RecordNamed("own");
  v1::EnrolResponse ana_;
  v1::EnrolResponse ben_;
  std::optional<LedgerPen> mallory_;  // who has Ana's key and a program of her own
  std::optional<LedgerPen> ben_pen_;
  Sequence head_ = 0;
  std::string last_said_;
};

// --- In somebody else's name --------------------------------------------------------------------

TEST_F(HostileTest, AnotherReplicasNameInAHelloIsAnUnknownPartnership) {
  Caller caller(house_->address(), ana_, "ana", sync::Table::Hello("ben"));
  EXPECT_EQ(caller.Read().closing().reason(), v1::UNKNOWN_PARTNERSHIP);
  ExpectOthersUnaffected();
}

TEST_F(HostileTest, AnotherAuthorsChangeIsNoneOfTheReplicas) {
  LedgerPen forged("ben", ben_);
  v1::Closing closing = Ended(forged.Objectives(1));
  EXPECT_EQ(closing.reason(), v1::PROTOCOL_VIOLATION);
  EXPECT_THAT(closing.detail(), HasSubstr("is not of replica"));
  ExpectOthersUnaffected();
}

TEST_F(HostileTest, AFalseSignatureEndsTheStream) {
  v1::ClientMessage message = mallory_->Objectives(1);
  message.mutable_push()->set_signature(std::string(64, 'x'));
  EXPECT_EQ(Ended(message).reason(), v1::BAD_SIGNATURE);
  ExpectOthersUnaffected();
}

TEST_F(HostileTest, AnotherTownsObjectiveIsNotWritten) {
  EXPECT_THAT(
      RefusedFor({Write(kOwn, "objective", "title", merge::StringValue("Mine"))}),
      HasSubstr("no right to write this (objective \"Ours\" cannot be changed by Exampleton"));
  ExpectOthersUnaffected();
}

TEST_F(HostileTest, NobodyAgreesForAnotherTown) {
  v1::AgreementStatement statement;
  statement.set_ledger(ana_.ledger());
  statement.set_record(ana_.ledger());
  statement.set_town(ben_.town());
  statement.set_terms(std::string(32, 'x'));
  statement.set_form(plan::kTermsForm);
  v1::Edit edit;
  edit.set_record(ana_.ledger());
  edit.mutable_agree()->set_statement(statement.SerializeAsString());
  edit.mutable_agree()->set_signature(
      ledger::cast::KeyOf("ana").Sign(plan::SignedStatement(edit.agree().statement())));
  EXPECT_THAT(RefusedFor({edit}),
              HasSubstr("the signed statement is not about this record and town"));
  ExpectOthersUnaffected();
}

// --- Numbers and bases --------------------------------------------------------------------------

TEST_F(HostileTest, ARepeatedNumberWithOtherContentIsACopysWork) {
  LedgerPen twin = *mallory_;
  Caller caller(house_->address(), ana_, "ana");
  caller.Write(mallory_->Objectives(1));
  ASSERT_TRUE(caller.ReadUpTo(++head_));
  EXPECT_EQ(Ended(twin.Objectives(1, 10)).reason(), v1::CLONE);
  ExpectOthersUnaffected();
}

TEST_F(HostileTest, ASkippedNumberIsMissed) {
  mallory_->Objectives(1);  // never sent
  EXPECT_EQ(Ended(mallory_->Objectives(1)).reason(), v1::NUMBER_GAP);
  ExpectOthersUnaffected();
}

TEST_F(HostileTest, ABaseBeyondTheHeadIsNoSuchHistory) {
  v1::PartnershipDetails ahead = *server_->Show("Link");
  ahead.mutable_info()->set_sequence(head_ + 1000);
  mallory_->See(ahead);
  EXPECT_EQ(Ended(mallory_->Objectives(1)).reason(), v1::LEDGER_BEHIND);
  ExpectOthersUnaffected();
}

TEST_F(HostileTest, ABaseWithAnotherHashIsAnotherHistory) {
  v1::PartnershipDetails other = *server_->Show("Link");
  other.set_hash(std::string(32, 'x'));
  mallory_->See(other);
  EXPECT_EQ(Ended(mallory_->Objectives(1)).reason(), v1::HISTORY_DIFFERS);
  ExpectOthersUnaffected();
}

// --- Size and number ----------------------------------------------------------------------------

TEST_F(HostileTest, AHundredMebibytesAreNotTakenIn) {
  ExpectOthersUnaffected();
  const size_t before_kb = ResidentKb();
  {
    v1::ClientMessage message;
    message.mutable_push()->add_changes()->set_change(std::string(100 << 20, 'x'));
    EXPECT_EQ(Raw(message.SerializeAsString()).status.error_code(),
              grpc::StatusCode::RESOURCE_EXHAUSTED);
  }
  ExpectOthersUnaffected();
  EXPECT_LT(ResidentKb(), before_kb + (64 << 10));
}

TEST_F(HostileTest, AMillionEditsInOneChangeAreTooMany) {
  std::string edits;
  for (int i = 0; i < 1'000'000; ++i) edits.append("\x0a\x00", 2);
  EXPECT_EQ(Raw(mallory_->PushPayload(edits).SerializeAsString()).status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  ExpectOthersUnaffected();
}

TEST_F(HostileTest, AsManyEditsAsFitIntoAChangeAreStillTooMany) {
  std::string edits;
  while (edits.size() + 2 < ledger::kMaxPayloadBytes) edits.append("\x0a\x00", 2);
  Refused(edits);
  EXPECT_THAT(last_said_, HasSubstr("edits in one change are over the limit of 4096"));
  ExpectOthersUnaffected();
}

TEST_F(HostileTest, AFloodIsToldToWaitAndOthersDoNot) {
  House::Settings slow;
  slow.changes_per_second = 100;
  std::filesystem::remove_all(folder_ / "data");
  house_.reset();
  Begin(slow);
  Caller flood(house_->address(), ana_, "ana");
  v1::ServerMessage answer;
  std::thread writing([&] {
    // A minute's worth and more, as fast as it goes.
    for (int i = 0; i < 200 && flood.Write(mallory_->Objectives(100)); ++i) {
    }
  });
  do {
    answer = flood.Read();
  } while (answer.message_case() != v1::ServerMessage::MESSAGE_NOT_SET && !answer.has_closing());
  writing.join();
  EXPECT_EQ(answer.closing().reason(), v1::TOO_FAST);
  EXPECT_GT(answer.closing().wait_ms(), 0);
  Details();
  EXPECT_LE(head_, 100u * 60 + 4096 + 1000) << "the ledger grew no more than a bucket";
  ExpectOthersUnaffected();
}

// --- Bytes that nobody would send ---------------------------------------------------------------

// A group in a group in a group: parsing such a thing takes a stack frame for each.
std::string Nested(int depth) {
  std::string bytes;
  for (int i = 0; i < depth; ++i) bytes.push_back('\x7b');  // field 15, start of a group
  for (int i = 0; i < depth; ++i) bytes.push_back('\x7c');
  return bytes;
}

TEST_F(HostileTest, DeepNestingIsNotFollowed) {
  EXPECT_EQ(Raw(Nested(100'000)).bytes, "") << "the stream ends without a welcome";
  Refused(Nested(100'000));
  EXPECT_THAT(last_said_, HasSubstr("the edits cannot be read"));
  ExpectOthersUnaffected();
}

TEST_F(HostileTest, WhatIsNoTextIsRefused) {
  RecordId record = RecordNamed("made");
  v1::Edits edits;
  *edits.add_edits() = Create(record, "objective");
  *edits.add_edits() = Write(record, "objective", "title", "s\xff\xfe");
  Refused(edits.SerializeAsString());
  EXPECT_THAT(last_said_, HasSubstr("not what the schema allows"));
  *edits.mutable_edits(1) = Write(record, "objective", "title", merge::StringValue("Words"));
  *edits.add_edits() = Splice(record, "objective", "statement", "en", {{0, 0, "xx"}});
  std::string bytes = edits.SerializeAsString();
  bytes.replace(bytes.rfind("xx"), 2, "\xff\xfe");
  Refused(bytes);
  EXPECT_THAT(last_said_, HasSubstr("not what the schema allows"));
  ExpectOthersUnaffected();
}

TEST_F(HostileTest, BytesThatAreNoMessageEndTheStreamAlone) {
  EXPECT_EQ(Raw(std::string(1000, '\xff')).bytes, "") << "the stream ends without a welcome";
  ExpectOthersUnaffected();
}

}  // namespace
}  // namespace twinning::server
