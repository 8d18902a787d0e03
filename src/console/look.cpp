#include "console/look.hpp"

#include <algorithm>
#include <chrono>
#include <streamwork/typed/batch.hpp>

namespace streamwork::console {

namespace {

using Seconds = std::chrono::duration<double>;
using Milliseconds = std::chrono::duration<double, std::milli>;

std::optional<double> rate(std::uint64_t before, std::uint64_t now, double seconds) {
  if (seconds <= 0) return std::nullopt;
  return now < before ? 0 : static_cast<double>(now - before) / seconds;
}

double share(std::chrono::nanoseconds before, std::chrono::nanoseconds now, double seconds) {
  return std::clamp(Seconds(now - before).count() / seconds, 0.0, 1.0);
}

api::TimeShares shares(const TimeShares& before, const TimeShares& now, double seconds) {
  return {share(before.busy, now.busy, seconds), share(before.queued, now.queued, seconds),
          share(before.blocked, now.blocked, seconds), share(before.calling, now.calling, seconds),
          share(before.idle, now.idle, seconds)};
}

/// "'temperatures' instance 1", as the metrics name it.
std::optional<api::Holder> holder(const JobMetrics& metrics, const std::string& text) {
  if (text.empty()) return std::nullopt;
  for (std::size_t i = 0; i < metrics.vertices.size(); ++i) {
    const std::string begin = "'" + metrics.vertices[i].name + "' instance ";
    if (text.starts_with(begin))
      return api::Holder{static_cast<std::int64_t>(i), std::stoll(text.substr(begin.size()))};
  }
  return std::nullopt;
}

std::optional<double> watermark_ms(const std::optional<EventTime>& watermark) {
  if (!watermark || *watermark == typed::end_of_time) return std::nullopt;
  return Milliseconds(watermark->time_since_epoch()).count();
}

std::optional<double> lag_ms(const std::optional<EventTime>& watermark, ProcessingTime now) {
  if (!watermark_ms(watermark)) return std::nullopt;
  return Milliseconds(now.time_since_epoch() - watermark->time_since_epoch()).count();
}

api::InstanceMetrics tell(const InstanceMetrics* before, const InstanceMetrics& now, const Sighting& sighting,
                          double seconds) {
  api::InstanceMetrics told;
  told.instance = now.instance;
  told.events_in = now.events_in;
  told.events_out = now.events_out;
  if (before != nullptr) {
    told.rate_in = rate(before->events_in, now.events_in, seconds);
    told.rate_out = rate(before->events_out, now.events_out, seconds);
    told.shares = shares(before->times, now.times, seconds);
  }
  told.watermark_ms = watermark_ms(now.watermark);
  if (now.watermark_lag) told.watermark_lag_ms = Milliseconds(*now.watermark_lag).count();
  told.held_back_by = holder(sighting.metrics, now.held_back_by);
  told.state_rows = now.state_rows;
  told.state_bytes = now.state_bytes;
  told.late = now.late;
  told.late_after_idle = now.late_after_idle;
  told.failed = now.failed;
  told.retried = now.retried;
  told.dropped = now.dropped;
  told.in_flight = now.in_flight;
  told.unclaimed = now.unclaimed;
  return told;
}

std::optional<api::Windows> windows_of(const VertexMetrics& vertex) {
  if (!vertex.windows) return std::nullopt;
  const WindowShape& shape = *vertex.windows;
  return api::Windows{shape.text,
                      Milliseconds(shape.step).count(),
                      Milliseconds(shape.length).count(),
                      Milliseconds(shape.offset).count(),
                      shape.cumulative,
                      shape.by_wall_clock,
                      Milliseconds(shape.lateness).count()};
}

template <class Number>
void add(std::optional<Number>& sum, const std::optional<Number>& part) {
  if (part) sum = sum.value_or(0) + *part;
}

/// Counts of a vertex are sums, its event time that of the instance that is least far.
void add_instance(api::VertexMetrics& vertex, const api::InstanceMetrics& instance) {
  vertex.events_in += instance.events_in;
  vertex.events_out += instance.events_out;
  add(vertex.rate_in, instance.rate_in);
  add(vertex.rate_out, instance.rate_out);
  add(vertex.state_rows, instance.state_rows);
  add(vertex.state_bytes, instance.state_bytes);
  vertex.late += instance.late;
  vertex.late_after_idle += instance.late_after_idle;
  vertex.failed += instance.failed;
  vertex.retried += instance.retried;
  vertex.dropped += instance.dropped;
  vertex.in_flight += instance.in_flight;
  vertex.unclaimed += instance.unclaimed;
  if (instance.watermark_ms && (!vertex.watermark_ms || *instance.watermark_ms < *vertex.watermark_ms)) {
    vertex.watermark_ms = instance.watermark_ms;
    vertex.watermark_lag_ms = instance.watermark_lag_ms;
    vertex.held_back_by = instance.held_back_by;
  }
  vertex.instances.push_back(instance);
}

void add_mean_shares(api::VertexMetrics& vertex) {
  if (vertex.instances.empty() || !vertex.instances.front().shares) return;
  api::TimeShares mean;
  const auto count = static_cast<double>(vertex.instances.size());
  for (const api::InstanceMetrics& instance : vertex.instances) {
    if (!instance.shares) continue;
    mean.busy += instance.shares->busy / count;
    mean.queued += instance.shares->queued / count;
    mean.blocked += instance.shares->blocked / count;
    mean.calling += instance.shares->calling / count;
    mean.idle += instance.shares->idle / count;
  }
  vertex.shares = mean;
}

/// Whom the chain has waited for since the last look.
std::vector<api::BlockedBy> blockers(const VertexMetrics* before, const VertexMetrics& now, const JobMetrics& metrics,
                                     double seconds) {
  std::vector<api::BlockedBy> told;
  for (std::size_t i = 0; before != nullptr && i < now.blocked_by.size() && i < now.blocked_for.size(); ++i) {
    std::chrono::nanoseconds earlier{};
    const auto known = std::ranges::find(before->blocked_by, now.blocked_by[i]);
    if (known != before->blocked_by.end())
      earlier = before->blocked_for[static_cast<std::size_t>(known - before->blocked_by.begin())];
    const double blocked = share(earlier, now.blocked_for[i], seconds * static_cast<double>(now.instances.size()));
    const auto vertex = vertex_number(metrics, now.blocked_by[i]);
    if (vertex && blocked > 0) told.push_back({*vertex, blocked});
  }
  std::ranges::stable_sort(told, std::greater<>(), &api::BlockedBy::share);
  return told;
}

api::EdgeMetrics tell(const EdgeMetrics* before, const EdgeMetrics& now, double seconds) {
  api::EdgeMetrics told;
  told.events = now.events;
  if (before != nullptr) told.rate = rate(before->events, now.events, seconds);
  told.queued_batches = now.queued;
  told.queue_batches = now.queue_limit * now.channels;
  if (now.queue_limit > 0) told.queue_fill = static_cast<double>(now.fullest) / static_cast<double>(now.queue_limit);
  return told;
}

std::optional<api::PathLatency> tell(const PathLatency& path, const JobMetrics& metrics) {
  const auto source = vertex_number(metrics, path.source);
  const auto sink = vertex_number(metrics, path.sink);
  if (!source || !sink) return std::nullopt;
  const auto microseconds = [&](double fraction) {
    return static_cast<double>(path.nanoseconds.quantile(fraction)) / 1000;
  };
  return api::PathLatency{
      *source,        *sink, path.nanoseconds.count(), microseconds(0.5), microseconds(0.99), microseconds(0.999),
      microseconds(1)};
}

}  // namespace

std::int64_t milliseconds(ProcessingTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

api::State state_of(job::JobState state) { return static_cast<api::State>(state); }

std::optional<std::int64_t> vertex_number(const JobMetrics& metrics, const std::string& name) {
  const auto found = std::ranges::find(metrics.vertices, name, &VertexMetrics::name);
  return found == metrics.vertices.end() ? std::nullopt : std::optional(found - metrics.vertices.begin());
}

api::Metrics look_at(const Sighting* before, const Sighting& now) {
  const JobMetrics& metrics = now.metrics;
  api::Metrics told;
  told.time_ms = milliseconds(now.time);
  told.running_for_ms = std::chrono::floor<std::chrono::milliseconds>(metrics.running_for).count();
  const auto interval =
      before == nullptr ? std::chrono::nanoseconds::zero() : metrics.running_for - before->metrics.running_for;
  told.interval_ms = std::chrono::round<std::chrono::milliseconds>(interval).count();
  told.revision = now.status.start;
  told.state = state_of(now.status.state);
  const double seconds = Seconds(interval).count();
  if (seconds <= 0) before = nullptr;
  for (std::size_t i = 0; i < metrics.vertices.size(); ++i) {
    const VertexMetrics* earlier = before == nullptr ? nullptr : &before->metrics.vertices[i];
    api::VertexMetrics& vertex = told.vertices.emplace_back();
    vertex.vertex = static_cast<std::int64_t>(i);
    for (std::size_t instance = 0; instance < metrics.vertices[i].instances.size(); ++instance) {
      const bool known = earlier != nullptr && instance < earlier->instances.size();
      add_instance(vertex, tell(known ? &earlier->instances[instance] : nullptr,
                                metrics.vertices[i].instances[instance], now, seconds));
    }
    add_mean_shares(vertex);
    vertex.blocked_by = blockers(earlier, metrics.vertices[i], metrics, seconds);
  }
  for (std::size_t i = 0; i < metrics.edges.size(); ++i) {
    told.edges.push_back(tell(before == nullptr ? nullptr : &before->metrics.edges[i], metrics.edges[i], seconds));
    told.edges.back().edge = static_cast<std::int64_t>(i);
    const auto to = vertex_number(metrics, metrics.edges[i].to);
    if (!to || metrics.edges[i].inside_task) continue;
    told.vertices[static_cast<std::size_t>(*to)].inputs.push_back({static_cast<std::int64_t>(i),
                                                                   watermark_ms(metrics.edges[i].watermark),
                                                                   lag_ms(metrics.edges[i].watermark, now.time)});
  }
  for (const PathLatency& path : metrics.paths) {
    if (const auto known = tell(path, metrics)) told.paths.push_back(*known);
  }
  const CheckpointMetrics& checkpoints = metrics.checkpoints;
  told.checkpoints.completed = checkpoints.completed;
  told.checkpoints.failed = checkpoints.failed;
  if (checkpoints.newest > 0) told.checkpoints.newest = checkpoints.newest;
  if (!checkpoints.last_failure.empty()) told.checkpoints.last_failure = checkpoints.last_failure;
  if (checkpoints.under_way > 0) told.checkpoints.under_way = checkpoints.under_way;
  told.restarts = metrics.restarts;
  return told;
}

api::Graph graph_of(const JobMetrics& metrics, const graph::ExecutionPlan& plan, std::uint64_t revision) {
  api::Graph told{revision, metrics.job, plan.workers};
  for (std::size_t i = 0; i < plan.chains.size(); ++i) {
    told.chains.push_back({static_cast<std::int64_t>(i), plan.chains[i].parallelism, plan.chains[i].blocking, {}});
  }
  for (std::size_t i = 0; i < metrics.vertices.size(); ++i) {
    const VertexMetrics& vertex = metrics.vertices[i];
    const auto id = static_cast<std::int64_t>(i);
    told.vertices.push_back({id, vertex.name, vertex.kind, vertex.chain,
                             static_cast<std::int64_t>(vertex.instances.size()), windows_of(vertex)});
    told.chains[static_cast<std::size_t>(vertex.chain)].vertices.push_back(id);
  }
  for (std::size_t i = 0; i < metrics.edges.size(); ++i) {
    const EdgeMetrics& edge = metrics.edges[i];
    api::Edge& shown = told.edges.emplace_back();
    shown.id = static_cast<std::int64_t>(i);
    shown.from = vertex_number(metrics, edge.from).value_or(0);
    shown.to = vertex_number(metrics, edge.to).value_or(0);
    if (!edge.side_output.empty()) shown.side_output = edge.side_output;
    shown.grouping = edge.grouping;
    shown.inside_task = edge.inside_task;
    shown.channels = edge.channels;
    shown.tappable = edge.tappable;
  }
  return told;
}

api::Plan plan_of(const JobMetrics& metrics) {
  api::Plan plan{metrics.job};
  for (const VertexMetrics& vertex : metrics.vertices) {
    auto& place = vertex.kind == "source" ? plan.sources : vertex.kind == "sink" ? plan.sinks : plan.operators;
    place.push_back({vertex.name, static_cast<std::int64_t>(vertex.instances.size())});
  }
  for (const EdgeMetrics& edge : metrics.edges) plan.edges.push_back({edge.from, edge.to, edge.grouping});
  return plan;
}

}  // namespace streamwork::console
