#include "client/rpc/grpc_transport.h"

#include <fmt/core.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

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
namespace {

// Lives until OnDone and as long as the stream. Everything but the On... functions, which gRPC
// calls, runs on the owner's thread.
class Call final : public grpc::ClientBidiReactor<v1::ClientMessage, v1::ServerMessage>,
                   public std::enable_shared_from_this<Call> {
 public:
  Call(Line line, GrpcTransport::Post post, StreamListener& listener)
      : stub_(v1::Sync::NewStub(line.channel)),
        line_(std::move(line)),
        post_(std::move(post)),
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

  void Abandon() {
    listener_ = nullptr;
    if (!ended_) context_.TryCancel();
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
    Hand([why](Call& call) { call.Done(why); });
    std::exchange(self_, nullptr);
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
    if (!ok) return End();
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
    : replica_(replica), post_(std::move(post)) {}

std::unique_ptr<Stream> GrpcTransport::Connect(StreamListener& listener) {
  absl::StatusOr<Line> line = LineOf(replica_);
  if (!line.ok()) return std::make_unique<NoStream>(listener, post_, MessageOf(line.status()));
  auto call = std::make_shared<Call>(*std::move(line), post_, listener);
  call->Start();
  return std::make_unique<GrpcStream>(std::move(call));
}

}  // namespace twinning::client
