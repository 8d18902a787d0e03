// What the API tells, as text for a terminal.
// Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "console/api.hpp"
#include "found_job.hpp"

namespace streamwork::cli {

std::string list_text(const std::vector<FoundJob>& jobs);
/// The sentence, and a line for each vertex.
std::string status_text(const console::api::Job& job, const console::api::Graph& graph,
                        const console::api::Metrics& metrics);
std::string graph_text(const console::api::Graph& graph);
std::string experiments_text(const std::vector<console::api::Experiment>& experiments);
std::string checkpoints_text(const console::api::CheckpointList& list);

/// "950/s", "12.5 k/s", "3.21 M/s"; "-" if it is not known.
std::string rate_text(std::optional<double> rate);

}  // namespace streamwork::cli
