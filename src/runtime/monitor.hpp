// A lock with a condition: what the folders above use where several threads meet, so that threads stay in this one.
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace streamwork::runtime {

class Monitor {
 public:
  using Lock = std::unique_lock<std::mutex>;

  Lock lock() const { return Lock(mutex_); }
  /// Wakes everybody who waits. What they wait for was changed under the lock.
  void notify() { changed_.notify_all(); }
  template <class Condition>
  void wait(Lock& lock, Condition&& condition) {
    changed_.wait(lock, condition);
  }
  /// False: the time is over and the condition still does not hold.
  template <class Condition>
  bool wait_for(Lock& lock, std::chrono::nanoseconds timeout, Condition&& condition) {
    return changed_.wait_for(lock, timeout, condition);
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace streamwork::runtime
