#include "runtime/sequential_run.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace streamwork::runtime {

SequentialRun::SequentialRun(const Job& job, const testing::RunOptions& options, testing::ManualClock& clock)
    : options_(options), clock_(clock), deployment_(job, options.workers, clock), random_(options.seed) {
  for (const auto& task : deployment_.tasks()) {
    task->set_host(*this);
    living_.push_back(task.get());
  }
}

JobResult SequentialRun::run() {
  const SteadyTime started = clock_.steady_now();
  for (std::uint64_t slices = 0; !living_.empty();) {
    Task* task = choose();
    if (task == nullptr) {
      wait();
      continue;
    }
    if (++slices == options_.stop_after_slices) deployment_.stop();
    task->take_ready();
    switch (task->run()) {
      case Task::Outcome::again:
        task->wake();
        break;
      case Task::Outcome::waiting:
        break;
      case Task::Outcome::ended:
        std::erase(living_, task);
        if (deployment_.control().cancelled()) deployment_.wake_all();
        break;
    }
  }
  JobResult result;
  result.failure = deployment_.control().failure();
  if (!result.failure.empty()) result.end = JobEnd::failed;
  result.metrics = deployment_.metrics();
  result.metrics.running_for = clock_.steady_now() - started;
  return result;
}

/// Slices end early at random, so that tasks rest at every place where they can.
bool SequentialRun::slice_is_over(SteadyTime) { return random_() % 4 == 0; }

/// Any ready task, or nullptr.
Task* SequentialRun::choose() {
  std::vector<Task*> ready;
  std::ranges::copy_if(living_, std::back_inserter(ready), [](const Task* task) { return task->ready(); });
  return ready.empty() ? nullptr : ready[random_() % ready.size()];
}

/// Every task waits: lets time pass until the next timer, or waits for the outside.
void SequentialRun::wait() {
  SteadyTime next = SteadyTime::max();
  for (const Task* task : living_) next = std::min(next, task->wake_time());
  if (next == SteadyTime::max()) return poll_descriptors();
  if (next > clock_.steady_now()) clock_.advance(next - clock_.steady_now());
  for (Task* task : living_) {
    if (task->wake_time() <= clock_.steady_now()) task->wake();
  }
}

void SequentialRun::poll_descriptors() {
  if (watches_.empty()) {
    throw std::logic_error("every task of job '" + deployment_.metrics().job + "' waits for another one (seed " +
                           std::to_string(options_.seed) + ")");
  }
  std::vector<pollfd> descriptors;
  for (const Watch& watch : watches_) descriptors.push_back(watch.descriptor);
  ::poll(descriptors.data(), descriptors.size(), -1);
  std::vector<Watch> waiting;
  for (std::size_t i = 0; i < descriptors.size(); ++i) {
    if (descriptors[i].revents != 0) {
      watches_[i].task->wake();
    } else {
      waiting.push_back(watches_[i]);
    }
  }
  watches_ = std::move(waiting);
}

}  // namespace streamwork::runtime

namespace streamwork::testing {

JobResult run(const Job& job, const RunOptions& options) {
  ManualClock own;
  return runtime::SequentialRun(job, options, options.clock != nullptr ? *options.clock : own).run();
}

}  // namespace streamwork::testing
