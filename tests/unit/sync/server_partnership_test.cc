#include "common/sync/server_partnership.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/ledger/personal.h"
#include "tests/unit/sync/server_table.h"

namespace twinning::sync {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using twinning::testing::Create;
using twinning::testing::RecordNamed;
using twinning::testing::Write;

constexpr Sequence kFirst = 6;  // after founding, two towns and two members

// --- Greeting -----------------------------------------------------------------------------------

TEST(ServerPartnership, NewReplicaGetsWelcomeThenEverythingThenTheDigest) {
  auto table = Table::WithAnaAndBen();
  table->Open(kAna, Table::Hello("ana"));
  table->Settle();
  std::vector<v1::ServerMessage>& sent = table->sent[kAna];
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_EQ(sent[0].welcome().head().sequence(), 5u);
  EXPECT_EQ(sent[0].welcome().last_number(), 0u);
  EXPECT_THAT(table->Sequences(kAna), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(sent[2].digest().sequence(), 5u);
  EXPECT_EQ(sent[2].digest().digest(), table->server().plan().Digest().bytes());
}

TEST(ServerPartnership, KnownReplicaGetsOnlyWhatItLacks) {
  auto table = Table::WithAnaAndBen();
  table->Open(kAna, Table::Hello("ana", table->durable()[2].head()));
  table->Settle();
  EXPECT_THAT(table->Sequences(kAna), ElementsAre(4, 5));
}

TEST(ServerPartnership, StrangersLearnNothing) {
  auto table = Table::WithAnaAndBen();
  table->Open(kAna, Table::Hello("mallory"));
  v1::ClientMessage elsewhere = Table::Hello("ana");
  elsewhere.mutable_hello()->set_ledger("another-ledger-1");
  table->Open(kBen, elsewhere);
  EXPECT_EQ(table->ClosedWith(kAna), v1::UNKNOWN_PARTNERSHIP);
  EXPECT_EQ(table->ClosedWith(kBen), v1::UNKNOWN_PARTNERSHIP);
  EXPECT_EQ(table->closed[kAna].detail, table->closed[kBen].detail);
}

TEST(ServerPartnership, AReplicaBeyondTheLedgerIsTold) {
  auto table = Table::WithAnaAndBen();
  table->Open(kAna, Table::Hello("ana", {9, Sha256("lost")}));
  EXPECT_EQ(table->ClosedWith(kAna), v1::LEDGER_BEHIND);
}

TEST(ServerPartnership, AnotherHistoryIsNoticedAtTheHello) {
  auto table = Table::WithAnaAndBen();
  table->Open(kAna, Table::Hello("ana", {3, Sha256("other")}));
  EXPECT_EQ(table->ClosedWith(kAna), v1::HISTORY_DIFFERS);
}

TEST(ServerPartnership, OtherProtocolVersionsAreTurnedAway) {
  auto table = Table::WithAnaAndBen();
  v1::ClientMessage hello = Table::Hello("ana");
  hello.mutable_hello()->set_protocol_min(3);
  hello.mutable_hello()->set_protocol_max(4);
  table->Open(kAna, hello);
  EXPECT_EQ(table->ClosedWith(kAna), v1::VERSION);
}

TEST(ServerPartnership, AStreamBeginsWithOneHello) {
  auto table = Table::WithAnaAndBen();
  v1::ClientMessage progress;
  progress.mutable_progress();
  table->Open(kAna, progress);
  table->OpenAtHead(kBen, "ben");
  table->Hear(kBen, Table::Hello("ben"));
  EXPECT_EQ(table->ClosedWith(kAna), v1::PROTOCOL_VIOLATION);
  EXPECT_EQ(table->ClosedWith(kBen), v1::PROTOCOL_VIOLATION);
}

TEST(ServerPartnership, OneConnectionTooManyOfAReplicaEndsItsOldest) {
  auto table = Table::WithAnaAndBen({.sessions_per_replica = 2});
  for (SessionId session : {11, 12, 13}) table->OpenAtHead(session, "ana");
  table->OpenAtHead(kBen, "ben");
  EXPECT_EQ(table->ClosedWith(11), v1::TOO_SLOW);
  EXPECT_EQ(table->server().sessions(), 3u);
}

// --- Pushing ------------------------------------------------------------------------------------

TEST(ServerPartnership, NothingIsSentBeforeItIsDurable) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  table->OpenAtHead(kBen, "ben");
  Pen ana("ana");
  table->Hear(kAna, ana.Push({ana.Change(NewObjective("one"))}));
  std::optional<AppendEntries> append = table->server().TakeAppend();
  ASSERT_TRUE(append);
  EXPECT_THAT(table->sent[kAna], IsEmpty());
  EXPECT_THAT(table->sent[kBen], IsEmpty());
}

TEST(ServerPartnership, AnAcknowledgementIsTheEntryItself) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  table->OpenAtHead(kBen, "ben");
  Pen ana("ana");
  v1::AuthoredChange one = ana.Change(NewObjective("one"));
  v1::AuthoredChange two = ana.Change(NewObjective("two"));
  v1::ClientMessage push = ana.Push({one, two});
  table->Hear(kAna, push);
  table->Settle();
  EXPECT_THAT(table->Sequences(kAna), ElementsAre(kFirst, kFirst + 1));
  EXPECT_THAT(table->Sequences(kBen), ElementsAre(kFirst, kFirst + 1));
  const v1::Entries& entries = table->sent[kBen][0].entries();
  EXPECT_EQ(entries.entries(0).body(), one.change());
  EXPECT_EQ(entries.entries(0).signature(), "");
  EXPECT_EQ(entries.entries(1).signature(), push.push().signature());
  EXPECT_EQ(table->sent[kBen][1].digest().sequence(), kFirst + 1);
}

