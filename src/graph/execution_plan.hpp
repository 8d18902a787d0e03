// The execution plan: which segments make up a chain, how many instances each chain has, what lies between chains.
//
// A chain is the set of segments that one task runs; segments are in one chain when batches pass between them by a
// call.
#pragma once

#include <streamwork/typed/job_graph.hpp>
#include <string>
#include <vector>

namespace streamwork::graph {

struct PlannedSegment {
  std::vector<int> vertices;        ///< of the job graph
  std::vector<typed::Port> inputs;  ///< indices of this plan
  int exchange = -1;                ///< the exchange it ends in, or -1
  typed::SegmentPreparation prepare;
  int chain = -1;
  bool timed = false;  ///< its events have event times
};

struct PlannedExchange {
  typed::GroupingKind grouping;
  typed::BatchFactory make_batch;
  int parallelism = 1;         ///< of the consuming chain
  std::vector<int> producers;  ///< segments that end in it
  int chain = -1;              ///< the consuming chain
  bool inside_task = false;    ///< from 1 segment of 1 instance to 1: handed over by a call
};

struct PlannedChain {
  std::vector<int> segments;  ///< producers before consumers
  int parallelism = 1;
  bool blocking = false;  ///< its tasks get threads of their own
};

struct ExecutionPlan {
  int workers = 1;                       ///< it was made for so many
  std::vector<PlannedSegment> segments;  ///< producers before consumers
  std::vector<PlannedExchange> exchanges;
  std::vector<PlannedChain> chains;

  /// The chain of each vertex of the job graph.
  std::vector<int> chain_of_vertex;
};

/// Plans a job for a number of workers. Throws `GraphError` with every problem found.
ExecutionPlan plan(const typed::JobGraph& graph, int workers);

/// The plan for people, as JSON or for Graphviz; the same graph and number of workers give the same text.
/// The JSON is one line, and its shape is stable (fields may be added):
///   {"job":"…","workers":2,
///    "chains":[{"id":0,"parallelism":1,"blocking":false,"segments":[["sensor reader","parse"]]}],
///    "vertices":[{"name":"parse","kind":"source|operator|sink","chain":0,"parallelism":1}],
///    "edges":[{"from":"parse","to":"count","side_output":null,"grouping":"fields","inside_task":false,"channels":2}]}
/// The grouping is "direct" inside a chain, and names all regroupings in a row ("shuffle, then fields").
std::string explain_as_text(const typed::JobGraph& graph, const ExecutionPlan& plan);
std::string explain_as_json(const typed::JobGraph& graph, const ExecutionPlan& plan);
std::string explain_as_dot(const typed::JobGraph& graph, const ExecutionPlan& plan);

}  // namespace streamwork::graph
