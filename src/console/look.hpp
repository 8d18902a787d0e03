// A look at a job as the API tells it: what has changed between two times its metrics were taken.
// Thread rule: pure functions.
#pragma once

#include <optional>
#include <streamwork/metrics.hpp>
#include <string>
#include <vector>

#include "console/api.hpp"
#include "graph/execution_plan.hpp"
#include "job/execution.hpp"

namespace streamwork::console {

/// What was seen at one moment.
struct Sighting {
  ProcessingTime time{};
  job::JobStatus status{};
  JobMetrics metrics{};
};

/// The vertex of this name; nothing if it is empty or there is none.
std::optional<std::int64_t> vertex_number(const JobMetrics& metrics, const std::string& name);

/// `before`: of the same start of the tasks, or nullptr. Everything but the sequence and the sentences.
api::Metrics look_at(const Sighting* before, const Sighting& now);

/// Everything that is worth a sentence, gravest first.
std::vector<api::Sentence> problems_of(const Sighting* before, const Sighting& now);
/// The first of the problems, or that all is well.
api::Sentence sentence_of(const std::vector<api::Sentence>& problems, const Sighting* before, const Sighting& now);

api::Graph graph_of(const JobMetrics& metrics, const graph::ExecutionPlan& plan, std::uint64_t revision);
/// In the format of the book's engine.
api::Plan plan_of(const JobMetrics& metrics);

std::int64_t milliseconds(ProcessingTime time);
api::State state_of(job::JobState state);

}  // namespace streamwork::console
