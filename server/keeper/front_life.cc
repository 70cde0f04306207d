#include "server/keeper/front_life.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "common/base/status.h"
#include "server/clocks.h"

namespace twinning::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// People join now and then: this many is a whole region's councils within a minute.
constexpr int64_t kCallsPerSecond = 100;
constexpr int64_t kCallsAtOnce = 200;
constexpr milliseconds kPatienceAtStart(15'000);
constexpr milliseconds kPatienceAtEnd(6'000);
constexpr milliseconds kPatienceWithBroken(200);

bool IsCall(FrontMessage::Kind kind) {
  return kind == FrontMessage::kEnrol || kind == FrontMessage::kChallenge ||
         kind == FrontMessage::kRenew;
}

}  // namespace

absl::StatusOr<std::unique_ptr<FrontLife>> FrontLife::Begin(const std::string& program,
                                                            int listening_fd,
                                                            const FrontPair& shown,
                                                            std::shared_ptr<WakeUp> wake) {
  TWINNING_ASSIGN_OR_RETURN(auto ends, FrontChannel::Make());
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<FrontProcess> process,
                            FrontProcess::Start(program, ends.second, listening_fd));
  TWINNING_RETURN_IF_ERROR(ends.first.Send({FrontMessage::kBegin, 0, Encode(shown)}));
  return std::unique_ptr<FrontLife>(
      new FrontLife(std::move(ends.first), std::move(process), std::move(wake)));
}

FrontLife::FrontLife(FrontChannel channel, std::unique_ptr<FrontProcess> process,
                     std::shared_ptr<WakeUp> wake)
    : channel_(std::move(channel)),
      process_(std::move(process)),
      wake_(std::move(wake)),
      line_(std::make_shared<FrontLine>(wake_)),
      pace_(kCallsPerSecond, kCallsAtOnce),
      until_(steady_clock::now() + kPatienceAtStart) {}

absl::Status FrontLife::Serve(const Take& take, const Hear& hear,
                              const std::function<bool()>& leave) {
  while (!leave()) {
    if (until_ && steady_clock::now() > *until_) return Unavailable("it does not answer");
    TWINNING_RETURN_IF_ERROR(SendAnswers());
    TWINNING_RETURN_IF_ERROR(ReceiveAll(take, hear));
    Wait();
  }
  return absl::OkStatus();
}

// A stranger's request that waits here costs nobody anything: the front turns away what is too
// much.
bool FrontLife::TakesMore() const { return pause_us_ == 0 && line_->open() < kMaxOpenCalls; }

int FrontLife::Patience_ms() const {
  int64_t patience_ms = -1;
  if (until_) {
    const auto left = std::chrono::ceil<milliseconds>(*until_ - steady_clock::now());
    patience_ms = std::max<int64_t>(left.count(), 0);
  }
  if (pause_us_ > 0) {
    const int64_t pause_ms = pause_us_ / 1000 + 1;
    patience_ms = patience_ms < 0 ? pause_ms : std::min(patience_ms, pause_ms);
  }
  return static_cast<int>(patience_ms);
}

void FrontLife::Wait() {
  const int events = (TakesMore() ? POLLIN : 0) | (unsent_ ? POLLOUT : 0);
  pollfd ready[] = {{channel_.fd(), static_cast<short>(events), 0}, {wake_->fd(), POLLIN, 0}};
  poll(ready, 2, Patience_ms());
  if (ready[1].revents != 0) wake_->Clear();
}

absl::Status FrontLife::SendAnswers() {
  unsent_ = false;
  while (std::optional<FrontMessage> next = line_->Next()) {
    absl::Status sent = channel_.Send(*next);
    unsent_ = absl::IsResourceExhausted(sent);
    if (unsent_) return absl::OkStatus();
    if (absl::IsInternal(sent)) {
      sent = channel_.Send({FrontMessage::kAnswer, next->call, EncodeAnswer(sent)});
    }
    TWINNING_RETURN_IF_ERROR(sent);
    line_->Sent();
  }
  return absl::OkStatus();
}

absl::Status FrontLife::ReceiveAll(const Take& take, const Hear& hear) {
  while (true) {
    pause_us_ = pace_.WaitAt_us(Ticks());
    if (!TakesMore()) return absl::OkStatus();
    TWINNING_ASSIGN_OR_RETURN(std::optional<FrontMessage> message, channel_.Receive());
    if (!message) return absl::OkStatus();
    pace_.Took();
    if (IsCall(message->kind)) {
      take(*message, std::make_shared<FrontReply>(line_, message->call));
      continue;
    }
    if (message->kind == FrontMessage::kServing && !ending_) until_.reset();
    hear(*message);
  }
}

std::string FrontLife::End() {
  ending_ = true;
  until_ = steady_clock::now() + kPatienceAtEnd;
  const auto pass_over = [](const FrontMessage&) {};
  const auto refuse = [](const FrontMessage&, const std::shared_ptr<FrontReply>&) {};
  // It goes by closing its end of the channel, which ends the serving.
  const bool told = channel_.Send({FrontMessage::kEnd, 0, ""}).ok();
  if (told) Serve(refuse, pass_over, [] { return false; }).IgnoreError();
  return process_->End(kPatienceWithBroken);
}

}  // namespace twinning::server
