// What all tasks of one run share: whether to go on, and the first thing that went wrong.
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <streamwork/clock.hpp>
#include <string>

namespace streamwork::runtime {

class JobControl {
 public:
  explicit JobControl(const Clock& clock) : clock_(clock) {}

  const Clock& clock() const { return clock_; }

  /// Sources give out no more.
  void request_stop() { stop_.store(true); }
  bool stop_requested() const { return stop_.load(std::memory_order_relaxed); }

  /// Tasks close at once; what is in flight is lost.
  void cancel() { cancelled_.store(true); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

  /// Remembers the first failure and cancels.
  void fail(const std::string& reason) {
    {
      const std::lock_guard lock(mutex_);
      if (failure_.empty()) failure_ = reason;
    }
    cancel();
    if (on_failure_) on_failure_();
  }
  std::string failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
  }
  /// What to do at a failure beside cancelling: wake everybody. Set before the first task runs.
  void on_failure(std::function<void()> action) { on_failure_ = std::move(action); }

 private:
  const Clock& clock_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> cancelled_{false};
  mutable std::mutex mutex_;
  std::string failure_;
  std::function<void()> on_failure_;
};

}  // namespace streamwork::runtime
