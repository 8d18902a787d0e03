// What a deployment tells about itself while its tasks run.
#include <algorithm>
#include <utility>

#include "runtime/deployment.hpp"

namespace streamwork::runtime {

namespace {

using graph::PlannedSegment;

const char* name_of(typed::VertexKind kind) {
  switch (kind) {
    case typed::VertexKind::source:
      return "source";
    case typed::VertexKind::operation:
      return "operator";
    case typed::VertexKind::sink:
      return "sink";
  }
  return "?";
}

template <class Container>
auto& at(Container& container, int index) {
  return container[static_cast<std::size_t>(index)];
}

}  // namespace

void Deployment::add_blockers(int chain, VertexMetrics& told) const {
  std::vector<std::pair<std::int64_t, std::string>> blockers;
  for (int i = 0; i < static_cast<int>(plan_.exchanges.size()); ++i) {
    std::int64_t blocked = 0;
    for (int instance = 0; instance < at(plan_.chains, chain).parallelism; ++instance) {
      blocked += task(chain, instance).blocked_by(i).count();
    }
    if (blocked == 0) continue;
    if (std::string name = consumer_behind(i); !name.empty()) blockers.emplace_back(blocked, std::move(name));
  }
  std::ranges::sort(blockers, std::greater<>());
  for (auto& [blocked, name] : blockers) {
    told.blocked_by.push_back(std::move(name));
    told.blocked_for.emplace_back(blocked);
  }
}

/// The first vertex behind an exchange, also if a chain that only passes events on lies in between.
std::string Deployment::consumer_behind(int exchange) const {
  const int chain = at(plan_.exchanges, exchange).chain;
  const auto vertex = std::ranges::find(plan_.chain_of_vertex, chain);
  if (vertex != plan_.chain_of_vertex.end())
    return at(job_.graph().vertices(), static_cast<int>(vertex - plan_.chain_of_vertex.begin())).name;
  const int further = at(plan_.segments, at(plan_.chains, chain).segments.back()).exchange;
  return further >= 0 ? consumer_behind(further) : std::string();
}

JobMetrics Deployment::metrics() const {
  JobMetrics metrics;
  metrics.job = job_.name();
  for (int i = 0; i < static_cast<int>(counters_.size()); ++i) {
    const typed::Vertex& vertex = at(job_.graph().vertices(), i);
    const int chain = at(plan_.chain_of_vertex, i);
    VertexMetrics& told = metrics.vertices.emplace_back();
    told.name = vertex.name;
    told.kind = name_of(vertex.kind);
    told.windows = vertex.windows;
    told.chain = chain;
    add_blockers(chain, told);
    for (std::size_t instance = 0; instance < at(counters_, i).size(); ++instance) {
      const typed::VertexCounters& counters = *at(counters_, i)[instance];
      told.instances.push_back({static_cast<std::int64_t>(instance), counters.events_in.value(),
                                counters.events_out.value(), counters.failed.value(), counters.unclaimed.value(),
                                task(chain, static_cast<std::int64_t>(instance)).times(), counters.late.value(),
                                counters.late_after_idle.value()});
      told.instances.back().retried = counters.retried.value();
      told.instances.back().in_flight = counters.in_flight.value();
      told.instances.back().dropped = counters.dropped.value();
      if (counters.state_bytes.value() == 0) continue;
      told.instances.back().state_rows = counters.state_rows.value();
      told.instances.back().state_bytes = counters.state_bytes.value();
    }
  }
  add_event_time(metrics);
  add_edges(metrics);
  add_paths(metrics);
  return metrics;
}

void Deployment::add_paths(JobMetrics& metrics) const {
  const SteadyTime now = control_.clock().steady_now();
  for (std::size_t sink = 0; sink < counters_.size(); ++sink) {
    std::map<std::uint32_t, Histogram> by_source;
    for (const auto& counters : counters_[sink]) {
      for (const auto& [source, latencies] : counters->latencies.look(now)) by_source[source].merge(latencies);
    }
    for (auto& [source, latencies] : by_source)
      metrics.paths.push_back({metrics.vertices[source].name, metrics.vertices[sink].name, std::move(latencies)});
  }
}

void Deployment::add_edges(JobMetrics& metrics) const {
  for (const Edge& edge : edges_) {
    const graph::VertexEdge& planned = edge.planned;
    EdgeMetrics& told = metrics.edges.emplace_back();
    told.from = at(metrics.vertices, planned.from).name;
    told.to = at(metrics.vertices, planned.to).name;
    told.side_output = planned.side_output;
    told.grouping = planned.grouping;
    told.inside_task = planned.inside_task;
    told.channels = planned.channels;
    told.tappable = !planned.fused;
    if (planned.fused) told.events = at(metrics.vertices, planned.to).events_in();
    for (const EdgePlace& place : edge.places) told.events += place.meter->events();
    for (const Channel* channel : edge.channels) {
      const std::uint64_t queued = channel->fill();
      told.queue_limit = Channel::capacity;
      told.queued += queued;
      told.fullest = std::max(told.fullest, queued);
    }
    if (planned.entry >= 0) add_watermark(told, planned);
  }
}

void Deployment::add_watermark(EdgeMetrics& told, const graph::VertexEdge& planned) const {
  EventTime least = typed::end_of_time;
  const int chain = at(plan_.chain_of_vertex, planned.to);
  for (int instance = 0; instance < at(plan_.chains, chain).parallelism; ++instance)
    least = std::min(least, task(chain, instance).watermark_of(planned.entry));
  if (least != typed::beginning_of_time) told.watermark = least;
}

void Deployment::view_edge(std::size_t edge, const MakeViewer& make_viewer) {
  for (const EdgePlace& place : edges_.at(edge).places)
    place.meter->set_viewer(make_viewer ? make_viewer(place.from, place.to) : nullptr);
}

std::vector<RefusedEvent> Deployment::refused() const {
  std::vector<RefusedEvent> refused;
  for (int vertex = 0; vertex < static_cast<int>(counters_.size()); ++vertex) {
    std::int64_t instance = 0;
    for (const auto& counters : at(counters_, vertex)) {
      for (typed::RefusedSample& sample : counters->refused.look())
        refused.push_back({vertex, instance, std::move(sample)});
      ++instance;
    }
  }
  return refused;
}

/// The source instance whose events an instance waits for, found by following the inputs that hold it back.
std::string Deployment::holder_of(const Task& task) const {
  const Task* holder = task.held_back_by();
  if (holder == nullptr) return {};
  while (const Task* further = holder->held_back_by()) holder = further;
  const int segment = at(plan_.chains, holder->chain()).segments.front();
  const std::vector<int>& vertices = at(plan_.segments, segment).vertices;
  if (vertices.empty()) return {};
  return "'" + at(job_.graph().vertices(), vertices.front()).name + "' instance " + std::to_string(holder->instance());
}

/// A vertex behind one that gives events their times, in the same loop, is as far as that.
void Deployment::add_event_time(JobMetrics& metrics) const {
  const ProcessingTime now = control_.clock().now();
  for (const PlannedSegment& segment : plan_.segments) {
    for (int instance = 0; instance < at(plan_.chains, segment.chain).parallelism; ++instance) {
      EventTime watermark = typed::beginning_of_time;
      for (const int vertex : segment.vertices) {
        InstanceMetrics& told = at(at(metrics.vertices, vertex).instances, instance);
        if (segment.timed) told.held_back_by = holder_of(task(segment.chain, instance));
        watermark = std::max(watermark, at(at(counters_, vertex), instance)->watermark.value());
        if (watermark == typed::beginning_of_time) continue;
        told.watermark = watermark;
        if (watermark != typed::end_of_time)
          told.watermark_lag = Duration(now.time_since_epoch() - watermark.time_since_epoch());
      }
    }
  }
}

}  // namespace streamwork::runtime
