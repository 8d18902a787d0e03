// A plan made real: the tasks of one run of a job with their segments, channels and counters, not yet running.
// Thread rule: built and destroyed by one thread; `metrics` by any thread in between.
#pragma once

#include <memory>
#include <streamwork/job.hpp>
#include <streamwork/metrics.hpp>
#include <vector>

#include "graph/execution_plan.hpp"
#include "runtime/channel.hpp"
#include "runtime/job_control.hpp"
#include "runtime/task.hpp"

namespace streamwork::runtime {

class Deployment {
 public:
  /// Throws `GraphError`, and `VertexError` if a source or sink cannot be prepared.
  Deployment(const Job& job, int workers, const Clock& clock);
  ~Deployment();

  JobControl& control() { return control_; }
  const JobControl& control() const { return control_; }
  /// In the order of chains and instances.
  const std::vector<std::unique_ptr<Task>>& tasks() const { return tasks_; }
  bool blocking(const Task& task) const { return plan_.chains[static_cast<std::size_t>(task.chain())].blocking; }

  void stop();
  void cancel();
  void wake_all();
  /// Counts and times up to now. `running_for` is left to the caller.
  JobMetrics metrics() const;

 private:
  using Factories = std::vector<typed::SegmentFactory>;

  void make_counters();
  Factories prepare_segments() const;
  void make_tasks(const Factories& factories);
  typed::BuiltSegment build(const typed::SegmentFactory& factory, const graph::PlannedSegment& segment,
                            const Task& task) const;
  std::size_t channels_of(int exchange) const;
  void connect_segments(Task& task, const graph::PlannedChain& chain);
  void connect_exchange(int index);
  void connect_lanes(Task& producer, typed::ExchangePort& port, int index);
  Task& task(int chain, std::int64_t instance) const;
  typed::BuiltSegment& segment(Task& task, int index) const;
  std::vector<std::string> blocked_by(int chain) const;
  void add_event_time(JobMetrics& metrics) const;
  std::string holder_of(const Task& task) const;

  const Job job_;
  const graph::ExecutionPlan plan_;
  JobControl control_;
  std::vector<std::vector<std::shared_ptr<typed::VertexCounters>>> counters_;  ///< by vertex and instance
  std::vector<std::unique_ptr<Channel>> channels_;
  std::vector<std::size_t> first_task_;       ///< by chain
  std::vector<std::unique_ptr<Task>> tasks_;  // destroyed before the channels, whose batches their segments write to
};

}  // namespace streamwork::runtime
