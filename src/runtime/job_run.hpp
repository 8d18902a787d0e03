// One run of a job on worker threads.
// Thread rule: any thread.
#pragma once

#include <condition_variable>
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
  JobRun(const Job& job, const JobOptions& options);
  JobRun(const JobRun&) = delete;
  JobRun& operator=(const JobRun&) = delete;
  /// Cancels what still runs, and waits for the threads.
  ~JobRun();

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
  SteadyTime started_;
  SteadyTime ended_at_{};
};

}  // namespace streamwork::runtime
