#include <streamwork/run.hpp>
#include <utility>

#include "graph/execution_plan.hpp"
#include "runtime/job_run.hpp"

namespace streamwork {

JobHandle::JobHandle(std::unique_ptr<runtime::JobRun> run) : run_(std::move(run)) {}
JobHandle::JobHandle(JobHandle&&) noexcept = default;
JobHandle& JobHandle::operator=(JobHandle&&) noexcept = default;
JobHandle::~JobHandle() = default;

void JobHandle::stop() { run_->stop(); }
void JobHandle::cancel() { run_->cancel(); }
bool JobHandle::running() const { return run_->running(); }
JobResult JobHandle::wait() { return run_->wait(); }
bool JobHandle::wait_for(std::chrono::nanoseconds timeout) { return run_->wait_for(timeout); }
JobMetrics JobHandle::metrics() const { return run_->metrics(); }

JobHandle start(const Job& job, const JobOptions& options) {
  return JobHandle(std::make_unique<runtime::JobRun>(job, options));
}

std::string explain(const Job& job, ExplainFormat format, const JobOptions& options) {
  const graph::ExecutionPlan plan = graph::plan(job.graph(), runtime::worker_count(options));
  switch (format) {
    case ExplainFormat::text:
      return graph::explain_as_text(job.graph(), plan);
    case ExplainFormat::json:
      return graph::explain_as_json(job.graph(), plan);
    case ExplainFormat::dot:
      return graph::explain_as_dot(job.graph(), plan);
  }
  return {};
}

}  // namespace streamwork
