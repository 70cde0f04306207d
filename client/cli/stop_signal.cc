#include "client/cli/stop_signal.h"

#include <pthread.h>

namespace twinning::cli {

StopSignal::StopSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, &before_);
  waiter_ = std::thread([signals, source = source_]() mutable {
    int which = 0;
    sigwait(&signals, &which);
    source.request_stop();
  });
}

StopSignal::~StopSignal() {
  // Wakes the waiter when nobody else has; harmless when somebody did.
  pthread_kill(waiter_.native_handle(), SIGTERM);
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace twinning::cli
