// What the front may do, and what is said between it and the server: no sockets, no threads but
// where a test needs one.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <functional>
#include <thread>

#include "common/base/status.h"
#include "common/sync/invitation.h"
#include "server/front/channel.h"
#include "server/front/confine.h"
#include "server/front/formed.h"
#include "server/front/message.h"
#include "server/keeper/front_line.h"
#include "server/keeper/pace.h"
#include "tests/unit/ledger/cast.h"

namespace twinning::server {
namespace {

using ::testing::ExitedWithCode;

// --- What it cannot do any more -----------------------------------------------------------------

bool Refused(long result) { return result < 0 && errno == EPERM; }

// How many of what it should not be able to do it could.
int Escapes() {
  const pid_t own = getpid();
  int escapes = 0;
  for (const char* path : {"/etc/passwd", "/proc/self/mem", "/tmp/twinning-front-was-here"}) {
    escapes += !Refused(open(path, O_RDWR | O_CREAT, 0600));
    escapes += !Refused(unlink(path));
  }
  const char* none[] = {nullptr};
  escapes += !Refused(execve("/bin/true", const_cast<char**>(none), const_cast<char**>(none)));
  escapes += !Refused(kill(getppid(), 0));
  escapes += !Refused(kill(own, 0));
  escapes += !Refused(socket(AF_INET, SOCK_STREAM, 0));
  escapes += !Refused(socket(AF_UNIX, SOCK_STREAM, 0));
  escapes += !Refused(memfd_create("x", 0));
  return escapes;
}

TEST(Confine, LeavesNoFileNoProgramNoProcessAndNoConnection) {
  EXPECT_EXIT(
      {
        if (!Confine({}).ok()) _exit(99);
        _exit(Escapes());
      },
      ExitedWithCode(0), "");
}

TEST(Confine, LeavesWhatAListenerNeeds) {
  EXPECT_EXIT(
      {
        const int kept = open("/dev/null", O_WRONLY);
        if (!Confine({}).ok()) _exit(99);
        bool ran = false;
        std::thread([&] { ran = write(kept, "x", 1) == 1; }).join();
        _exit(ran && socketpair(AF_UNIX, SOCK_STREAM, 0, std::array<int, 2>{}.data()) == 0 ? 0 : 1);
      },
      ExitedWithCode(0), "");
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(Confine, BoundsMemory) {
  EXPECT_EXIT(
      {
        FrontLimits limits;
        if (!Confine(limits).ok()) _exit(99);
        void* too_much = mmap(nullptr, limits.memory_bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        _exit(too_much == MAP_FAILED ? 0 : 1);
      },
      ExitedWithCode(0), "");
}
#endif

TEST(Confine, LetsItEndItself) {
  EXPECT_EXIT(
      {
        Confine({}).IgnoreError();
        std::abort();
      },
      testing::KilledBySignal(SIGABRT), "");
}

// --- What is said -------------------------------------------------------------------------------

TEST(FrontMessage, ComesBackAsItWas) {
  const FrontMessage message{FrontMessage::kEnrol, 0x0102030405060708, std::string("a\0b", 3)};
  std::optional<FrontMessage> back = DecodeFrontMessage(Encode(message));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->kind, message.kind);
  EXPECT_EQ(back->call, message.call);
  EXPECT_EQ(back->body, message.body);
  const FrontPair pair{"key", "chain"};
  EXPECT_EQ(DecodeFrontPair(Encode(pair)), pair);
  const FrontFigures figures{12, 1u << 20};
  EXPECT_EQ(DecodeFrontFigures(Encode(figures)), figures);
}

TEST(FrontMessage, WhatIsNoneIsNotTakenForOne) {
  const std::string whole = Encode(FrontMessage{FrontMessage::kEnd, 0, ""});
  EXPECT_FALSE(DecodeFrontMessage(""));
  EXPECT_FALSE(DecodeFrontMessage(whole.substr(0, whole.size() - 1)));
  EXPECT_FALSE(DecodeFrontMessage("\0" + whole.substr(1)));
  EXPECT_FALSE(DecodeFrontMessage("\x09" + whole.substr(1)));
  EXPECT_FALSE(DecodeFrontMessage(whole + std::string(kMaxFrontMessage, 'x')));
  EXPECT_FALSE(DecodeFrontPair("\x03key"));
  EXPECT_FALSE(DecodeFrontFigures("\x01"));
  EXPECT_FALSE(DecodeAnswer("").ok());
  EXPECT_FALSE(DecodeAnswer("\x7f").ok());
}

TEST(FrontMessage, AnAnswerIsBytesOrWhyNot) {
  EXPECT_EQ(*DecodeAnswer(EncodeAnswer(std::string("bytes"))), "bytes");
  const absl::Status why = DecodeAnswer(EncodeAnswer(AlreadyExists("used before"))).status();
  EXPECT_TRUE(absl::IsAlreadyExists(why));
  EXPECT_EQ(MessageOf(why), "used before");
}

TEST(FrontChannel, TellsNothingThereFromNobodyThere) {
  auto ends = FrontChannel::Make();
  ASSERT_TRUE(ends.ok());
  EXPECT_FALSE((*ends->first.Receive()).has_value());
  ASSERT_TRUE(ends->second.Send({FrontMessage::kEnd, 7, ""}).ok());
  EXPECT_EQ((*ends->first.Receive())->call, 7u);
  send(ends->second.fd(), "nonsense", 8, 0);
  EXPECT_TRUE(absl::IsDataLoss(ends->first.Receive().status()));
  { FrontChannel gone = std::move(ends->second); }
  EXPECT_TRUE(absl::IsUnavailable(ends->first.Receive().status()));
  EXPECT_TRUE(absl::IsUnavailable(ends->first.Send({FrontMessage::kEnd, 0, ""})));
}

TEST(FrontChannel, DoesNotWaitForWhoDoesNotRead) {
  auto ends = FrontChannel::Make();
  absl::Status sent;
  while (sent.ok()) sent = ends->first.Send({FrontMessage::kAnswer, 1, std::string(10'000, 'x')});
  EXPECT_TRUE(absl::IsResourceExhausted(sent));
}

TEST(FrontReply, IsGivenOnceAndByItselfWhenItIsForgotten) {
  auto line = std::make_shared<FrontLine>(std::make_shared<WakeUp>());
  {
    FrontReply first(line, 1);
    FrontReply forgotten(line, 2);
    EXPECT_EQ(line->open(), 2u);
    first.Give(std::string("a"));
    first.Give(std::string("b"));
  }
  EXPECT_EQ(line->open(), 0u);
  EXPECT_EQ(*DecodeAnswer(line->Next()->body), "a");
  line->Sent();
  EXPECT_EQ(line->Next()->call, 2u);
  EXPECT_TRUE(absl::IsUnavailable(DecodeAnswer(line->Next()->body).status()));
  line->Sent();
  EXPECT_FALSE(line->Next());
}

TEST(Pace, LetsSomeThroughAtOnceAndThenSoManyASecond) {
  Pace pace(10, 2);
  EXPECT_EQ(pace.WaitAt_us(0), 0);
  pace.Took();
  EXPECT_EQ(pace.WaitAt_us(0), 0);
  pace.Took();
  EXPECT_EQ(pace.WaitAt_us(0), 100'000);
  EXPECT_EQ(pace.WaitAt_us(40'000), 60'000);
  EXPECT_EQ(pace.WaitAt_us(100'000), 0);
  pace.Took();
  EXPECT_EQ(pace.WaitAt_us(60'000'000), 0);
  pace.Took();
  pace.Took();
  EXPECT_EQ(pace.WaitAt_us(60'000'000), 100'000);  // what is saved has a limit
}

// --- What is passed on --------------------------------------------------------------------------

v1::EnrolRequest Formed() {
  const SigningKey key = ledger::cast::KeyOf("ana");
  v1::EnrolRequest request;
  request.set_secret(std::string(sync::kSecretSize, 's'));
  request.set_key(key.public_key());
  request.set_member("ana");
  request.set_proof(sync::ProveKey(key, request.secret()));
  return request;
}

TEST(Formed, AnEnrolmentHasTheSizesAndTheProofThatItShould) {
  EXPECT_TRUE(CheckFormed(Formed()).ok());
  std::vector<std::function<void(v1::EnrolRequest&)>> spoilt = {
      [](auto& request) { request.set_secret("short"); },
      [](auto& request) { request.set_member(std::string(2000, 'x')); },
      [](auto& request) { request.set_ledger("short"); },
      [](auto& request) { request.set_town("short"); },
      [](auto& request) { request.set_key(ledger::cast::KeyOf("ben").public_key()); },
      [](auto& request) { request.clear_proof(); },
  };
  for (const auto& spoil : spoilt) {
    v1::EnrolRequest request = Formed();
    spoil(request);
    EXPECT_TRUE(absl::IsInvalidArgument(CheckFormed(request))) << request.ShortDebugString();
  }
}

TEST(Formed, ACoordinatorsInvitationIsNamedByItsKeyAndNotByItsSecret) {
  const SigningKey key = ledger::cast::KeyOf("ana");
  v1::EnrolRequest request = Formed();
  request.clear_secret();
  request.set_invitation(ledger::cast::KeyOf("invitation").public_key());
  request.set_invited(std::string(kSignatureSize, 's'));
  request.set_proof(sync::ProveKey(key, request.invitation()));
  EXPECT_TRUE(CheckFormed(request).ok()) << CheckFormed(request);
  request.set_secret(std::string(sync::kSecretSize, 's'));
  EXPECT_TRUE(absl::IsInvalidArgument(CheckFormed(request)));
  request.clear_secret();
  request.clear_invited();
  EXPECT_TRUE(absl::IsInvalidArgument(CheckFormed(request)));
}

TEST(Formed, ARenewalIsSignedByTheKeyThatItRenews) {
  const SigningKey key = ledger::cast::KeyOf("ana");
  v1::RenewRequest request;
  request.set_key(key.public_key());
  request.set_challenge("a challenge");
  request.set_proof(sync::ProveRenewal(key, "a challenge"));
  EXPECT_TRUE(CheckFormed(request).ok());
  request.set_challenge("another");
  EXPECT_TRUE(absl::IsInvalidArgument(CheckFormed(request)));
}

}  // namespace
}  // namespace twinning::server
