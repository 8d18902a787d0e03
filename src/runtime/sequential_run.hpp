// A whole job in one thread, under a seeded schedule and a manual clock: the same tasks as under workers, in an order
// that a test can choose and repeat. Thread rule: one thread.
#pragma once

#include <poll.h>

#include <random>
#include <streamwork/testing.hpp>
#include <vector>

#include "runtime/deployment.hpp"

namespace streamwork::runtime {

class SequentialRun final : public TaskHost {
 public:
  SequentialRun(const Job& job, const testing::RunOptions& options, testing::ManualClock& clock);
  JobResult run();

  void task_ready() override {}
  bool slice_is_over(SteadyTime start) override;
  void watch_readable(Task& task, int descriptor) override { watches_.push_back({&task, {descriptor, POLLIN, 0}}); }
  void watch_writable(Task& task, int descriptor) override { watches_.push_back({&task, {descriptor, POLLOUT, 0}}); }

 private:
  struct Watch {
    Task* task;
    pollfd descriptor;
  };

  Task* choose();
  void wait();
  void poll_descriptors();

  const testing::RunOptions options_;
  testing::ManualClock& clock_;
  Deployment deployment_;
  std::mt19937_64 random_;
  std::vector<Task*> living_;
  std::vector<Watch> watches_;
};

}  // namespace streamwork::runtime
