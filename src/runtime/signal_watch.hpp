// SIGINT and SIGTERM as calls, for as long as the object lives; SIGPIPE is ignored meanwhile.
//
// Signals belong to the process, so this is the one thing all runs of a process share: with the first watch the
// handlers are installed, with the last one the dispositions from before come back. Every watch hears every signal.
// Thread rule: any thread; the action is called by a thread of its own, one call at a time.
#pragma once

#include <functional>
#include <vector>

namespace streamwork::runtime {

class SignalWatch {
 public:
  /// Called with how many signals have come since the watch was made: 1, 2, … It must not make or destroy a watch.
  using Action = std::function<void(int count)>;

  /// Throws `std::system_error` if the process has no file descriptors left.
  SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  /// Afterwards the action is not called any more.
  ~SignalWatch();

  /// Says what to do at a signal. Those that came before are made up for at once. REQUIRES: was not called before.
  void call(Action action);

 private:
  friend class SignalRelay;

  int count_ = 0;  // both guarded by the relay's mutex
  Action action_;
};

}  // namespace streamwork::runtime