TEST(ServerPartnership, PersonalValuesTravelBesideTheirChange) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  table->OpenAtHead(kBen, "ben");
  Pen ana("ana");
  v1::PersonalValue name =
      ledger::MakePersonal("sixteen of salt!", merge::StringValue("Ana Example"));
  RecordId person = RecordNamed("person");
  v1::AuthoredChange change =
      ana.Change({Create(person, "person"),
                  Write(person, "person", "town", merge::ReferenceValue(RecordNamed("Exampleton"))),
                  Write(person, "person", "name", merge::CommitmentValue(name.commitment()))});
  *change.add_personal() = name;
  table->Hear(kAna, ana.Push({change}));
  table->Settle();
  const v1::Entry& entry = table->sent[kBen][0].entries().entries(0);
  ASSERT_EQ(entry.kind(), v1::CHANGE) << table->durable().back().entry.ShortDebugString();
  ASSERT_EQ(entry.personal_size(), 1);
  EXPECT_EQ(entry.personal(0).value(), merge::StringValue("Ana Example"));
}

TEST(ServerPartnership, AFramePushedTwiceIsSequencedOnce) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  Pen ana("ana");
  v1::ClientMessage push = ana.Push({ana.Change(NewObjective("one"))});
  table->Hear(kAna, push);
  table->Hear(kAna, push);
  table->Settle();
  table->Hear(kAna, push);
  table->Settle();
  EXPECT_EQ(table->durable().size(), kFirst);
  EXPECT_EQ(table->ClosedWith(kAna), v1::CLOSE_REASON_UNSPECIFIED);
}

TEST(ServerPartnership, AResendThatIsCutDifferentlyBringsOnlyWhatIsNew) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  Pen ana("ana");
  v1::AuthoredChange one = ana.Change(NewObjective("one"));
  table->Hear(kAna, ana.Push({one}));
  v1::AuthoredChange two = ana.Change(NewObjective("two"));
  table->Hear(kAna, ana.Push({one, two}));
  table->Settle();
  EXPECT_EQ(table->durable().size(), kFirst + 1);
  EXPECT_TRUE(table->Restart().ok());
}

TEST(ServerPartnership, WhatArrivesDuringACommitGoesIntoTheNext) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  table->OpenAtHead(kBen, "ben");
  Pen ana("ana");
  Pen ben("ben");
  table->Hear(kAna, ana.Push({ana.Change(NewObjective("one"))}));
  std::optional<AppendEntries> first = table->server().TakeAppend();
  table->Hear(kAna, ana.Push({ana.Change(NewObjective("two"))}));
  table->Hear(kBen, ben.Push({ben.Change(NewObjective("three"))}));
  EXPECT_FALSE(table->server().TakeAppend());
  table->server().Committed(first->entries.back().head());
  std::optional<AppendEntries> second = table->server().TakeAppend();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->expected, first->entries.back().head());
  EXPECT_EQ(second->entries.size(), 2u);
}

