// Where the sequencer sends what is for one session: a stream, or a test's notebook.
#pragma once

#include "twinning/v1/sync.pb.h"

namespace twinning::server {

// Called by the sequencer's thread; must return at once. After Close nothing more is called.
class Outlet {
 public:
  virtual ~Outlet() = default;

  // To be answered by Sequencer::Written; there is never a second one before that.
  virtual void Send(v1::ServerMessage message) = 0;
  // The message received last has been taken: the next one may come.
  virtual void Receive() = 0;
  // Say so when what is under way has left, then end.
  virtual void Close(const v1::Closing& closing) = 0;
};

}  // namespace twinning::server
