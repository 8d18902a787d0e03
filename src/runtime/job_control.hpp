// What all tasks of one run share: whether to go on, and the first thing that went wrong.
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <streamwork/clock.hpp>
#include <streamwork/typed/event_time_leads.hpp>
#include <streamwork/typed/row_store.hpp>
#include <string>
#include <utility>

namespace streamwork::runtime {

class Checkpoints;

class JobControl {
 public:
  explicit JobControl(const Clock& clock) : clock_(clock) {}

  const Clock& clock() const { return clock_; }
  /// nullptr in a run that takes no checkpoints.
  Checkpoints* checkpoints() const { return checkpoints_; }
  /// Before the first task is made.
  void take_checkpoints(Checkpoints& checkpoints) { checkpoints_ = &checkpoints; }

  /// nullptr: rows of keyed state are in memory.
  const std::shared_ptr<typed::RowStores>& row_stores() const { return row_stores_; }
  typed::EventTimeLeads& event_time_leads() { return event_time_leads_; }
  /// Before the first task is made.
  void keep_rows_in(std::shared_ptr<typed::RowStores> stores) { row_stores_ = std::move(stores); }

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
  Checkpoints* checkpoints_ = nullptr;
  std::shared_ptr<typed::RowStores> row_stores_;
  typed::EventTimeLeads event_time_leads_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> cancelled_{false};
  mutable std::mutex mutex_;
  std::string failure_;
  std::function<void()> on_failure_;
};

}  // namespace streamwork::runtime
