#include "console/job_view.hpp"

#include <unistd.h>

#include <algorithm>
#include <limits>
#include <streamwork/clock.hpp>
#include <streamwork/delivery.hpp>
#include <streamwork/json.hpp>
#include <utility>

#include "runtime/job_run.hpp"

namespace streamwork::console {

namespace {

/// Ten minutes of looks.
constexpr std::size_t most_samples = 600;
constexpr float unknown = std::numeric_limits<float>::quiet_NaN();

template <class Number>
float as_float(const std::optional<Number>& number) {
  return number ? static_cast<float>(*number) : unknown;
}

void forget_closed(std::vector<std::shared_ptr<EventStream>>& watchers) {
  std::erase_if(watchers, [](const auto& watcher) { return watcher->closed(); });
}

}  // namespace

JobView::JobView(std::string id, std::shared_ptr<job::ExecutionGate> gate)
    : id_(std::move(id)), gate_(std::move(gate)) {
  description_.id = id_;
  description_.process_id = ::getpid();
  gate_->pass([this](const job::Execution& execution) {
    const JobOptions& options = execution.options();
    description_.workers = runtime::worker_count(options);
    description_.delivery = name_of(options.checkpoints.delivery);
    outlives_process_ = options.checkpoints.outlive_process();
    if (options.checkpoints.directory.empty()) return;
    description_.checkpoints = {
        options.checkpoints.directory,
        std::chrono::duration_cast<std::chrono::milliseconds>(options.checkpoints.interval).count()};
  });
  look();
}

JobView::~JobView() {
  gate_->pass([this](job::Execution& execution) {
    for (const auto& [edge, tap] : taps_) execution.view_edge(edge, nullptr);
  });
}

// --- looking

void JobView::look() {
  if (ended()) return;
  Sighting sighting;
  sighting.time = SystemClock::instance().now();
  const bool there = gate_->pass([&](const job::Execution& execution) {
    sighting.status = execution.status();  // first: what it had come to when it ended must be in the metrics
    sighting.metrics = execution.metrics();
    if (!graph_ || graph_->revision != sighting.status.start) {
      graph_ = graph_of(sighting.metrics, execution.plan(), sighting.status.start);
      chains_[graph_->revision] = graph_->chains;
      if (chains_.size() > checkpoint::CheckpointHistory::limit) chains_.erase(chains_.begin());
    }
    look_at_refused(execution, sighting.metrics);
    if (!sighting.status.ended()) return;
    last_checkpoints_ = execution.checkpoints();
    last_failures_ = execution.failures();
    last_log_ = execution.log_after(0);
  });
  if (!there) std::tie(sighting.status, sighting.metrics) = gate_->last();
  see(std::move(sighting));
}

/// Samples are taken over only when there are new ones, or other tasks.
void JobView::look_at_refused(const job::Execution& execution, const JobMetrics& metrics) {
  std::uint64_t count = 0;
  for (const VertexMetrics& vertex : metrics.vertices) count += vertex.late() + vertex.failed();
  if (count == refused_count_) return;
  refused_ = execution.refused();
  refused_count_ = count;
}

void JobView::see(Sighting sighting) {
  const bool started_anew = sighting.status.start != now_.status.start && before_.has_value();
  const bool first = sighting.time == ProcessingTime{} || now_.time == ProcessingTime{};
  before_ = first ? std::nullopt : std::optional(std::move(now_));
  now_ = std::move(sighting);
  const bool comparable = before_ && before_->status.start == now_.status.start &&
                          before_->metrics.vertices.size() == now_.metrics.vertices.size() &&
                          before_->metrics.edges.size() == now_.metrics.edges.size();
  const Sighting* before = comparable ? &*before_ : nullptr;
  const std::uint64_t sequence = metrics_.sequence + 1;
  metrics_ = look_at(before, now_);
  metrics_.sequence = sequence;
  metrics_.problems = problems_of(before, now_);
  metrics_.sentence = sentence_of(metrics_.problems, before, now_);
  metrics_json_.clear();
  remember(metrics_);
  if (started_anew) tap_again();
  forget_closed(watchers_);
  if (!watchers_.empty()) {
    const auto event = event_text("metrics", metrics_json());
    for (const auto& watcher : watchers_) watcher->offer(event);
  }
  if (now_.status.ended()) conclude();
}

void JobView::conclude() {
  ended_ms_ = milliseconds(now_.time);
  send_samples();
  const auto end = event_text("end", to_json(describe()));
  for (const auto& watcher : watchers_) watcher->end(end);
  for (const auto& [edge, tap] : taps_) {
    for (const auto& watcher : tap.watchers) watcher->end(end);
  }
  watchers_.clear();
  taps_.clear();
}

void JobView::remember(const api::Metrics& metrics) {
  if (metrics.interval_ms == 0) return;
  Sample sample{metrics.time_ms, 0, 0, {}};
  for (const api::VertexMetrics& vertex : metrics.vertices) {
    const std::string& kind = now_.metrics.vertices[static_cast<std::size_t>(vertex.vertex)].kind;
    if (kind == "source") sample.rate_in += as_float(vertex.rate_out);
    if (kind == "sink") sample.rate_out += as_float(vertex.rate_in);
    sample.vertices.push_back(
        {as_float(vertex.rate_in), as_float(vertex.rate_out),
         vertex.shares ? static_cast<float>(vertex.shares->busy + vertex.shares->queued) : unknown,
         vertex.shares ? static_cast<float>(vertex.shares->blocked) : unknown, as_float(vertex.watermark_lag_ms),
         as_float(vertex.state_bytes)});
  }
  samples_.push_back(std::move(sample));
  if (samples_.size() > most_samples) samples_.pop_front();
}

const std::string& JobView::metrics_json() {
  if (metrics_json_.empty()) metrics_json_ = to_json(metrics_);
  return metrics_json_;
}

// --- taps

/// The tasks are new ones.
void JobView::tap_again() {
  gate_->pass([this](job::Execution& execution) {
    for (const auto& [edge, tap] : taps_) {
      execution.view_edge(edge, [&](std::int64_t from, std::int64_t to) { return tap.tap->viewer(from, to); });
    }
  });
}

void JobView::send_samples() {
  const std::int64_t now = milliseconds(SystemClock::instance().now());
  for (auto at = taps_.begin(); at != taps_.end();) {
    Tap& tap = at->second;
    forget_closed(tap.watchers);
    if (tap.watchers.empty()) {
      gate_->pass([&](job::Execution& execution) { execution.view_edge(at->first, nullptr); });
      at = taps_.erase(at);
      continue;
    }
    if (const std::string sample = tap.tap->take(now); !sample.empty()) {
      const auto event = event_text("sample", sample);
      for (const auto& watcher : tap.watchers) watcher->offer(event);
    }
    ++at;
  }
}

// --- what is known

std::vector<std::int64_t> JobView::vertices_of(std::uint64_t run, int chain) const {
  const auto of_run = chains_.find(run);
  return of_run == chains_.end() ? std::vector<std::int64_t>()
                                 : of_run->second[static_cast<std::size_t>(chain)].vertices;
}

api::Job JobView::describe() const {
  api::Job job = description_;
  job.name = now_.metrics.job;
  job.state = state_of(now_.status.state);
  if (!now_.status.failure.empty()) job.failure = now_.status.failure;
  job.started_ms = milliseconds(now_.status.started);
  job.ended_ms = ended_ms_;
  job.restarts = now_.metrics.restarts;
  job.controls = controls_in(now_.status.state);
  return job;
}

std::vector<std::string> JobView::controls_in(job::JobState state) const {
  if (job::JobStatus{state}.ended()) return {};
  if (state != job::JobState::running) return {"cancel"};
  if (!description_.checkpoints) return {"drain", "cancel"};
  // What is in memory is for this process alone: nobody could go on from it later.
  if (!outlives_process_) return {"rescale", "drain", "cancel"};
  return {"savepoint", "rescale", "drain", "suspend", "cancel"};
}

}  // namespace streamwork::console
