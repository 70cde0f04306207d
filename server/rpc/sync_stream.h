// One replica's stream: a thin adapter between gRPC's reactions and the committer's thread. At most
// one read and one write under way, exactly one Finish, nothing started after it. Knows nothing of
// the protocol but its gate.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "server/rpc/open_streams.h"
#include "server/rpc/stream_gate.h"
#include "server/sequencer/committer.h"
#include "server/sequencer/outlet.h"
#include "twinning/v1/sync.pb.h"

namespace twinning::server {

class SyncStream final : public grpc::ServerBidiReactor<v1::ClientMessage, v1::ServerMessage>,
                         public Outlet,
                         public std::enable_shared_from_this<SyncStream> {
 public:
  // A reactor for gRPC, which keeps itself until OnDone. `committer` and `open` must outlive it.
  static SyncStream* Begin(grpc::CallbackServerContext* context, Committer& committer,
                           OpenStreams& open, StreamGate gate);

  // From the committer's thread.
  void Send(v1::ServerMessage message) override;
  void Receive() override;
  void Close(const v1::Closing& closing) override;
  void Close(v1::CloseReason reason);

  // From any thread: ends it though the committer has not said so.
  void ShutOut(v1::CloseReason reason);

  // From gRPC's threads.
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  SyncStream(grpc::CallbackServerContext* context, Committer& committer, OpenStreams& open,
             StreamGate gate)
      : committer_(committer),
        open_(open),
        id_(committer.NextSession()),
        gate_(std::move(gate)),
        context_(context) {}

  void Leave();
  void CancelLater();
  void Cancel();
  void StartNextWrite(v1::ServerMessage message);
  void Advance();

  Committer& committer_;
  OpenStreams& open_;
  const sync::SessionId id_;
  StreamGate gate_;                   // for the one read that is under way
  std::shared_ptr<SyncStream> self_;  // until OnDone

  std::mutex mutex_;                      // over all below
  grpc::CallbackServerContext* context_;  // null after OnDone
  grpc::Alarm patience_;                  // with a peer that does not take its goodbye
  v1::ClientMessage incoming_;
  v1::ServerMessage outgoing_;                // lives until OnWriteDone
  std::optional<v1::ServerMessage> goodbye_;  // to be written before the end
  bool reading_ = false;
  bool writing_ = false;
  bool ending_ = false;  // no more reads, no more messages but the goodbye
  bool gone_ = false;    // the peer is: nothing can be written
  bool finished_ = false;
};

}  // namespace twinning::server
