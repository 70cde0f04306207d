#include "common/sync/client_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/ledger/frame.h"

namespace twinning::sync {
namespace {

using ::testing::HasSubstr;

const SigningKey& AnasKey() {
  static const SigningKey key = *SigningKey::OfSeed(Sha256("ana").bytes());
  return key;
}

ledger::Head HeadAt(Sequence sequence) {
  return {sequence, sequence == 0 ? Hash() : Sha256("entry " + std::to_string(sequence))};
}

// Ana's replica holds 10 entries, the last of its own changes in them is 3, and the outbox goes on
// to `last_number`.
ClientStart AnaWith(Number last_number) {
  ClientStart start;
  start.ledger = *LedgerId::Of("partnership-0001");
  start.replica = ReplicaOfKey(AnasKey().public_key());
  start.head = HeadAt(10);
  start.acknowledged = 3;
  start.last_number = last_number;
  start.semantics = 1;
  start.software = "test";
  return start;
}

v1::ServerMessage Welcome(Sequence head, Number last_number) {
  v1::ServerMessage message;
  message.mutable_welcome()->set_protocol(1);
  message.mutable_welcome()->mutable_head()->set_sequence(head);
  message.mutable_welcome()->set_last_number(last_number);
  return message;
}

v1::ServerMessage EntriesUpTo(Sequence first, Sequence last) {
  v1::ServerMessage message;
  for (Sequence s = first; s <= last; ++s) {
    message.mutable_entries()->add_entries()->set_sequence(s);
  }
  return message;
}

v1::ServerMessage DigestAt(Sequence sequence, const Hash& digest, uint32_t semantics = 1) {
  v1::ServerMessage message;
  message.mutable_digest()->set_sequence(sequence);
  message.mutable_digest()->set_digest(std::string(digest.bytes()));
  message.mutable_digest()->set_semantics(semantics);
  return message;
}

v1::ServerMessage ClosingWith(v1::CloseReason reason, std::string detail = "") {
  v1::ServerMessage message;
  message.mutable_closing()->set_reason(reason);
  message.mutable_closing()->set_detail(std::move(detail));
  return message;
}

std::vector<v1::AuthoredChange> Changes(Number first, Number last) {
  std::vector<v1::AuthoredChange> changes;
  for (Number n = first; n <= last; ++n) {
    changes.emplace_back().set_change("change " + std::to_string(n));
  }
  return changes;
}

// Actions as one line each, so that a test is a script.
struct Described {
  std::string operator()(const Send& send) const {
    const v1::ClientMessage& message = send.message;
    if (message.has_hello()) return "hello " + std::to_string(message.hello().head().sequence());
    if (message.has_push()) return "push " + std::to_string(message.push().changes_size());
    if (message.has_hashes()) return "hashes " + std::to_string(message.hashes().at_size());
    if (message.has_lost()) return "offer " + std::to_string(message.lost().entries_size());
    if (message.has_claim()) return "claim " + message.claim().claim();
    return "progress " + std::to_string(message.progress().sequence()) + " outbox " +
           std::to_string(message.progress().outbox()) +
           (message.progress().digest().empty() ? "" : " digest");
  }
  std::string operator()(const ReadOutbox& read) const {
    return "read after " + std::to_string(read.after);
  }
  std::string operator()(const ApplyEntries& apply) const {
    return "apply " + std::to_string(apply.entries.entries_size());
  }
  std::string operator()(const ApplySnapshot&) const { return "snapshot"; }
  std::string operator()(const ComputeDigest&) const { return "digest"; }
  std::string operator()(const ServerHead& head) const {
    return "server at " + std::to_string(head.sequence);
  }
  std::string operator()(const DigestMatched& matched) const {
    return "matched " + std::to_string(matched.sequence);
  }
  std::string operator()(const DigestNotComparable&) const { return "not comparable"; }
  std::string operator()(const DigestDiffers& differs) const {
    return "differs " + std::to_string(differs.sequence);
  }
  std::string operator()(const CheckClaim& check) const {
    return check.claimed.empty() ? "claim" : "check and claim";
  }
  std::string operator()(const LookUpHashes& look) const {
    return "look up " + std::to_string(look.sequences.size());
  }
  std::string operator()(const ReadHeld& read) const {
    return "read entries after " + std::to_string(read.after);
  }
  std::string operator()(const BeginReplacement& begin) const {
    return "replace after " + std::to_string(begin.common.sequence);
  }
  std::string operator()(const KeepApart& keep) const {
    return "keep apart " + std::to_string(keep.entries.entries_size());
  }
  std::string operator()(const Replace&) const { return "replace"; }
  std::string operator()(const TellRecovery& tell) const {
    return tell.state.collecting() ? "server collects" : "server goes on";
  }
  std::string operator()(const Close& close) const {
    constexpr std::string_view kNext[] = {"retry", "stop", "rebuild"};
    return "close, " + std::string(kNext[close.ending.next]);
  }
};

std::vector<std::string> Said(const ClientActions& actions) {
  std::vector<std::string> lines;
  for (const ClientAction& action : actions) lines.push_back(std::visit(Described(), action));
  return lines;
}

using Lines = std::vector<std::string>;

Ending EndingIn(const ClientActions& actions) {
  if (actions.empty() || !std::holds_alternative<Close>(actions.back())) return {};
  return std::get<Close>(actions.back()).ending;
}

// Connected and welcomed by a server at 10 entries that has the replica's changes up to 3.
ClientSession Welcomed(Number last_number) {
  ClientSession session(AnaWith(last_number), AnasKey());
  session.Connected();
  session.Written();
  session.Received(Welcome(10, 3));
  return session;
}

TEST(ClientSession, SaysHelloWithItsHeadAndWaitsForTheWelcome) {
  ClientSession session(AnaWith(3), AnasKey());
  EXPECT_EQ(Said(session.Connected()), Lines{"hello 10"});
  EXPECT_EQ(Said(session.Written()), Lines{});
  EXPECT_EQ(Said(session.Received(Welcome(10, 3))), Lines{"server at 10"});
}

TEST(ClientSession, PushesTheOutboxAfterTheLastNumberThatTheServerHas) {
  ClientSession session(AnaWith(7), AnasKey());
  session.Connected();
  session.Written();
  EXPECT_EQ(Said(session.Received(Welcome(12, 5))), (Lines{"server at 12", "read after 5"}));
  EXPECT_EQ(Said(session.OutboxRead(Changes(6, 7))), Lines{"push 2"});
}

// --- Copies
// ---------------------------------------------------------------------------------------

ClientActions WelcomedByVersion2(ClientSession& session, std::string claimed) {
  session.Connected();
  session.Written();
  v1::ServerMessage welcome = Welcome(10, 3);
  welcome.mutable_welcome()->set_protocol(2);
  welcome.mutable_welcome()->set_claimed(std::move(claimed));
  return session.Received(welcome);
}

TEST(ClientSession, SendsNothingBeforeItIsKnownThatItIsNoCopy) {
  ClientSession session(AnaWith(5), AnasKey());
  EXPECT_EQ(Said(WelcomedByVersion2(session, "")), (Lines{"server at 10", "claim"}));
  EXPECT_EQ(Said(session.Written()), Lines{});
  EXPECT_EQ(Said(session.Claimed("mine")), Lines{"claim mine"});
  EXPECT_EQ(Said(session.Written()), Lines{"read after 3"});
}

TEST(ClientSession, ClaimsOnceNothingElseIsUnderWay) {
  ClientSession session(AnaWith(5), AnasKey());
  session.Connected();
  v1::ServerMessage welcome = Welcome(10, 3);
  welcome.mutable_welcome()->set_protocol(2);
  session.Received(welcome);  // comes before the news that the hello has been written
  EXPECT_EQ(Said(session.Claimed("mine")), Lines{});
  EXPECT_EQ(Said(session.Written()), Lines{"claim mine"});
}

TEST(ClientSession, WhoDoesNotKnowTheLastClaimIsACopyAndSendsNothing) {
  ClientSession session(AnaWith(5), AnasKey());
  EXPECT_EQ(Said(WelcomedByVersion2(session, "another's")),
            (Lines{"server at 10", "check and claim"}));
  ClientActions actions = session.NotClaimed();
  EXPECT_EQ(Said(actions), Lines{"close, stop"});
  EXPECT_TRUE(EndingIn(actions).copy);
  EXPECT_EQ(Said(session.OutboxRead(Changes(4, 5))), Lines{});
}

TEST(ClientSession, SignsTheLastChangeOfAFrame) {
  ClientSession session = Welcomed(5);
  ClientActions actions = session.OutboxRead(Changes(4, 5));
  ASSERT_EQ(actions.size(), 1u);
  const v1::Frame& frame = std::get<Send>(actions[0]).message.push();
  ledger::FrameEnd end{*LedgerId::Of("partnership-0001"), ReplicaOfKey(AnasKey().public_key()), 5,
                       ledger::ChangeHash("change 5")};
  EXPECT_TRUE(ledger::VerifyFrame(AnasKey().public_key(), end, frame.signature()));
}

TEST(ClientSession, HasOneWriteUnderWay) {
  ClientSession session = Welcomed(4);
  session.OutboxRead(Changes(4, 4));
  EXPECT_EQ(Said(session.OutboxGrew(6)), Lines{});
  EXPECT_EQ(Said(session.Written()), Lines{"read after 4"});
}

TEST(ClientSession, KeepsFewFramesInFlight) {
  ClientSession session = Welcomed(100);
  for (Number n = 4; n < 4 + kMaxFramesInFlight; ++n) {
    session.OutboxRead(Changes(n, n));
    session.Written();
  }
  EXPECT_EQ(Said(session.OutboxGrew(101)), Lines{});
  session.Received(EntriesUpTo(11, 11));
  EXPECT_EQ(Said(session.Applied(HeadAt(11), 4)), (Lines{"server at 11", "read after 7"}));
}

TEST(ClientSession, WhatIsInTheLedgerAlreadyIsNotPushedAgain) {
  ClientSession session = Welcomed(5);
  session.OutboxRead(Changes(4, 4));
  session.Written();
  session.Received(EntriesUpTo(11, 12));
  EXPECT_EQ(Said(session.Applied(HeadAt(12), 5)), (Lines{"server at 12"}));
}

TEST(ClientSession, TellsItsProgressAfterABatchIsDurable) {
  ClientSession session = Welcomed(3);
  EXPECT_EQ(Said(session.Received(EntriesUpTo(11, 13))), Lines{"apply 3"});
  EXPECT_EQ(Said(session.Applied(HeadAt(13), 3)), (Lines{"server at 13", "progress 13 outbox 0"}));
}

TEST(ClientSession, EqualDigestsAreAMatch) {
  ClientSession session = Welcomed(3);
  EXPECT_EQ(Said(session.Received(DigestAt(10, Sha256("plan")))), Lines{"digest"});
  EXPECT_EQ(Said(session.DigestComputed(Sha256("plan"))),
            (Lines{"matched 10", "progress 10 outbox 0 digest"}));
}

TEST(ClientSession, OtherDigestsEndTheConnectionAndAskForARebuild) {
  ClientSession session = Welcomed(3);
  session.Received(DigestAt(10, Sha256("plan")));
  EXPECT_EQ(Said(session.DigestComputed(Sha256("another plan"))),
            (Lines{"differs 10", "close, rebuild"}));
  EXPECT_EQ(Said(session.Received(EntriesUpTo(11, 11))), Lines{});
}

TEST(ClientSession, DigestsOfOtherRulesAreNeverCompared) {
  ClientSession session = Welcomed(3);
  EXPECT_EQ(Said(session.Received(DigestAt(10, Sha256("plan"), 2))), Lines{"not comparable"});
}

TEST(ClientSession, ADigestOfAnotherSequenceSaysNothing) {
  ClientSession session = Welcomed(3);
  EXPECT_EQ(Said(session.Received(DigestAt(9, Sha256("plan")))), Lines{});
}

TEST(ClientSession, EntriesThatDoNotFollowEndTheConnection) {
  ClientSession session = Welcomed(3);
  session.Received(EntriesUpTo(11, 11));
  ClientActions actions = session.NotApplied("entry 11 does not follow");
  EXPECT_EQ(Said(actions), Lines{"close, stop"});
  EXPECT_THAT(EndingIn(actions).sentence, HasSubstr("entry 11 does not follow"));
}

TEST(ClientSession, AServerThatKnowsMoreOfThisReplicaMeansACopy) {
  ClientSession session(AnaWith(3), AnasKey());
  session.Connected();
  EXPECT_EQ(Said(session.Received(Welcome(11, 4))), Lines{"close, stop"});
}

TEST(ClientSession, AServerThatKnowsLessHasLostSomething) {
  ClientSession session(AnaWith(3), AnasKey());
  session.Connected();
  EXPECT_EQ(Said(session.Received(Welcome(9, 3))), Lines{"close, retry"});
}

TEST(ClientSession, AnotherProtocolVersionIsNotSpoken) {
  ClientSession session(AnaWith(3), AnasKey());
  session.Connected();
  v1::ServerMessage welcome = Welcome(10, 3);
  welcome.mutable_welcome()->set_protocol(9);
  EXPECT_EQ(Said(session.Received(std::move(welcome))), Lines{"close, stop"});
}

TEST(ClientSession, NothingIsTakenBeforeTheWelcome) {
  ClientSession session(AnaWith(3), AnasKey());
  session.Connected();
  EXPECT_EQ(Said(session.Received(EntriesUpTo(11, 11))), Lines{"close, retry"});
}

TEST(ClientSession, ASnapshotIsTakenOnlyWhenAskedFor) {
  v1::ServerMessage part;
  part.mutable_snapshot()->set_last(true);
  ClientSession unasked = Welcomed(3);
  EXPECT_EQ(Said(unasked.Received(part)), Lines{"close, retry"});

  ClientStart start = AnaWith(0);
  start.head = {};
  start.acknowledged = 0;
  start.snapshot = true;
  ClientSession asked(start, AnasKey());
  asked.Connected();
  asked.Written();
  asked.Received(Welcome(10, 0));
  EXPECT_EQ(Said(asked.Received(part)), Lines{"snapshot"});
  asked.Applied({}, 0);
  EXPECT_EQ(Said(asked.Received(part)), Lines{"close, retry"});
}

TEST(ClientSession, EveryReasonToCloseIsASentenceThatSaysWhatIsKept) {
  for (int reason = v1::CloseReason_MIN; reason <= v1::CloseReason_MAX; ++reason) {
    ClientSession session = Welcomed(3);
    ClientActions actions = session.Received(ClosingWith(static_cast<v1::CloseReason>(reason)));
    EXPECT_THAT(EndingIn(actions).sentence, HasSubstr("kept")) << reason;
  }
}

TEST(ClientSession, WhatTheServerSaysIsQuotedShortAndWithoutControlCharacters) {
  ClientSession session = Welcomed(3);
  ClientActions actions =
      session.Received(ClosingWith(v1::SHUTTING_DOWN, "\x1b[31mred" + std::string(1000, 'x')));
  EXPECT_THAT(EndingIn(actions).sentence, HasSubstr("[31mred"));
  EXPECT_EQ(EndingIn(actions).sentence.find('\x1b'), std::string::npos);
  EXPECT_LT(EndingIn(actions).sentence.size(), 600u);
}

// --- After a restore of the server ---------------------------------------------------------------

v1::ServerMessage Comparing(Sequence head, Number last_number) {
  v1::ServerMessage message = Welcome(head, last_number);
  message.mutable_welcome()->set_protocol(2);
  message.mutable_welcome()->set_comparing(true);
  return message;
}

v1::ServerMessage CompareAt(std::vector<Sequence> sequences) {
  v1::ServerMessage message;
  message.mutable_compare();
  for (Sequence sequence : sequences) message.mutable_compare()->add_sequences(sequence);
  return message;
}

v1::ServerMessage WantedAfter(Sequence after) {
  v1::ServerMessage message;
  message.mutable_wanted()->set_after(after);
  return message;
}

v1::ServerMessage RejoinAt(const ledger::Head& common, Sequence complete) {
  v1::ServerMessage message;
  *message.mutable_rejoin()->mutable_common() = ledger::BaseOf(common);
  message.mutable_rejoin()->set_complete(complete);
  return message;
}

void Claim(ClientSession& session) {
  session.Claimed("mine");
  session.Written();
}

TEST(ClientSessionInRecovery, OffersWhatTheServerLacksBeforeItSendsWhatIsNew) {
  ClientSession session(AnaWith(5), AnasKey());
  session.Connected();
  session.Written();
  EXPECT_EQ(Said(session.Received(Comparing(7, 2))), (Lines{"server at 7", "claim"}));
  Claim(session);
  EXPECT_EQ(Said(session.Received(CompareAt({3, 6}))), Lines{"look up 2"});
  EXPECT_EQ(Said(session.HashesLookedUp({HeadAt(3), HeadAt(6)})), Lines{"hashes 2"});
  session.Written();
  EXPECT_EQ(Said(session.Received(WantedAfter(7))), Lines{"read entries after 7"});
  EXPECT_EQ(Said(session.HeldRead(EntriesUpTo(8, 10).entries())), Lines{"offer 3"});
  session.Written();
  EXPECT_TRUE(session.exchanging());
  EXPECT_EQ(Said(session.Received(RejoinAt(HeadAt(10), 10))),
            (Lines{"server at 10", "read after 3"}));
  EXPECT_FALSE(session.exchanging());
}

TEST(ClientSessionInRecovery, WaitsWithWhatIsNewWhileTheServerCollects) {
  ClientSession session(AnaWith(5), AnasKey());
  session.Connected();
  session.Written();
  v1::ServerMessage collecting;
  collecting.mutable_recovery()->set_collecting(true);
  v1::ServerMessage welcome = Comparing(10, 3);
  session.Received(welcome);
  Claim(session);
  EXPECT_EQ(Said(session.Received(collecting)), Lines{"server collects"});
  EXPECT_EQ(Said(session.Received(RejoinAt(HeadAt(10), 10))), Lines{"progress 10 outbox 2"});
  session.Written();
  EXPECT_EQ(Said(session.OutboxGrew(6)), Lines{});
  v1::ServerMessage over;
  over.mutable_recovery();
  EXPECT_EQ(Said(session.Received(over)), (Lines{"server goes on", "read after 3"}));
}

TEST(ClientSessionInRecovery, TakesTheServersHistoryOnlyWhenItHoldsAllThatItOffered) {
  ClientSession session(AnaWith(5), AnasKey());
  session.Connected();
  session.Written();
  session.Received(Comparing(9, 3));
  Claim(session);
  EXPECT_EQ(Said(session.Received(RejoinAt(HeadAt(6), 12))),
            (Lines{"server at 12", "replace after 6"}));
  EXPECT_EQ(Said(session.Received(EntriesUpTo(7, 9))), Lines{"keep apart 3"});
  EXPECT_EQ(Said(session.KeptApart(9)), Lines{});
  EXPECT_EQ(Said(session.OutboxGrew(6)), Lines{});
  EXPECT_EQ(Said(session.Received(EntriesUpTo(10, 12))), Lines{"keep apart 3"});
  EXPECT_EQ(Said(session.KeptApart(12)), Lines{"replace"});
  EXPECT_EQ(Said(session.Applied(HeadAt(12), 3)), Lines{"read after 3"});
  EXPECT_EQ(Said(session.Received(EntriesUpTo(13, 13))), Lines{"apply 1"});
}

TEST(ClientSessionInRecovery, AnswersOnlyWhatCanBeAsked) {
  for (const v1::ServerMessage& wrong :
       {CompareAt({}), CompareAt({11}), WantedAfter(10), RejoinAt(HeadAt(11), 12),
        RejoinAt({10, Sha256("another")}, 12), EntriesUpTo(8, 9)}) {
    ClientSession session(AnaWith(5), AnasKey());
    session.Connected();
    session.Written();
    session.Received(Comparing(7, 2));
    EXPECT_THAT(EndingIn(session.Received(wrong)).sentence, HasSubstr("unexpected"))
        << wrong.ShortDebugString();
  }
  ClientSession session(AnaWith(5), AnasKey());
  session.Connected();
  session.Written();
  session.Received(Welcome(10, 3));
  EXPECT_THAT(EndingIn(session.Received(WantedAfter(7))).sentence, HasSubstr("unexpected"));
}

}  // namespace
}  // namespace twinning::sync