TEST(ServerPartnership, AChangeWithoutRightBecomesARefusalWithTheReason) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kBen, "ben");
  Pen ben("ben");
  RecordId exampleton = RecordNamed("Exampleton");
  v1::ClientMessage push =
      ben.Push({ben.Change(NewObjective("one")),
                ben.Change({Write(exampleton, "town", "country", merge::StringValue("France"))})});
  table->Hear(kBen, push);
  table->Settle();
  ASSERT_EQ(table->durable().size(), kFirst + 1);
  const v1::Entry& last = table->durable().back().entry;
  ASSERT_EQ(last.kind(), v1::REFUSAL);
  EXPECT_EQ(last.signature(), push.push().signature());
  v1::Refusal refusal;
  ASSERT_TRUE(refusal.ParseFromString(last.body()));
  EXPECT_EQ(refusal.reason(), v1::NO_RIGHT);
  EXPECT_EQ(refusal.first(), 2u);
  EXPECT_EQ(refusal.last(), 2u);
  EXPECT_THAT(refusal.records(), ElementsAre(std::string(exampleton.bytes())));
  EXPECT_TRUE(table->Restart().ok());
}

TEST(ServerPartnership, EditsThatCannotBeReadAreRefusedAndTheStreamGoesOn) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  Pen ana("ana");
  table->Hear(kAna, ana.Push({ana.Change(std::string("\xff\xff no edits"))}));
  table->Hear(kAna, ana.Push({ana.Change(NewObjective("one"))}));
  table->Settle();
  ASSERT_EQ(table->durable().size(), kFirst + 1);
  v1::Refusal refusal;
  ASSERT_TRUE(refusal.ParseFromString(table->durable()[kFirst - 1].entry.body()));
  EXPECT_EQ(refusal.reason(), v1::MALFORMED);
  EXPECT_EQ(table->durable().back().entry.kind(), v1::CHANGE);
}

class BadPush : public ::testing::Test {
 protected:
  // The frame ends the stream with the reason and leaves no entry.
  void ExpectClosed(const v1::ClientMessage& push, v1::CloseReason reason) {
    table_->OpenAtHead(kAna, "ana");
    size_t before = table_->durable().size();
    table_->Hear(kAna, push);
    table_->Settle();
    EXPECT_EQ(table_->ClosedWith(kAna), reason) << v1::CloseReason_Name(table_->ClosedWith(kAna));
    EXPECT_EQ(table_->durable().size(), before);
  }

  std::unique_ptr<Table> table_ = Table::WithAnaAndBen();
  Pen ana_{"ana"};
};

TEST_F(BadPush, WrongSignature) {
  v1::ClientMessage push = ana_.Push({ana_.Change(NewObjective("one"))});
  push.mutable_push()->mutable_signature()->at(7) ^= 1;
  ExpectClosed(push, v1::BAD_SIGNATURE);
}

TEST_F(BadPush, NumberSkipped) {
  ana_.Change(NewObjective("one"));
  ExpectClosed(ana_.Push({ana_.Change(NewObjective("two"))}), v1::NUMBER_GAP);
}

TEST_F(BadPush, AnotherChangeUnderAnOldNumber) {
  Pen copy("ana");
  table_->OpenAtHead(kAna, "ana");
  table_->Hear(kAna, ana_.Push({ana_.Change(NewObjective("one"))}));
  table_->Hear(kAna, ana_.Push({ana_.Change(NewObjective("two"))}));
  table_->Settle();
  table_->server().Disconnected(kAna, 0);
  ExpectClosed(copy.Push({copy.Change(NewObjective("other"))}), v1::CLONE);
}

TEST_F(BadPush, SomebodyElsesFrame) {
  Pen ben("ben");
  ExpectClosed(ben.Push({ben.Change(NewObjective("one"))}), v1::PROTOCOL_VIOLATION);
}

