#include <streamwork/run.hpp>
#include <utility>

#include "graph/execution_plan.hpp"
#include "graph/rescaled.hpp"
#include "job/execution.hpp"

namespace streamwork {

JobHandle::JobHandle(std::unique_ptr<job::Execution> execution) : execution_(std::move(execution)) {}
JobHandle::JobHandle(JobHandle&&) noexcept = default;
JobHandle& JobHandle::operator=(JobHandle&&) noexcept = default;
JobHandle::~JobHandle() = default;

void JobHandle::stop() { execution_->stop(); }
void JobHandle::suspend(bool with_savepoint) { execution_->suspend(with_savepoint); }
void JobHandle::take_savepoint() { execution_->take_savepoint(); }
void JobHandle::rescale(const std::map<std::string, int>& parallelism) { execution_->rescale(parallelism); }
void JobHandle::cancel() { execution_->cancel(); }
bool JobHandle::running() const { return execution_->running(); }
JobResult JobHandle::wait() { return execution_->wait(); }
bool JobHandle::wait_for(std::chrono::nanoseconds timeout) { return execution_->wait_for(timeout); }
JobMetrics JobHandle::metrics() const { return execution_->metrics(); }
std::vector<std::string> JobHandle::notices() const { return execution_->notices(); }

JobHandle start(const Job& job, const JobOptions& options) {
  return JobHandle(std::make_unique<job::Execution>(job, options));
}

std::string explain(const Job& job, ExplainFormat format, const JobOptions& options) {
  const typed::JobGraph graph = graph::rescaled(job.graph(), options.parallelism);
  const graph::ExecutionPlan plan = graph::plan(graph, runtime::worker_count(options));
  switch (format) {
    case ExplainFormat::text:
      return graph::explain_as_text(graph, plan);
    case ExplainFormat::json:
      return graph::explain_as_json(graph, plan);
    case ExplainFormat::dot:
      return graph::explain_as_dot(graph, plan);
  }
  return {};
}

}  // namespace streamwork
