#include "job/execution.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <stdexcept>
#include <streamwork/testing/memory_file_system.hpp>
#include <utility>

#include "graph/rescaled.hpp"
#include "job/row_stores.hpp"

namespace streamwork::job {

namespace {

std::uint64_t random_number() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

JobOptions completed(JobOptions options) {
  CheckpointOptions& checkpoints = options.checkpoints;
  if (!checkpoints.file_system) {
    checkpoints.file_system = checkpoints.directory == checkpoints_in_memory
                                  ? std::make_shared<testing::MemoryFileSystem>()
                                  : RealFileSystem::instance();
  }
  if (!options.restart) options.restart = checkpoints.directory.empty() ? never_restart() : restart_with_backoff();
  return options;
}

}  // namespace

Execution::Execution(const Job& job, JobOptions options)
    : job_(job),
      experiments_(job.experiments()),
      options_(completed(std::move(options))),
      clock_(options_.clock != nullptr ? *options_.clock : SystemClock::instance()),
      attempt_(random_number()),
      started_(clock_.now()),
      parallelism_(options_.parallelism) {
  if (!options_.checkpoints.directory.empty()) {
    directory_ = std::make_shared<checkpoint::CheckpointDirectory>(options_.checkpoints.file_system,
                                                                   options_.checkpoints.directory);
    directory_->claim();
  }
  row_stores_ = open_row_stores(options_.state, options_.checkpoints);
  run_ = prepare(false);
  if (run_->ended) {
    ended_ = true;
    return;
  }
  const bool accompanied = run_->tasks->deployment().control().checkpoints() != nullptr ||
                           options_.restart->delay({clock_.steady_now()}).has_value();
  run_->tasks->start(accompanied ? [this] { wake(); } : std::function<void()>());
  if (!accompanied) return;
  companion_ = std::make_unique<runtime::BackgroundThreads>("companion", 1);
  companion_->run([this] { accompany(); });
}

Execution::~Execution() {
  cancel();
  companion_.reset();
  run_->end();
  gate_->close(status(), metrics());
}

/// Waits until nothing of it runs any more.
void Execution::Run::end() {
  if (tasks) tasks->end();
  coordinator->close();
}

/// The life of the companion thread.
void Execution::accompany() {
  while (true) {
    const std::shared_ptr<Run> run = run_;
    JobResult result;
    if (!run->ended) {
      drive(*run);
      result = run->tasks->wait();
    }
    if (result.end == JobEnd::failed && begin_again(result)) continue;
    if (result.end == JobEnd::finished && begin_rescaled(result)) continue;
    const Lock lock = monitor_.lock();
    if (result.end == JobEnd::finished && run->coordinator->suspended()) result.end = JobEnd::suspended;
    if (result.end == JobEnd::failed) note_failure(result.failure, false);
    result_ = std::move(result);
    ended_ = true;
    monitor_.notify();
    return;
  }
}

/// Does what the coordinator finds due until the run has ended.
void Execution::drive(Run& run) {
  while (run.tasks->running()) {
    const SteadyTime next = run.coordinator->act();
    Lock lock = monitor_.lock();
    const auto woken = [this] { return std::exchange(woken_, false); };
    if (next == SteadyTime::max()) {
      monitor_.wait(lock, woken);
    } else {
      monitor_.wait_for(lock, std::max(next - clock_.steady_now(), std::chrono::nanoseconds::zero()), woken);
    }
  }
}

/// After a failure: waits as the policy says and starts again. False: the job stays failed.
bool Execution::begin_again(const JobResult& failed) {
  {
    Lock lock = monitor_.lock();
    failures_.push_back(clock_.steady_now());
    if (std::exchange(rescaling_, false)) {
      note(LogLevel::warning, "not rescaled: the job failed before");
      if (wish_ == Wish::rescale) wish_ = Wish::none;
    }
    const auto delay = options_.restart->delay(failures_);
    if (!delay || wish_ != Wish::none || run_->coordinator->gave_up()) return false;
    note(LogLevel::error, "failed, starting again: " + failed.failure);
    note_failure(failed.failure, true);
    restarting_ = true;
    const SteadyTime until = clock_.steady_now() + *delay;
    while (wish_ == Wish::none && clock_.steady_now() < until)
      monitor_.wait_for(lock, until - clock_.steady_now(), [this] { return std::exchange(woken_, false); });
    if (wish_ != Wish::none) return false;
  }
  const std::string obstacle = begin_run();
  if (obstacle.empty()) return true;
  const Lock lock = monitor_.lock();
  note(LogLevel::error, "cannot start again: " + obstacle);
  return false;
}

/// If the run has ended only to be rescaled: starts the job again. False: the job has ended.
bool Execution::begin_rescaled(JobResult& result) {
  {
    const Lock lock = monitor_.lock();
    if (!rescaling_ || wish_ == Wish::cancel || !run_->coordinator->suspended()) return false;
    restarting_ = true;
    parallelism_.swap(wanted_parallelism_);
  }
  std::string obstacle = begin_run();
  if (obstacle.empty()) return true;
  {
    const Lock lock = monitor_.lock();
    note(LogLevel::error, "cannot be rescaled, goes on as before: " + obstacle);
    parallelism_.swap(wanted_parallelism_);
  }
  obstacle = begin_run();
  if (obstacle.empty()) return true;
  result.end = JobEnd::failed;
  result.failure = "cannot start again: " + obstacle;
  return false;
}

/// Starts the job again. Returns why it cannot be, or an empty string.
std::string Execution::begin_run() {
  run_->end();  // it must write nothing more where the next one writes
  try {
    std::shared_ptr<Run> run = prepare(true);
    Wish missed = Wish::none;
    {
      const Lock lock = monitor_.lock();
      run_.swap(run);
      if (wish_ == Wish::rescale) wish_ = Wish::none;
      missed = wish_;
      restarting_ = rescaling_ = false;
    }
    if (run_->ended) return {};
    run_->tasks->start([this] { wake(); });
    if (missed != Wish::none) fulfil(*run_, missed);
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}

void Execution::rescale(const std::map<std::string, int>& parallelism) {
  if (!directory_)
    throw std::runtime_error("a job without a checkpoint directory cannot be rescaled: it has no place to go on from");
  {
    const Lock lock = monitor_.lock();
    if (ended_ || restarting_ || wish_ != Wish::none)
      throw std::runtime_error("the job is being started or stopped: it cannot be rescaled now");
    std::map<std::string, int> wanted = parallelism;
    wanted.insert(parallelism_.begin(), parallelism_.end());
    graph::plan(graph::rescaled(job_.graph(), wanted), runtime::worker_count(options_));  // refuses what cannot run
    wanted_parallelism_ = std::move(wanted);
    rescaling_ = true;
    note(LogLevel::info, "is rescaled: sources stop, a last checkpoint is taken, and the job goes on from it");
  }
  wish(Wish::rescale);
}

void Execution::stop() { wish(Wish::stop); }
void Execution::suspend(bool with_savepoint) {
  {
    const Lock lock = monitor_.lock();
    with_savepoint_ = with_savepoint;
  }
  wish(directory_ ? Wish::suspend : Wish::stop);
}
void Execution::cancel() { wish(Wish::cancel); }

/// REQUIRES: the lock is held.
void Execution::note_failure(const std::string& message, bool restarted) {
  failure_records_.push_back({clock_.now(), message, restarted});
  if (failure_records_.size() > most_failure_records) failure_records_.pop_front();
}

void Execution::wish(Wish wish) {
  std::shared_ptr<Run> run;
  bool postponed = false;
  {
    const Lock lock = monitor_.lock();
    wish_ = std::max(wish_, wish);
    run = run_;
    // What is stopped or suspended is the job as it goes on.
    postponed = rescaling_ && (wish == Wish::stop || wish == Wish::suspend);
  }
  if (!postponed) fulfil(*run, wish);
  wake();
}

void Execution::fulfil(Run& run, Wish wish) {
  switch (wish) {
    case Wish::none:
      break;
    case Wish::rescale:
      run.coordinator->suspend(false);
      break;
    case Wish::suspend:
      run.coordinator->suspend(with_savepoint_);
      break;
    case Wish::stop:
      run.tasks->stop();
      break;
    case Wish::cancel:
      run.tasks->cancel();
      break;
  }
}

void Execution::take_savepoint() {
  std::shared_ptr<Run> run;
  {
    const Lock lock = monitor_.lock();
    run = run_;
  }
  if (directory_) run->coordinator->take_savepoint();
}

void Execution::begin_experiment(std::size_t number) {
  experiments_.begin(number);
  const Lock lock = monitor_.lock();
  note(LogLevel::info, "experiment '" + experiments_.all()[number].name + "' has begun");
}

void Execution::end_experiment(std::size_t number) {
  experiments_.end(number);
  const Lock lock = monitor_.lock();
  note(LogLevel::info, "experiment '" + experiments_.all()[number].name + "' has ended");
}

void Execution::wake() {
  const Lock lock = monitor_.lock();
  woken_ = true;
  monitor_.notify();
}

bool Execution::running() const {
  const Lock lock = monitor_.lock();
  return !ended_ && (companion_ != nullptr || run_->tasks->running());
}

JobResult Execution::wait() {
  Lock lock = monitor_.lock();
  if (!ended_ && companion_ == nullptr) {
    lock.unlock();
    return run_->tasks->wait();
  }
  monitor_.wait(lock, [this] { return ended_; });
  JobResult result = result_;
  lock.unlock();
  result.metrics = metrics();
  return result;
}

bool Execution::wait_for(std::chrono::nanoseconds timeout) {
  Lock lock = monitor_.lock();
  if (!ended_ && companion_ == nullptr) {
    lock.unlock();
    return run_->tasks->wait_for(timeout);
  }
  return monitor_.wait_for(lock, timeout, [this] { return ended_; });
}

}  // namespace streamwork::job
