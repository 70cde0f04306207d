#include "server/rpc/sync_stream.h"

#include <utility>

#include "server/rpc/happens_before.h"

namespace twinning::server {

SyncStream* SyncStream::Begin(Committer& committer, StreamGate gate) {
  std::shared_ptr<SyncStream> stream(new SyncStream(committer, std::move(gate)));
  stream->self_ = stream;
  bool taken = committer.Post(
      [id = stream->id_, stream](Sequencer& sequencer) { sequencer.Connected(id, stream); });
  if (taken) {
    stream->Receive();
  } else {
    stream->Close(v1::SHUTTING_DOWN, "");
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

void SyncStream::Close(v1::CloseReason reason, const std::string& detail) {
  std::lock_guard lock(mutex_);
  if (ending_) return;
  ending_ = true;
  goodbye_.emplace();
  goodbye_->mutable_closing()->set_reason(reason);
  goodbye_->mutable_closing()->set_detail(detail);
  Advance();
}

// --- Under the lock -----------------------------------------------------------------------------

void SyncStream::StartNextWrite(v1::ServerMessage message) {
  writing_ = true;
  outgoing_ = std::move(message);
  TWINNING_OPERATION_STARTS(this);
  StartWrite(&outgoing_);
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
    committer_.Post([id = id_](Sequencer& sequencer) { sequencer.Disconnected(id); });
    return Close(*objection, "");
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
  // The last use of the object here may be its end.
  std::shared_ptr<SyncStream> self = std::move(self_);
}

}  // namespace twinning::server
