#include "runtime/sequential_run.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace streamwork::runtime {

void SeededWork::finish(std::size_t number) {
  const auto chosen = waiting_.begin() + static_cast<std::ptrdiff_t>(number);
  const std::function<void()> work = std::move(*chosen);
  waiting_.erase(chosen);
  work();
}

SequentialRun::SequentialRun(const Job& job, const testing::RunOptions& options, testing::ManualClock& clock,
                             Checkpoints* checkpoints, typed::JobStart& start)
    : options_(options),
      clock_(clock),
      deployment_(job, options.workers, clock, checkpoints, start),
      random_(options.seed) {
  deployment_.control().on_failure([this] { deployment_.wake_all(); });
  for (const auto& task : deployment_.tasks()) {
    task->set_host(*this);
    living_.push_back(task.get());
  }
}

void SequentialRun::accompany(std::function<SteadyTime()> act, std::function<void()> suspend) {
  act_ = std::move(act);
  suspend_ = std::move(suspend);
}

JobResult SequentialRun::run() {
  const SteadyTime started = clock_.steady_now();
  bool crashed = false;
  while (!living_.empty() && !crashed) {
    step();
    crashed = options_.crashed && options_.crashed();
  }
  JobResult result;
  result.failure = deployment_.control().failure();
  if (!result.failure.empty()) result.end = JobEnd::failed;
  if (crashed) result.end = JobEnd::cancelled;
  result.metrics = deployment_.metrics();
  result.metrics.running_for = clock_.steady_now() - started;
  return result;
}

/// One slice of a task, or something beside the tasks.
void SequentialRun::step() {
  if (!background_.empty() && random_() % 4 == 0 && run_background_work()) return;
  if (act_ && random_() % 4 == 0) act_();
  Task* task = choose();
  if (task == nullptr) return wait();
  end_at_slice(++slices_);
  task->take_ready();
  switch (task->run()) {
    case Task::Outcome::again:
      task->wake();
      break;
    case Task::Outcome::waiting:
      break;
    case Task::Outcome::ended:
      std::erase(living_, task);
      break;
  }
}

void SequentialRun::end_at_slice(std::uint64_t slice) {
  if (slice == options_.stop_after_slices) deployment_.stop();
  if (slice == options_.suspend_after_slices && suspend_) suspend_();
}

/// Slices end early at random, so that tasks rest at every place where they can.
bool SequentialRun::slice_is_over(SteadyTime) { return random_() % 4 == 0; }

/// Any ready task, or nullptr.
Task* SequentialRun::choose() {
  std::vector<Task*> ready;
  std::ranges::copy_if(living_, std::back_inserter(ready), [](const Task* task) { return task->ready(); });
  return ready.empty() ? nullptr : ready[random_() % ready.size()];
}

std::shared_ptr<typed::BackgroundWork> SequentialRun::background_work(const std::string&, int threads) {
  return background_.emplace_back(std::make_shared<SeededWork>(threads));
}

/// Ends any piece of work that a thread in the background would have begun. False: there is none.
bool SequentialRun::run_background_work() {
  std::size_t begun = 0;
  for (const auto& work : background_) begun += work->begun();
  if (begun == 0) return false;
  std::size_t number = random_() % begun;
  for (const auto& work : background_) {
    if (number < work->begun()) {
      work->finish(number);
      break;
    }
    number -= work->begun();
  }
  return true;
}

/// Every task waits: ends work in the background, or lets time pass until the next timer, or waits for the outside.
void SequentialRun::wait() {
  SteadyTime next = act_ ? act_() : SteadyTime::max();
  if (std::ranges::any_of(living_, &Task::ready)) return;
  for (const Task* task : living_) next = std::min(next, task->wake_time());
  // Work may also take longer than a task is prepared to wait for it.
  const bool takes_long = !background_.empty() && next != SteadyTime::max() && random_() % 8 == 0;
  if (!takes_long && run_background_work()) return;
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