TEST_F(BadPush, EmptyFrame) {
  v1::ClientMessage push;
  push.mutable_push();
  ExpectClosed(push, v1::PROTOCOL_VIOLATION);
}

TEST_F(BadPush, BaseThatTheLedgerDoesNotHave) {
  ana_.See({3, Sha256("another history")});
  ExpectClosed(ana_.Push({ana_.Change(NewObjective("one"))}), v1::HISTORY_DIFFERS);
}

TEST_F(BadPush, BaseBeyondTheLedger) {
  ana_.See({99, Sha256("lost by the server")});
  ExpectClosed(ana_.Push({ana_.Change(NewObjective("one"))}), v1::LEDGER_BEHIND);
}

TEST_F(BadPush, IntoAnArchivedPartnership) {
  table_->server().SetArchived(kNow);
  ExpectClosed(ana_.Push({ana_.Change(NewObjective("one"))}), v1::ARCHIVED);
}

TEST_F(BadPush, FrameOverTheLimit) {
  std::vector<v1::AuthoredChange> changes;
  for (int i = 0; i < 5; ++i) changes.push_back(ana_.Change(std::string(250 * 1024, 'x')));
  ExpectClosed(ana_.Push(std::move(changes)), v1::TOO_LARGE);
}

// --- Sending ------------------------------------------------------------------------------------

TEST(ServerPartnership, ASlowReaderHasOneMessageUnderWayAndIsServedFromTheLedger) {
  auto table = Table::WithAnaAndBen({.tail_bytes = 0});
  table->OpenAtHead(kAna, "ana");
  table->Open(kBen, Table::Hello("ben"));
  Pen ana("ana");
  for (const char* name : {"one", "two", "three"}) {
    table->Hear(kAna, ana.Push({ana.Change(NewObjective(name))}));
    table->Commit();
  }
  EXPECT_EQ(table->sent[kBen].size(), 1u);  // the welcome, which has not left
  table->reads = 0;
  table->Settle();
  EXPECT_GT(table->reads, 0);
  EXPECT_THAT(table->Sequences(kBen), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_TRUE(table->sent[kBen].back().has_digest());
}

TEST(ServerPartnership, TheDigestIsToldOncePerSequence) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  v1::ClientMessage progress;
  progress.mutable_progress()->set_sequence(5);
  table->Hear(kAna, progress);
  table->Settle();
  EXPECT_THAT(table->sent[kAna], IsEmpty());
}

TEST(ServerPartnership, NoDigestWhileSomethingIsNotDurable) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  Pen ana("ana");
  table->Hear(kAna, ana.Push({ana.Change(NewObjective("one"))}));
  table->Open(kBen, Table::Hello("ben", table->server().durable()));
  while (table->Deliver()) {
  }
  EXPECT_EQ(table->sent[kBen].size(), 1u);
}

TEST(ServerPartnership, ASnapshotComesBeforeHistory) {
  auto table = Table::WithAnaAndBen({.snapshot_part_bytes = 1});
  v1::ClientMessage hello = Table::Hello("ana");
  hello.mutable_hello()->set_snapshot(true);
  table->Open(kAna, hello);
  table->Settle();
  std::vector<v1::ServerMessage>& sent = table->sent[kAna];
  ASSERT_GE(sent.size(), 4u);
  EXPECT_TRUE(sent[1].has_snapshot());
  EXPECT_NE(sent[1].snapshot().facts(), "");
  EXPECT_EQ(sent[1].snapshot().at().sequence(), 5u);
  size_t records = 0;
  size_t last = 0;
  for (size_t i = 1; i < sent.size(); ++i) {
    records += static_cast<size_t>(sent[i].snapshot().records_size());
    if (sent[i].snapshot().last()) last = i;
  }
  EXPECT_EQ(records, sent[1].snapshot().records_total());
  EXPECT_EQ(records, 3u);  // the partnership and two towns
  EXPECT_TRUE(sent[last + 1].has_entries());
  EXPECT_THAT(table->Sequences(kAna), ElementsAre(1, 2, 3, 4, 5));
}

