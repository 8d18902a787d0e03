// What an execution tells about itself.
#include <utility>

#include "job/execution.hpp"

namespace streamwork::job {

namespace {

JobState state_of(JobEnd end) {
  switch (end) {
    case JobEnd::finished:
      return JobState::finished;
    case JobEnd::failed:
      return JobState::failed;
    case JobEnd::cancelled:
      return JobState::cancelled;
    case JobEnd::suspended:
      return JobState::suspended;
  }
  return JobState::failed;
}

}  // namespace

JobStatus Execution::status() const {
  Lock lock = monitor_.lock();
  JobStatus status{JobState::running, {}, run_->number, started_};
  if (ended_) {
    status.state = state_of(result_.end);
    status.failure = result_.failure;
  } else if (restarting_ || rescaling_) {
    status.state = JobState::restarting;
    if (!rescaling_ && !failure_records_.empty()) status.failure = failure_records_.back().message;
  } else if (wish_ != Wish::none) {
    status.state = JobState::stopping;
  }
  if (ended_ || companion_ != nullptr) return status;
  const std::shared_ptr<Run> run = run_;
  lock.unlock();
  if (run->tasks->running()) return status;
  const JobResult result = run->tasks->wait();  // at once: it has ended
  status.state = state_of(result.end);
  status.failure = result.failure;
  return status;
}

JobMetrics Execution::metrics() const {
  std::shared_ptr<Run> run;
  std::uint64_t restarts = 0;
  {
    const Lock lock = monitor_.lock();
    run = run_;
    restarts = failures_.size();
  }
  JobMetrics metrics = run->tasks->metrics();
  metrics.checkpoints = run->coordinator->metrics();
  metrics.restarts = restarts;
  return metrics;
}

std::vector<std::string> Execution::notices() const {
  const Lock lock = monitor_.lock();
  return notices_;
}

std::vector<FailureRecord> Execution::failures() const {
  const Lock lock = monitor_.lock();
  return {failure_records_.begin(), failure_records_.end()};
}

std::vector<checkpoint::CheckpointRecord> Execution::checkpoints() const {
  return history_->records(clock_.steady_now());
}

graph::ExecutionPlan Execution::plan() const {
  std::shared_ptr<Run> run;
  {
    const Lock lock = monitor_.lock();
    run = run_;
  }
  return run->tasks->deployment().plan();
}

std::vector<runtime::RefusedEvent> Execution::refused() const {
  std::shared_ptr<Run> run;
  {
    const Lock lock = monitor_.lock();
    run = run_;
  }
  return run->tasks->deployment().refused();
}

void Execution::view_edge(std::size_t edge, const runtime::Deployment::MakeViewer& make_viewer) {
  std::shared_ptr<Run> run;
  {
    const Lock lock = monitor_.lock();
    run = run_;
  }
  run->tasks->deployment().view_edge(edge, make_viewer);
}

/// REQUIRES: the lock is held.
void Execution::note(LogLevel level, const std::string& text) {
  notices_.push_back(text);
  log_.add(clock_.now(), level, text);
}

}  // namespace streamwork::job
