// A whole job in one thread, under a seeded schedule and a manual clock: the same tasks as under workers, in an order
// that a test can choose and repeat. Thread rule: one thread.
#pragma once

#include <poll.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <streamwork/testing.hpp>
#include <vector>

#include "runtime/deployment.hpp"

namespace streamwork::runtime {

/// Stands for threads that work in the background: keeps what they have to do until the schedule says that it is done.
class SeededWork final : public typed::BackgroundWork {
 public:
  explicit SeededWork(int threads) : threads_(static_cast<std::size_t>(threads)) {}

  void run(std::function<void()> work) override { waiting_.push_back(std::move(work)); }
  /// Work that the threads would have begun; it may end in any order.
  std::size_t begun() const { return std::min(waiting_.size(), threads_); }
  /// Does one piece of it. REQUIRES: `number` is less than `begun()`.
  void finish(std::size_t number);

 private:
  std::size_t threads_;
  std::deque<std::function<void()>> waiting_;
};

class SequentialRun final : public TaskHost {
 public:
  SequentialRun(const Job& job, const testing::RunOptions& options, testing::ManualClock& clock,
                Checkpoints* checkpoints, typed::JobStart& start);
  Deployment& deployment() { return deployment_; }
  /// What is to be done beside the tasks: called at moments of the schedule's choice, and when the time it returned has come.
  void accompany(std::function<SteadyTime()> act, std::function<void()> suspend);
  JobResult run();

  void task_ready() override {}
  bool slice_is_over(SteadyTime start) override;
  void watch_readable(Task& task, int descriptor) override { watches_.push_back({&task, {descriptor, POLLIN, 0}}); }
  void watch_writable(Task& task, int descriptor) override { watches_.push_back({&task, {descriptor, POLLOUT, 0}}); }
  std::shared_ptr<typed::BackgroundWork> background_work(const std::string& name, int threads) override;

 private:
  struct Watch {
    Task* task;
    pollfd descriptor;
  };

  Task* choose();
  void step();
  void end_at_slice(std::uint64_t slice);
  bool run_background_work();
  void wait();
  void poll_descriptors();

  const testing::RunOptions options_;
  testing::ManualClock& clock_;
  Deployment deployment_;
  std::mt19937_64 random_;
  std::vector<Task*> living_;
  std::vector<Watch> watches_;
  std::vector<std::shared_ptr<SeededWork>> background_;
  std::function<SteadyTime()> act_;
  std::function<void()> suspend_;
  std::uint64_t slices_ = 0;
};

}  // namespace streamwork::runtime
