// The way to a job for those who may outlive it: open until the job's handle is destroyed.
// Thread rule: any thread.
#pragma once

#include <streamwork/metrics.hpp>
#include <utility>

#include "job/job_status.hpp"
#include "runtime/monitor.hpp"

namespace streamwork::job {

class Execution;

class ExecutionGate {
 public:
  explicit ExecutionGate(Execution& execution) : execution_(&execution) {}

  /// Calls `use(execution)`, which holds up the end of the job meanwhile. False: the job is gone.
  template <class Use>
  bool pass(Use&& use) const {
    const auto lock = monitor_.lock();
    if (execution_ == nullptr) return false;
    std::forward<Use>(use)(*execution_);
    return true;
  }
  /// Waits until nobody is inside. What the job had come to is left behind. REQUIRES: not called from inside.
  void close(JobStatus status, JobMetrics metrics) {
    const auto lock = monitor_.lock();
    execution_ = nullptr;
    last_ = {std::move(status), std::move(metrics)};
  }
  /// What was left behind. REQUIRES: it is closed.
  std::pair<JobStatus, JobMetrics> last() const {
    const auto lock = monitor_.lock();
    return last_;
  }

 private:
  runtime::Monitor monitor_;
  Execution* execution_;
  std::pair<JobStatus, JobMetrics> last_;
};

}  // namespace streamwork::job
