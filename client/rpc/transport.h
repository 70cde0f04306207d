// A connection to a server as the engine sees it: messages in and out, one of each under way. The
// implementations are gRPC (grpc_transport.h) and the simulation's. For one thread; events come on
// that thread, never from inside a call of these functions.
#pragma once

#include <memory>
#include <string>

#include "twinning/v1/sync.pb.h"

namespace twinning::client {

class StreamListener {
 public:
  virtual ~StreamListener() = default;
  virtual void OnMessage(v1::ServerMessage message) = 0;  // answers ReadNext
  virtual void OnWritten() = 0;                           // answers Send
  // The last event. `why` is a sentence for people; empty when the server ended it in good order.
  virtual void OnClosed(const std::string& why) = 0;
};

class Stream {
 public:
  // Drops the connection; no event comes afterwards.
  virtual ~Stream() = default;
  virtual void Send(v1::ClientMessage message) = 0;  // not before the last one is written
  // Not before the last message has come. Whoever waits for no message does not hear of the end.
  virtual void ReadNext() = 0;
};

class Transport {
 public:
  virtual ~Transport() = default;
  // Messages may be sent at once; a server that is not there shows as OnClosed. `listener` must
  // outlive the stream.
  virtual std::unique_ptr<Stream> Connect(StreamListener& listener) = 0;
};

}  // namespace twinning::client
