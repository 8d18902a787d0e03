#include "runtime/worker.hpp"

#include <pthread.h>
#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "runtime/background_threads.hpp"

namespace streamwork::runtime {

namespace {

/// A task's slice: long enough that changing tasks costs nothing, short enough that others wait a millisecond at most.
constexpr std::chrono::microseconds slice{1000};

/// How late the system may wake a worker, to wake others with it. Its default of 50 us is more than most events take.
constexpr std::chrono::nanoseconds timer_slack{1000};

/// While tasks keep a worker busy, it looks at its sockets this often.
constexpr int rounds_between_polls = 16;

}  // namespace

Worker::Worker(std::string name, const Clock& clock, std::function<void()> on_task_end)
    : name_(std::move(name)), clock_(clock), on_task_end_(std::move(on_task_end)) {}

void Worker::add_task(Task& task) {
  tasks_.push_back(&task);
  task.set_host(*this);
}

void Worker::start() {
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), name_.substr(0, 15).c_str());
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::task_ready() {
  if (sleeping_.load()) loop_.wake();
}

bool Worker::slice_is_over(SteadyTime start) { return clock_.steady_now() - start >= slice; }

void Worker::watch_readable(Task& task, int descriptor) {
  loop_.when_readable(descriptor, [&task] { task.wake(); });
}

void Worker::watch_writable(Task& task, int descriptor) {
  loop_.when_writable(descriptor, [&task] { task.wake(); });
}

std::shared_ptr<typed::BackgroundWork> Worker::background_work(const std::string& name, int threads) {
  return std::make_shared<BackgroundThreads>(name, threads);
}

void Worker::run() {
  ::prctl(PR_SET_TIMERSLACK, timer_slack.count());
  int rounds = 0;
  while (!tasks_.empty()) {
    wake_due_tasks();
    const bool ran = run_ready_tasks();
    if (loop_.watching() && ++rounds % rounds_between_polls == 0) loop_.poll();
    if (!ran && !tasks_.empty()) wait();
  }
}

bool Worker::run_ready_tasks() {
  bool ran = false;
  for (std::size_t i = 0; i < tasks_.size();) {
    Task& task = *tasks_[i];
    if (!task.take_ready()) {
      ++i;
      continue;
    }
    ran = true;
    switch (task.run()) {
      case Task::Outcome::again:
        task.wake();
        ++i;
        break;
      case Task::Outcome::waiting:
        ++i;
        break;
      case Task::Outcome::ended:
        tasks_.erase(tasks_.begin() + static_cast<std::ptrdiff_t>(i));
        on_task_end_();
        break;
    }
  }
  return ran;
}

bool Worker::any_ready() const {
  return std::ranges::any_of(tasks_, [](const Task* task) { return task->ready(); });
}

/// Wakes tasks whose time has come; returns when the next one's does.
SteadyTime Worker::wake_due_tasks() {
  SteadyTime next = SteadyTime::max();
  for (const Task* task : tasks_) next = std::min(next, task->wake_time());
  if (next == SteadyTime::max()) return next;
  const SteadyTime now = clock_.steady_now();
  if (next > now) return next;
  for (Task* task : tasks_) {
    if (task->wake_time() <= now) task->wake();
  }
  return now;
}

void Worker::wait() {
  SteadyTime now = clock_.steady_now();
  const SteadyTime until = now + look_.time();
  do {
    if (any_ready() || wake_due_tasks() <= now) return look_.found();
    now = clock_.steady_now();
  } while (now < until);
  // Announce the sleep, then look once more: whoever makes a task ready looks for the announcement afterwards.
  sleeping_.store(true);
  if (!any_ready()) loop_.sleep(wake_due_tasks());
  sleeping_.store(false);
  look_.slept(clock_.steady_now() - now);
}

}  // namespace streamwork::runtime
