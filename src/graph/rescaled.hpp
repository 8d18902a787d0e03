// A job graph with other numbers of instances than were written.
#pragma once

#include <map>
#include <streamwork/typed/job_graph.hpp>
#include <string>

namespace streamwork::graph {

/// `graph` with so many instances of the vertices named, and of those that run in one chain with them: the number is set
/// where the graph sets it, at the source or at the regrouping in front of the vertex.
/// Throws `GraphError` with every name that is not known, and every vertex whose number is not its own.
typed::JobGraph rescaled(const typed::JobGraph& graph, const std::map<std::string, int>& parallelism);

}  // namespace streamwork::graph
