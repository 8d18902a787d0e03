// The plan as people think of it: edges from vertex to vertex, with what lies in between.
#pragma once

#include <string>
#include <vector>

#include "graph/execution_plan.hpp"

namespace streamwork::graph {

struct VertexEdge {
  int from = -1;  ///< vertices of the job graph
  int to = -1;
  std::string side_output;  ///< of `from`; empty: its main output
  /// "direct" inside a chain, else the grouping; of regroupings in a row all ("shuffle, then fields").
  std::string grouping = "direct";
  bool inside_task = true;   ///< no thread is changed on the way
  std::size_t channels = 0;  ///< between tasks, for this edge

  // Where its events are met in the plan.
  int segment = -1;    ///< the segment of `from`
  bool fused = false;  ///< `to` is in the same segment: no batch lies between
  int exit = -1;       ///< the exchange that events enter behind `from`, or -1: a call in the task
  int entry = -1;      ///< the exchange that `to` gets them from, or -1
  struct Hop {
    int segment;   ///< enters it
    int exchange;  ///< between the two
  };
  std::vector<Hop> hops;  ///< the exchanges on the way, from the end to the beginning
};

/// In the order of `to` and of its inputs; deterministic.
std::vector<VertexEdge> edges_of(const ExecutionPlan& plan);

/// Channels between the instances of a segment and those behind the exchange it ends in.
std::size_t channels_between(const ExecutionPlan& plan, int segment);

}  // namespace streamwork::graph
