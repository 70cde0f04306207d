#include "server/rpc/sync_stream.h"

#include <chrono>
#include <utility>

#include "server/door/happens_before.h"

namespace twinning::server {
namespace {

constexpr int kPatience_ms = 2'000;

}  // namespace

SyncStream* SyncStream::Begin(grpc::CallbackServerContext* context, Committer& committer,
                              OpenStreams& open, StreamGate gate) {
  std::shared_ptr<SyncStream> stream(new SyncStream(context, committer, open, std::move(gate)));
  stream->self_ = stream;
  if (stream->gate_.peer()) open.Add(*stream->gate_.peer(), stream);
  bool taken = committer.Post(
      [id = stream->id_, stream](Sequencer& sequencer) { sequencer.Connected(id, stream); });
  if (taken) {
    stream->Receive();
  } else {
    stream->Close(v1::SHUTTING_DOWN);
  }
  return stream.get();
}

// --- From the committer -------------------------------------------------------------------------

void SyncStream::Receive() {
  std::lock_guard lock(mutex_);
  if (reading_ || ending_ || gone_ || finished_) return;
  reading_ = true;
  TWINNING_OPERATION_STARTS(this);
  StartRead(&incoming_);
}

void SyncStream::Send(v1::ServerMessage message) {
  std::lock_guard lock(mutex_);
  if (writing_ || ending_ || gone_ || finished_) return;
  StartNextWrite(std::move(message));
}

void SyncStream::Close(v1::CloseReason reason) {
  v1::Closing closing;
  closing.set_reason(reason);
  Close(closing);
}

void SyncStream::Close(const v1::Closing& closing) {
  std::lock_guard lock(mutex_);
  if (ending_) return;
  ending_ = true;
  goodbye_.emplace();
  *goodbye_->mutable_closing() = closing;
  Advance();
  CancelLater();
}

// The seat is given up for it: nobody waits for what this stream will never say.
void SyncStream::ShutOut(v1::CloseReason reason) {
  committer_.Post([id = id_](Sequencer& sequencer) { sequencer.Disconnected(id); });
  Close(reason);
}

// --- Under the lock -----------------------------------------------------------------------------

void SyncStream::StartNextWrite(v1::ServerMessage message) {
  writing_ = true;
  outgoing_ = std::move(message);
  TWINNING_OPERATION_STARTS(this);
  StartWrite(&outgoing_);
}

// A peer that stopped reading would hold its stream open for ever.
void SyncStream::CancelLater() {
  auto when = std::chrono::system_clock::now() + std::chrono::milliseconds(kPatience_ms);
  patience_.Set(when, [weak = weak_from_this()](bool due) {
    std::shared_ptr<SyncStream> stream = due ? weak.lock() : nullptr;
    if (stream != nullptr) stream->Cancel();
  });
}

// Brings the stream to its end when it is time: after what is under way, and the goodbye.
void SyncStream::Advance() {
  if (writing_ || finished_ || !(ending_ || gone_)) return;
  if (goodbye_ && !gone_) {
    StartNextWrite(*std::exchange(goodbye_, std::nullopt));
    return;
  }
  finished_ = true;
  TWINNING_OPERATION_STARTS(this);
  Finish(grpc::Status::OK);
}

void SyncStream::Cancel() {
  std::lock_guard lock(mutex_);
  if (context_ != nullptr) context_->TryCancel();
}

// --- From gRPC ----------------------------------------------------------------------------------

void SyncStream::OnReadDone(bool ok) {
  TWINNING_OPERATION_DONE(this);
  if (!ok) return Leave();
  auto message = std::make_shared<v1::ClientMessage>();
  {
    std::lock_guard lock(mutex_);
    reading_ = false;
    message->Swap(&incoming_);
  }
  if (std::optional<v1::CloseReason> objection = gate_.Objection(*message)) {
    return ShutOut(*objection);
  }
  committer_.Post([id = id_, message](Sequencer& sequencer) { sequencer.Received(id, *message); });
}

void SyncStream::OnWriteDone(bool ok) {
  TWINNING_OPERATION_DONE(this);
  bool go_on;
  {
    std::lock_guard lock(mutex_);
    writing_ = false;
    gone_ = gone_ || !ok;
    go_on = ok && !ending_;
    Advance();
  }
  if (go_on) committer_.Post([id = id_](Sequencer& sequencer) { sequencer.Written(id); });
}

void SyncStream::OnCancel() { Leave(); }

// The peer ended, or is lost.
void SyncStream::Leave() {
  committer_.Post([id = id_](Sequencer& sequencer) { sequencer.Disconnected(id); });
  std::lock_guard lock(mutex_);
  reading_ = false;
  gone_ = true;
  Advance();
}

void SyncStream::OnDone() {
  TWINNING_OPERATION_DONE(this);
  const std::optional<ReplicaId> peer = gate_.peer();
  OpenStreams& open = open_;
  {
    std::lock_guard lock(mutex_);
    context_ = nullptr;
  }
  // The last use of the object here may be its end.
  self_.reset();
  if (peer) open.Remove(*peer);
}

}  // namespace twinning::server
