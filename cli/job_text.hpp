// What the API tells, as text for a terminal.
// Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "console/api.hpp"
#include "found_job.hpp"
#include "table.hpp"

namespace streamwork::cli {

std::string list_text(const std::vector<FoundJob>& jobs);
/// The sentence, and a line for each vertex.
std::string status_text(const console::api::Job& job, const console::api::Graph& graph,
                        const console::api::Metrics& metrics);
std::string graph_text(const console::api::Graph& graph);
std::string experiments_text(const std::vector<console::api::Experiment>& experiments);
std::string checkpoints_text(const console::api::CheckpointList& list);
/// One checkpoint, a line for each task, the slowest first.
std::string checkpoint_text(const console::api::Graph& graph, const console::api::Checkpoint& checkpoint);
/// One vertex: a line for each instance, and one for each edge.
std::string vertex_text(const console::api::Graph& graph, const console::api::Metrics& metrics, std::int64_t vertex);
/// Events per second in and out of the job, a line for each look.
std::string history_text(const console::api::History& history);

}  // namespace streamwork::cli