TEST(ServerPartnership, ASnapshotWaitsUntilWhatItHoldsIsDurable) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kBen, "ben");
  Pen ben("ben");
  table->Hear(kBen, ben.Push({ben.Change(NewObjective("one"))}));
  v1::ClientMessage hello = Table::Hello("ana");
  hello.mutable_hello()->set_snapshot(true);
  table->Open(kAna, hello);
  while (table->Deliver()) {
  }
  EXPECT_EQ(table->sent[kAna].size(), 1u);
  table->Settle();
  EXPECT_EQ(table->sent[kAna][1].snapshot().at().sequence(), kFirst);
}

TEST(ServerPartnership, ProgressIsKeptPerReplicaWithWhetherItsDigestMatched) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  v1::ClientMessage message;
  v1::Progress& progress = *message.mutable_progress();
  progress.set_sequence(5);
  progress.set_outbox(3);
  progress.set_digest(std::string(table->server().plan().Digest().bytes()));
  table->Hear(kAna, message);
  ReplicaProgress known = table->server().progress().at(ledger::cast::ReplicaOf("ana"));
  EXPECT_EQ(known.outbox, 3u);
  EXPECT_EQ(known.digest_matches, true);
  progress.set_digest(std::string(32, 'x'));
  table->Hear(kAna, message);
  known = table->server().progress().at(ledger::cast::ReplicaOf("ana"));
  EXPECT_EQ(known.digest_matches, false);
}

TEST(ServerPartnership, WhatOperatorsAskOfAReplicaIsKeptWhenItHasLeft) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  const ReplicaId ana = ledger::cast::ReplicaOf("ana");
  EXPECT_TRUE(table->server().Connected(ana));
  v1::ClientMessage message;
  message.mutable_progress()->set_sequence(5);
  message.mutable_progress()->set_digest(std::string(table->server().plan().Digest().bytes()));
  table->Hear(kAna, message);
  table->server().Disconnected(kAna, kNow + 1000);
  EXPECT_FALSE(table->server().Connected(ana));
  const ReplicaProgress& known = table->server().progress().at(ana);
  EXPECT_EQ(known.seen_ms, kNow + 1000);
  EXPECT_EQ(known.verified, 5u);
  EXPECT_EQ(known.digest, table->server().plan().Digest());
}

TEST(ServerPartnership, AnArchivedOneIsReadAndTakesNoMembers) {
  auto table = Table::WithAnaAndBen();
  table->server().SetArchived(kNow);
  TownId town = twinning::testing::RecordNamed("Beispielstadt");
  EXPECT_TRUE(absl::IsFailedPrecondition(table->server().AdmitTown(town, "Beispielstadt", kNow)));
  table->OpenAtHead(kAna, "ana");
  EXPECT_TRUE(table->server().Connected(ledger::cast::ReplicaOf("ana")));
  table->server().SetArchived(0);
  EXPECT_TRUE(table->server().AdmitTown(town, "Beispielstadt", kNow).ok());
}

TEST(ServerPartnership, ARoleIsChangedOnceAndForMembersOnly) {
  auto table = Table::WithAnaAndBen();
  ServerPartnership& server = table->server();
  const ReplicaId ana = ledger::cast::ReplicaOf("ana");
  absl::StatusOr<Sequence> changed = server.ChangeRole(ana, v1::VIEWER, kNow);
  ASSERT_TRUE(changed.ok());
  EXPECT_EQ(server.plan().FindMember(ana)->role, v1::VIEWER);
  EXPECT_EQ(*server.ChangeRole(ana, v1::VIEWER, kNow), *changed);
  EXPECT_TRUE(absl::IsNotFound(
      server.ChangeRole(ledger::cast::ReplicaOf("cleo"), v1::VIEWER, kNow).status()));
}

TEST(ServerPartnership, EventsOfASessionThatEndedAreIgnored) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  table->server().Disconnected(kAna, 0);
  EXPECT_THAT(table->server().Written(kAna), IsEmpty());
  EXPECT_THAT(table->server().EntriesRead(kAna, {}), IsEmpty());
  EXPECT_THAT(table->server().Received(kAna, Table::Hello("ana"), kNow), IsEmpty());
}

// --- Beginning again ----------------------------------------------------------------------------

