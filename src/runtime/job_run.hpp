// One run of a job on worker threads.
// Thread rule: any thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <streamwork/run.hpp>
#include <vector>

#include "runtime/deployment.hpp"
#include "runtime/worker.hpp"

namespace streamwork::runtime {

/// Worker threads a job gets: those asked for, else one per core.
int worker_count(const JobOptions& options);

class JobRun {
 public:
  /// Makes the tasks. `checkpoints`, if any, outlive the run; what the vertices tell about themselves is added to `start`.
  JobRun(const Job& job, const JobOptions& options, Checkpoints* checkpoints, typed::JobStart& start);
  JobRun(const JobRun&) = delete;
  JobRun& operator=(const JobRun&) = delete;
  ~JobRun() { end(); }

  /// Starts the threads; `on_end` is called by one of them when the last task has ended.
  void start(std::function<void()> on_end = nullptr);
  Deployment& deployment() { return deployment_; }

  /// Cancels what still runs, and waits for the threads.
  void end();

  void stop() { deployment_.stop(); }
  void cancel();
  bool running() const;
  JobResult wait();
  bool wait_for(std::chrono::nanoseconds timeout);
  JobMetrics metrics() const;

 private:
  void assign_tasks(const JobOptions& options);
  void task_ended();

  const Clock& clock_;
  Deployment deployment_;
  std::vector<std::unique_ptr<Worker>> workers_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t tasks_left_;
  bool cancelled_ = false;  ///< by the user
  std::function<void()> on_end_;
  SteadyTime started_;
  SteadyTime ended_at_{};
};

}  // namespace streamwork::runtime
