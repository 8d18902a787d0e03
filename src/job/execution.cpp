#include "job/execution.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <stdexcept>
#include <streamwork/duration_text.hpp>
#include <streamwork/errors.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <utility>

#include "checkpoint/restore.hpp"
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

/// Where a source delivers less than was asked for, and why; empty: it does not.
std::string delivery_note(typed::SourceMemory memory, Delivery wanted, bool keeps_checkpoints) {
  if (wanted == Delivery::at_most_once) return {};
  switch (memory) {
    case typed::SourceMemory::replays:
      break;
    case typed::SourceMemory::forgets:
      if (keeps_checkpoints) return "cannot read again what it has read: at most once from there";
      break;
    case typed::SourceMemory::recognises:
    case typed::SourceMemory::acknowledges:
      if (!keeps_checkpoints)
        return "acknowledges what it has handed on, since there are no checkpoints: at most once from there";
      if (wanted == Delivery::exactly_once && memory == typed::SourceMemory::acknowledges)
        return "does not know events again whose acknowledgement was lost: at least once from there";
      break;
  }
  return {};
}

/// What the job goes on from, and how old that is.
std::string origin_note(const checkpoint::Manifest& manifest, ProcessingTime now) {
  const auto age = std::chrono::floor<std::chrono::seconds>(now - manifest.created);
  return std::string("goes on from ") + (manifest.kind == checkpoint::Kind::savepoint ? "savepoint " : "checkpoint ") +
         std::to_string(manifest.number) + ", taken " + duration_text(std::max(age, std::chrono::seconds(0))) + " ago";
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
  if (ended_) return;
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

/// Makes a run ready to start, from the checkpoint it goes on from.
std::shared_ptr<Execution::Run> Execution::prepare(bool restarting) {
  if (!directory_) return prepare_from({}, nullptr, restarting);
  // A restart goes on from what this execution has taken, whatever it began with.
  CheckpointOptions wanted = options_.checkpoints;
  if (restarting && run_->coordinator->metrics().completed > 0) wanted.restore = "latest";
  while (true) {
    const checkpoint::Restore restore = checkpoint::find_restore(wanted, *directory_);
    checkpoint::NewHistory new_history(*directory_, wanted);
    {
      const Lock lock = monitor_.lock();
      for (const std::string& warning : restore.warnings) note(LogLevel::warning, warning);
      if (!restarting) {  // a restart has just left them itself
        for (const std::string& text : restore.notes) note(LogLevel::info, text);
      }
    }
    try {
      return prepare_from(restore, &new_history, restarting);
    } catch (const DamagedResults& damage) {
      // What it holds beside them has been taken as it is: only the results since the one before it come out again.
      const std::string& path = restore.checkpoint->path();
      if (wanted.restore != "latest" || !directory_->set_aside(path)) throw;
      const Lock lock = monitor_.lock();
      note(LogLevel::warning, "checkpoint '" + path + "' is not used: " + damage.what());
    }
  }
}

/// `new_history`: nullptr if there are no checkpoints.
std::shared_ptr<Execution::Run> Execution::prepare_from(const checkpoint::Restore& restore,
                                                        checkpoint::NewHistory* new_history, bool restarting) {
  const CheckpointOptions& checkpoints = options_.checkpoints;
  const Job job(graph::rescaled(job_.graph(), parallelism_));
  if (restore.checkpoint) check_restore(*restore.checkpoint, job);

  auto run = std::make_shared<Run>();
  run->coordinator = std::make_unique<checkpoint::Coordinator>(
      checkpoints, directory_, restore.checkpoint, clock_, [this] { wake(); }, history_);
  run->number = history_->runs();
  typed::JobStart start;
  start.restored = restore.checkpoint.get();
  start.row_stores = row_stores_;
  start.source_rate = options_.source_rate;
  start.keeps_checkpoints = directory_ != nullptr;
  start.checkpoint_interval = checkpoints.interval;
  start.sinks = sink_request(checkpoints, restore, restarting);
  start.sinks.attempt = attempt_ + run->number;
  start.sinks.locks = locks_;
  start.sinks.note = [this](const std::string& text) {
    const Lock lock = monitor_.lock();
    note(LogLevel::info, text);
  };
  run->tasks = std::make_unique<runtime::JobRun>(job, options_, run->coordinator.get(), start);
  if (restore.checkpoint && restore.checkpoint->manifest().kind != checkpoint::Kind::ended)
    run->tasks->deployment().check_restored();
  if (restore.checkpoint) recover_sinks(*restore.checkpoint, start.committers);
  if (new_history) new_history->keep();
  if (!restarting) note_delivery(start);
  if (run->tasks->deployment().control().checkpoints() != nullptr) {
    const auto writer = std::make_shared<runtime::BackgroundThreads>("snapshots", 1);
    const auto publisher =
        checkpoints.concurrent > 1 ? std::make_shared<runtime::BackgroundThreads>("checkpoints", 1) : writer;
    run->coordinator->attach(run->tasks->deployment(), std::move(start.committers), writer, publisher);
  }
  if (restore.checkpoint && restore.checkpoint->manifest().kind == checkpoint::Kind::ended) {
    const Lock lock = monitor_.lock();
    note(LogLevel::info, "the job has ended before: there is nothing left to do");
    ended_ = true;
    result_.metrics = run->tasks->metrics();
  } else if (restore.checkpoint) {
    const Lock lock = monitor_.lock();
    note(LogLevel::info, origin_note(restore.checkpoint->manifest(), clock_.now()));
  }
  return run;
}

/// Says where the job delivers less than it was asked for.
void Execution::note_delivery(const typed::JobStart& start) {
  const Lock lock = monitor_.lock();
  for (const auto& [vertex, memory] : start.sources) {
    const std::string less = delivery_note(memory, options_.checkpoints.delivery, start.keeps_checkpoints);
    if (!less.empty()) note(LogLevel::info, "delivery: source '" + vertex + "' " + less);
  }
  for (const std::string& vertex : start.shedders)
    note(LogLevel::info,
         "delivery: '" + vertex + "' drops events when those behind it do not keep up, and counts them");
  if (options_.checkpoints.delivery != Delivery::exactly_once || !directory_) return;
  for (const std::string& vertex : start.plain_sinks)
    note(LogLevel::info, "delivery: sink '" + vertex +
                             "' is not transactional: after a failure results may come out again, at least once there");
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
    drive(*run);
    JobResult result = run->tasks->wait();
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
