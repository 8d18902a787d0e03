// A plan made real: the tasks of one run of a job with their segments, channels and counters, not yet running.
// Thread rule: built and destroyed by one thread; `metrics` by any thread in between.
#pragma once

#include <functional>
#include <memory>
#include <streamwork/job.hpp>
#include <streamwork/metrics.hpp>
#include <vector>

#include "graph/execution_plan.hpp"
#include "graph/vertex_edges.hpp"
#include "runtime/channel.hpp"
#include "runtime/job_control.hpp"
#include "runtime/task.hpp"

namespace streamwork::runtime {

/// An event that a vertex instance could not use.
struct RefusedEvent {
  int vertex = 0;
  std::int64_t instance = 0;
  typed::RefusedSample sample{};
};

class Deployment {
 public:
  /// Throws `GraphError`, and `VertexError` if a source or sink cannot be prepared.
  /// `checkpoints`: nullptr if none are taken. What the vertices tell about themselves is added to `start`.
  Deployment(const Job& job, int workers, const Clock& clock, Checkpoints* checkpoints, typed::JobStart& start);
  ~Deployment();

  JobControl& control() { return control_; }
  const JobControl& control() const { return control_; }
  /// In the order of chains and instances.
  const std::vector<std::unique_ptr<Task>>& tasks() const { return tasks_; }
  bool blocking(const Task& task) const { return plan_.chains[static_cast<std::size_t>(task.chain())].blocking; }

  /// Throws if state of an earlier run does not fit, before anything runs: its vertex, and what has changed.
  void check_restored();
  void stop();
  void cancel();
  void wake_all();
  /// Counts and times up to now. `running_for` is left to the caller.
  JobMetrics metrics() const;
  const graph::ExecutionPlan& plan() const { return plan_; }

  /// Makes what looks at the batches that pass from an instance to an instance.
  using MakeViewer = std::function<std::shared_ptr<typed::BatchViewer>(std::int64_t from, std::int64_t to)>;
  /// Has the edge of this number (as in the metrics) looked at; empty: not any more.
  /// Throws `std::out_of_range` if there is no such edge.
  void view_edge(std::size_t edge, const MakeViewer& make_viewer);
  /// The last events that came too late or were bad, by vertex and instance. Any thread.
  std::vector<RefusedEvent> refused() const;

 private:
  using Factories = std::vector<std::unique_ptr<typed::SegmentFactory>>;
  /// Where batches of an edge pass between two instances.
  struct EdgePlace {
    int segment;   ///< they come from
    int exchange;  ///< they pass, or -1
    std::int64_t from;
    std::int64_t to;
    typed::EdgeMeter* meter;
    const Channel* channel = nullptr;  ///< if they change threads
  };
  struct Edge {
    graph::VertexEdge planned;
    std::vector<EdgePlace> places{};         ///< none if it is fused
    std::vector<const Channel*> channels{};  ///< all that its events wait in on the way
  };

  void make_counters();
  Factories prepare_segments(typed::JobStart& start) const;
  void make_tasks(const Factories& factories);
  typed::BuiltSegment build(const typed::SegmentFactory& factory, const graph::PlannedSegment& segment,
                            const Task& task) const;
  std::size_t channels_of(int exchange) const;
  void connect_segments(Task& task, const graph::PlannedChain& chain);
  void connect_exchange(int index);
  void connect_lanes(Task& producer, int producing_segment, int index);
  void find_edges();
  Task& task(int chain, std::int64_t instance) const;
  typed::BuiltSegment& segment(Task& task, int index) const;
  void check_split_times(const Task& task) const;
  void add_blockers(int chain, VertexMetrics& told) const;
  std::string consumer_behind(int exchange) const;
  void add_event_time(JobMetrics& metrics) const;
  void add_edges(JobMetrics& metrics) const;
  void add_paths(JobMetrics& metrics) const;
  void add_watermark(EdgeMetrics& told, const graph::VertexEdge& planned) const;
  std::string holder_of(const Task& task) const;

  const Job job_;
  const graph::ExecutionPlan plan_;
  JobControl control_;
  std::vector<std::vector<std::shared_ptr<typed::VertexCounters>>> counters_;  ///< by vertex and instance
  std::vector<std::unique_ptr<Channel>> channels_;
  std::vector<EdgePlace> exchange_places_;
  std::vector<Edge> edges_;
  std::vector<std::size_t> first_task_;       ///< by chain
  std::vector<std::unique_ptr<Task>> tasks_;  // destroyed before the channels, whose batches their segments write to
};

}  // namespace streamwork::runtime
