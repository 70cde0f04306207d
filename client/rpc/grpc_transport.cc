#include "client/rpc/grpc_transport.h"

#include <fmt/core.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

#include <condition_variable>
#include <mutex>
#include <utility>

#include "client/rpc/channel.h"
#include "common/base/status.h"
#include "twinning/v1/sync.grpc.pb.h"

// gRPC's own locks are invisible to the thread sanitizer: it is told that what happens before a
// Start call happens before its Done.
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#define TWINNING_HANDS_OVER(what) __tsan_release(what)
#define TWINNING_TAKES_OVER(what) __tsan_acquire(what)
#else
#define TWINNING_HANDS_OVER(what) (void)0
#define TWINNING_TAKES_OVER(what) (void)0
#endif

namespace twinning::client {

// The calls that gRPC has not let go of yet.
class GrpcTransport::Running {
 public:
  void Begin() {
    std::lock_guard lock(mutex_);
    ++count_;
  }

  void End() {
    std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }

  void WaitForNone() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  int count_ = 0;
};

namespace {

// Lives until OnDone and as long as the stream. Everything but the On... functions, which gRPC
// calls, runs on the owner's thread.
class Call final : public grpc::ClientBidiReactor<v1::ClientMessage, v1::ServerMessage>,
                   public std::enable_shared_from_this<Call> {
 public:
  // `let_go` is called when gRPC has, on one of its threads.
  Call(Line line, GrpcTransport::Post post, StreamListener& listener, std::function<void()> let_go)
      : stub_(v1::Sync::NewStub(line.channel)),
        line_(std::move(line)),
        post_(std::move(post)),
        let_go_(std::move(let_go)),
        listener_(&listener) {}

  void Start() {
    self_ = shared_from_this();
    stub_->async()->Connect(&context_, this);
    // Operations will be started from outside gRPC's callbacks until the hold is removed.
    AddHold();
    TWINNING_HANDS_OVER(this);
    StartCall();
  }

  void Send(v1::ClientMessage message) {
    if (ended_) return;
    out_ = std::move(message);
    TWINNING_HANDS_OVER(this);
    StartWrite(&out_);
  }

  void ReadNext() {
    if (ended_) return;
    TWINNING_HANDS_OVER(this);
    StartRead(&in_);
  }

  // Also of a call that ended by itself: gRPC comes to OnDone only when all that the server had
  // sent has been read, or the call is cancelled.
  void Abandon() {
    listener_ = nullptr;
    context_.TryCancel();
    End();
  }

  void OnReadDone(bool ok) override {
    TWINNING_TAKES_OVER(this);
    Hand([ok](Call& call) { call.Read(ok); });
  }

  void OnWriteDone(bool ok) override {
    TWINNING_TAKES_OVER(this);
    Hand([ok](Call& call) { call.Wrote(ok); });
  }

  void OnDone(const grpc::Status& status) override {
    TWINNING_TAKES_OVER(this);
    std::string why = status.ok() ? "" : SentenceOf(line_, status);
    // What is handed over is all that holds the call from here on, however quick the owner is: the
    // last of a channel must not go on this thread, which gRPC would then wait for, in itself.
    const std::function<void()> let_go = let_go_;
    const GrpcTransport::Post post = post_;
    post([call = std::move(self_), why] { call->Done(why); });
    let_go();
  }

 private:
  void Hand(std::function<void(Call&)> work) {
    post_([call = shared_from_this(), work = std::move(work)] { work(*call); });
  }

  void Read(bool ok) {
    if (!ok) return End();
    if (listener_ != nullptr) listener_->OnMessage(std::move(in_));
  }

  void Wrote(bool ok) {
    // A call that is over: reading says so, after what the server had sent before that.
    if (!ok) return;
    if (listener_ != nullptr) listener_->OnWritten();
  }

  void Done(const std::string& why) {
    if (listener_ != nullptr) std::exchange(listener_, nullptr)->OnClosed(why);
  }

  // Nothing more is started: gRPC may come to OnDone.
  void End() {
    if (!std::exchange(ended_, true)) RemoveHold();
  }

  std::unique_ptr<v1::Sync::Stub> stub_;
  const Line line_;
  const GrpcTransport::Post post_;
  const std::function<void()> let_go_;
  StreamListener* listener_;
  grpc::ClientContext context_;
  v1::ClientMessage out_;
  v1::ServerMessage in_;
  bool ended_ = false;
  std::shared_ptr<Call> self_;
};

class GrpcStream final : public Stream {
 public:
  explicit GrpcStream(std::shared_ptr<Call> call) : call_(std::move(call)) {}
  ~GrpcStream() override { call_->Abandon(); }
  void Send(v1::ClientMessage message) override { call_->Send(std::move(message)); }
  void ReadNext() override { call_->ReadNext(); }

 private:
  std::shared_ptr<Call> call_;
};

// A connection that could not even be tried.
class NoStream final : public Stream {
 public:
  NoStream(StreamListener& listener, const GrpcTransport::Post& post, std::string why)
      : listener_(std::make_shared<StreamListener*>(&listener)) {
    post([to = listener_, why = std::move(why)] {
      if (*to != nullptr) (*to)->OnClosed(why);
    });
  }
  ~NoStream() override { *listener_ = nullptr; }
  void Send(v1::ClientMessage) override {}
  void ReadNext() override {}

 private:
  std::shared_ptr<StreamListener*> listener_;
};

}  // namespace

GrpcTransport::GrpcTransport(const Replica& replica, Post post)
    : replica_(replica), post_(std::move(post)), running_(std::make_shared<Running>()) {}

GrpcTransport::~GrpcTransport() { running_->WaitForNone(); }

std::unique_ptr<Stream> GrpcTransport::Connect(StreamListener& listener) {
  absl::StatusOr<Line> line = LineOf(replica_);
  if (!line.ok()) return std::make_unique<NoStream>(listener, post_, MessageOf(line.status()));
  running_->Begin();
  auto call = std::make_shared<Call>(*std::move(line), post_, listener,
                                     [running = running_] { running->End(); });
  call->Start();
  return std::make_unique<GrpcStream>(std::move(call));
}

}  // namespace twinning::client