TEST(ServerPartnership, WhatWasNotDurableIsGoneAfterARestartAndMayComeAgain) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  Pen ana("ana");
  v1::ClientMessage push = ana.Push({ana.Change(NewObjective("one"))});
  table->Hear(kAna, push);
  ASSERT_TRUE(table->Restart().ok());
  EXPECT_EQ(table->server().head().sequence, 5u);
  table->OpenAtHead(kAna, "ana");
  table->Hear(kAna, push);
  table->Settle();
  EXPECT_THAT(table->Sequences(kAna), ElementsAre(kFirst));
}

TEST(ServerPartnership, ARestartLeadsToTheSamePlan) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  Pen ana("ana");
  table->Hear(kAna, ana.Push({ana.Change(NewObjective("one")), ana.Change(NewObjective("two"))}));
  table->Settle();
  Hash digest = table->server().plan().Digest();
  ledger::Head head = table->server().durable();
  ASSERT_TRUE(table->Restart().ok());
  EXPECT_EQ(table->server().plan().Digest(), digest);
  EXPECT_EQ(table->server().durable(), head);
}

TEST(ServerPartnership, AnEntryThatWasTamperedWithIsFoundOnLoading) {
  auto table = Table::WithAnaAndBen();
  table->durable()[2].entry.set_time_ms(1);
  EXPECT_THAT(MessageOf(table->Restart()), HasSubstr("entry 3 is not what it was"));
}

TEST(ServerPartnership, HalfAFrameInTheLedgerIsFoundOnLoading) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  Pen ana("ana");
  table->Hear(kAna, ana.Push({ana.Change(NewObjective("one")), ana.Change(NewObjective("two"))}));
  table->Settle();
  table->durable().pop_back();
  EXPECT_THAT(MessageOf(table->Restart()), HasSubstr("within a frame, after entry 6"));
}

TEST(ServerPartnership, AHeadThatItDidNotGiveIsAFailure) {
  auto table = Table::WithAnaAndBen();
  table->OpenAtHead(kAna, "ana");
  Pen ana("ana");
  table->Hear(kAna, ana.Push({ana.Change(NewObjective("one"))}));
  table->server().TakeAppend();
  table->server().Committed({6, Sha256("other")});
  EXPECT_FALSE(table->server().failure().ok());
  EXPECT_FALSE(table->server().TakeAppend());
}

// --- Operators ----------------------------------------------------------------------------------

TEST(ServerPartnership, IsFoundedOnceAndWithAName) {
  Table table;
  EXPECT_FALSE(table.server().Found(ledger::cast::Partnership(), "", kNow).ok());
  EXPECT_FALSE(table.server().Found(ledger::cast::Partnership(), "two\nlines", kNow).ok());
  EXPECT_TRUE(table.server().Found(ledger::cast::Partnership(), "Link", kNow).ok());
  EXPECT_TRUE(
      absl::IsAlreadyExists(table.server().Found(ledger::cast::Partnership(), "Link", kNow)));
  table.Commit();
  EXPECT_EQ(table.server().plan().name(), "Link");
}

TEST(ServerPartnership, ATownIsAdmittedOnce) {
  auto table = Table::WithAnaAndBen();
  EXPECT_TRUE(absl::IsAlreadyExists(
      table->server().AdmitTown(RecordNamed("other id"), "Exampleton", kNow)));
  EXPECT_TRUE(table->server().AdmitTown(RecordNamed("Beispielstadt"), "Beispielstadt", kNow).ok());
}

TEST(ServerPartnership, EnrollingAKeyAgainChangesNothing) {
  auto table = Table::WithAnaAndBen();
  NewMember ana{RecordNamed("Exampleton"), "ana", ledger::cast::KeyOf("ana").public_key(),
                v1::REPRESENTATIVE};
  absl::StatusOr<Sequence> again = table->server().Enrol(ana, kNow);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, 3u);
  EXPECT_EQ(table->server().head().sequence, 5u);
  ana.town = RecordNamed("Exempleville");
  EXPECT_FALSE(table->server().Enrol(ana, kNow).ok());
  ana.key = "short";
  EXPECT_FALSE(table->server().Enrol(ana, kNow).ok());
}

}  // namespace
}  // namespace twinning::sync
