// Checks a job graph as written, before anything is planned or started.
#pragma once

#include <streamwork/typed/job_graph.hpp>
#include <string>
#include <vector>

namespace streamwork::graph {

/// Every problem of the graph, as sentences that name the vertex and say what to write instead. Empty: none.
std::vector<std::string> problems_of(const typed::JobGraph& graph);

}  // namespace streamwork::graph
