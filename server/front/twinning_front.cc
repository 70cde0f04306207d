// The process that strangers speak to. twinningd starts it with two descriptors: the channel to the
// server and the socket where people join. It is told what to show by the server, gives up all else
// that it could do, and then passes on what is asked in the right form.
#include <fmt/core.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <ctime>
#include <memory>
#include <thread>

#include "common/base/status.h"
#include "server/door/grpc_log.h"
#include "server/door/listener.h"
#include "server/front/channel.h"
#include "server/front/confine.h"
#include "server/front/front_fds.h"
#include "server/front/relay.h"
#include "server/front/shown.h"
#include "server/log/log.h"

namespace twinning::server {
namespace {

enum Exit { kOk = 0, kNotByHand = 2, kCannotListen = 4 };

constexpr int kPatienceAtStart_ms = 10'000;
constexpr int kTellFiguresEvery_ms = 1000;
constexpr int kLookAgain_ms = 10;
constexpr int kGoodbyeTime_ms = 5000;

void Wait(const FrontChannel& channel, int milliseconds) {
  pollfd ready{channel.fd(), POLLIN, 0};
  poll(&ready, 1, milliseconds);
}

absl::StatusOr<FrontPair> AwaitBegin(const FrontChannel& channel) {
  Wait(channel, kPatienceAtStart_ms);
  TWINNING_ASSIGN_OR_RETURN(std::optional<FrontMessage> first, channel.Receive());
  if (!first || first->kind != FrontMessage::kBegin)
    return Unavailable("no server told it to begin");
  std::optional<FrontPair> pair = DecodeFrontPair(first->body);
  if (!pair) return DataLoss("the server did not say what to show");
  return *pair;
}

// What would be read from files later is read now.
void ReadAhead() {
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, nullptr);
  tzset();
}

class Front {
 public:
  explicit Front(FrontChannel channel)
      : channel_(std::move(channel)), relay_(new Relay(channel_)) {}

  absl::Status Listen(OwnedFd listening, const FrontPair& shown) {
    TWINNING_ASSIGN_OR_RETURN(
        listener_,
        Listener::OnNetwork({std::move(listening), {"the enrolment port", 0}},
                            CredentialsShowing(shown), v1::STRANGERS,
                            {ServedAs<v1::Enrolment>(relay_)}, ListenerLimits::OfStrangers()));
    return absl::OkStatus();
  }

  void Say(FrontMessage::Kind kind, std::string body) { relay().Send({kind, 0, std::move(body)}); }

  // Until the server says so. What is open then is answered still.
  void Serve() {
    while (Take()) {
      TellFigures();
      Wait(channel_, kTellFiguresEvery_ms);
    }
    std::atomic<bool> ended = false;
    std::thread ending([&] {
      listener_->Stop(kGoodbyeTime_ms);
      ended = true;
    });
    while (!ended) {
      Wait(channel_, kLookAgain_ms);
      Take();
    }
    ending.join();
  }

 private:
  Relay& relay() { return static_cast<Relay&>(*relay_); }

  // All that has come. False when the server wants it to end.
  bool Take() {
    while (true) {
      absl::StatusOr<std::optional<FrontMessage>> message = channel_.Receive();
      if (!message.ok()) _exit(kOk);  // without its server it is nothing
      if (!*message) return true;
      if ((*message)->kind == FrontMessage::kEnd) break;
      if ((*message)->kind != FrontMessage::kAnswer) continue;
      relay().Answered((*message)->call, DecodeAnswer((*message)->body));
    }
    return false;
  }

  void TellFigures() {
    const FrontFigures now{listener_->doorman()->connections(),
                           listener_->doorman()->turned_away()};
    if (now == told_) return;
    told_ = now;
    Say(FrontMessage::kFigures, Encode(now));
  }

  const FrontChannel channel_;
  const std::unique_ptr<grpc::Service> relay_;
  std::unique_ptr<Listener> listener_;
  FrontFigures told_;
};

int Main() {
  umask(0077);
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_NAME, "twinning-front");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  TakeGrpcLog();
  absl::StatusOr<FrontChannel> channel = FrontChannel::Of(OwnedFd(kFrontChannelFd));
  if (!channel.ok()) {
    fmt::print(stderr, "twinning-front is started by twinningd; it is of no use by itself\n");
    return kNotByHand;
  }
  absl::StatusOr<FrontPair> shown = AwaitBegin(*channel);
  if (!shown.ok()) return kNotByHand;
  ReadAhead();
  const absl::Status confined = Confine({});
  Front front(*std::move(channel));
  absl::Status listening = front.Listen(OwnedFd(kFrontListeningFd), *shown);
  if (!listening.ok()) {
    LogError("front: " + MessageOf(listening));
    return kCannotListen;
  }
  front.Say(FrontMessage::kServing, confined.ok() ? "" : MessageOf(confined));
  front.Serve();
  return kOk;
}

}  // namespace
}  // namespace twinning::server

int main() { return twinning::server::Main(); }
