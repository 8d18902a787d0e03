// A worker: a thread that runs tasks in turn, and sleeps when none is ready.
// Thread rule: constructed, given tasks and started by one thread; `task_ready` by any.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "runtime/event_loop.hpp"
#include "runtime/look_before_sleep.hpp"
#include "runtime/task.hpp"

namespace streamwork::runtime {

class Worker final : public TaskHost {
 public:
  /// `on_task_end` is called by the worker's thread after each task that has ended.
  Worker(std::string name, const Clock& clock, std::function<void()> on_task_end);
  ~Worker() override { join(); }

  void add_task(Task& task);
  bool empty() const { return tasks_.empty(); }
  void start();
  void join();

  void task_ready() override;
  bool slice_is_over(SteadyTime start) override;
  void watch_readable(Task& task, int descriptor) override;
  void watch_writable(Task& task, int descriptor) override;
  std::shared_ptr<typed::BackgroundWork> background_work(const std::string& name, int threads) override;

 private:
  void run();
  bool run_ready_tasks();
  bool any_ready() const;
  void wait();
  SteadyTime wake_due_tasks();

  const std::string name_;
  const Clock& clock_;
  const std::function<void()> on_task_end_;
  std::vector<Task*> tasks_;
  EventLoop loop_;
  LookBeforeSleep look_;
  std::thread thread_;
  alignas(64) std::atomic<bool> sleeping_{false};
};

}  // namespace streamwork::runtime
