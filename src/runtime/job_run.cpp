#include "runtime/job_run.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace streamwork::runtime {

int worker_count(const JobOptions& options) {
  return options.workers > 0 ? options.workers : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

JobRun::JobRun(const Job& job, const JobOptions& options, Checkpoints* checkpoints, typed::JobStart& start)
    : clock_(options.clock != nullptr ? *options.clock : SystemClock::instance()),
      deployment_(job, worker_count(options), clock_, checkpoints, start),
      tasks_left_(deployment_.tasks().size()),
      started_(clock_.steady_now()) {
  deployment_.control().on_failure([this] { deployment_.wake_all(); });
  assign_tasks(options);
}

void JobRun::start(std::function<void()> on_end) {
  on_end_ = std::move(on_end);
  try {
    for (const auto& worker : workers_) worker->start();
  } catch (...) {
    deployment_.cancel();  // those that have started end before they are joined
    throw;
  }
}

void JobRun::end() {
  deployment_.cancel();
  for (const auto& worker : workers_) worker->join();
}

/// Tasks go to the workers in turn, those of blocking vertices to threads of their own.
void JobRun::assign_tasks(const JobOptions& options) {
  const auto new_worker = [&](const std::string& name) {
    workers_.push_back(std::make_unique<Worker>(name, clock_, [this] { task_ended(); }));
  };
  const auto shared = static_cast<std::size_t>(worker_count(options));
  for (std::size_t i = 0; i < shared; ++i) new_worker("worker " + std::to_string(i));
  std::size_t turn = 0;
  for (const auto& task : deployment_.tasks()) {
    if (deployment_.blocking(*task)) {
      new_worker("blocking " + std::to_string(workers_.size() - shared));
      workers_.back()->add_task(*task);
    } else {
      workers_[turn++ % shared]->add_task(*task);
    }
  }
  std::erase_if(workers_, [](const auto& worker) { return worker->empty(); });
}

void JobRun::task_ended() {
  {
    const std::lock_guard lock(mutex_);
    if (--tasks_left_ > 0) return;
    ended_at_ = clock_.steady_now();
    ended_.notify_all();
  }
  if (on_end_) on_end_();
}

void JobRun::cancel() {
  {
    const std::lock_guard lock(mutex_);
    if (tasks_left_ > 0) cancelled_ = true;
  }
  deployment_.cancel();
}

bool JobRun::running() const {
  const std::lock_guard lock(mutex_);
  return tasks_left_ > 0;
}

JobResult JobRun::wait() {
  bool cancelled = false;
  {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return tasks_left_ == 0; });
    cancelled = cancelled_;
  }
  JobResult result;
  result.failure = deployment_.control().failure();
  if (!result.failure.empty()) {
    result.end = JobEnd::failed;
  } else if (cancelled) {
    result.end = JobEnd::cancelled;
  }
  result.metrics = metrics();
  return result;
}

bool JobRun::wait_for(std::chrono::nanoseconds timeout) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, timeout, [this] { return tasks_left_ == 0; });
}

JobMetrics JobRun::metrics() const {
  JobMetrics metrics = deployment_.metrics();
  const std::lock_guard lock(mutex_);
  metrics.running_for = (tasks_left_ == 0 ? ended_at_ : clock_.steady_now()) - started_;
  return metrics;
}

}  // namespace streamwork::runtime
