// Writing to a pipe nobody reads any more raises SIGPIPE, which ends the process unless the program has said otherwise.
// A library must neither let that happen nor change how the program treats signals.
#pragma once

#include <csignal>
#include <ctime>

namespace streamwork {

/// While it lives, this thread's SIGPIPE does nothing: `write` fails with EPIPE, which says it all.
class WithoutPipeSignal {
 public:
  WithoutPipeSignal() {
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE) == 1) return;  // somebody blocks it already, and has one coming
    sigset_t pipe = only_pipe();
    pthread_sigmask(SIG_BLOCK, &pipe, &before_);
    blocked_ = true;
  }
  WithoutPipeSignal(const WithoutPipeSignal&) = delete;
  WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;
  ~WithoutPipeSignal() {
    if (!blocked_) return;
    const sigset_t pipe = only_pipe();
    const timespec at_once{};
    while (sigtimedwait(&pipe, nullptr, &at_once) == SIGPIPE) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  static sigset_t only_pipe() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    return pipe;
  }

  sigset_t before_{};
  bool blocked_ = false;
};

}  // namespace streamwork
