#include "graph/vertex_edges.hpp"

#include <algorithm>
#include <utility>

namespace streamwork::graph {

namespace {

using typed::Port;

class Walk {
 public:
  Walk(const ExecutionPlan& plan, std::vector<VertexEdge>& edges) : plan_(plan), edges_(edges) {}

  /// Adds the edges that arrive at `way.to` through a port. `way` holds what was met so far, from the end to the beginning.
  void follow(const Port& port, const VertexEdge& way) {
    if (port.kind == Port::Kind::segment) {
      VertexEdge called = way;
      called.exit = -1;
      return arrive(port.index, port.side, called);
    }
    const PlannedExchange& exchange = plan_.exchanges[static_cast<std::size_t>(port.index)];
    for (const int producer : exchange.producers) {
      VertexEdge longer = way;
      const std::string grouping = name_of(exchange.grouping);
      longer.grouping = way.grouping == "direct" ? grouping : grouping + ", then " + way.grouping;
      longer.inside_task = way.inside_task && exchange.inside_task;
      longer.channels += channels_between(plan_, producer);
      if (way.entry < 0) longer.entry = port.index;
      longer.exit = port.index;
      longer.hops.push_back({producer, port.index});
      arrive(producer, {}, longer);
    }
  }

 private:
  /// At the end of a segment: its last vertex, or where a segment that only distributes gets its events.
  void arrive(int index, const std::string& side, VertexEdge way) {
    const PlannedSegment& segment = plan_.segments[static_cast<std::size_t>(index)];
    if (segment.vertices.empty()) {
      for (const Port& input : segment.inputs) follow(input, way);
      return;
    }
    way.from = segment.vertices.back();
    way.side_output = side;
    way.segment = index;
    edges_.push_back(std::move(way));
  }

  const ExecutionPlan& plan_;
  std::vector<VertexEdge>& edges_;
};

}  // namespace

std::size_t channels_between(const ExecutionPlan& plan, int segment) {
  const PlannedSegment& producer = plan.segments[static_cast<std::size_t>(segment)];
  const PlannedExchange& exchange = plan.exchanges[static_cast<std::size_t>(producer.exchange)];
  if (exchange.inside_task) return 0;
  const auto producers = static_cast<std::size_t>(plan.chains[static_cast<std::size_t>(producer.chain)].parallelism);
  const bool one_each = exchange.grouping == typed::GroupingKind::forward;
  return one_each ? producers : producers * static_cast<std::size_t>(exchange.parallelism);
}

std::vector<VertexEdge> edges_of(const ExecutionPlan& plan) {
  std::vector<VertexEdge> edges;
  for (const PlannedSegment& segment : plan.segments) {
    if (segment.vertices.empty()) continue;
    VertexEdge arriving;
    arriving.to = segment.vertices.front();
    for (const Port& input : segment.inputs) Walk(plan, edges).follow(input, arriving);
    for (std::size_t i = 1; i < segment.vertices.size(); ++i) {
      VertexEdge fused;
      fused.from = segment.vertices[i - 1];
      fused.to = segment.vertices[i];
      fused.segment = static_cast<int>(&segment - plan.segments.data());
      fused.fused = true;
      edges.push_back(std::move(fused));
    }
  }
  std::ranges::stable_sort(edges, {}, &VertexEdge::to);
  return edges;
}

}  // namespace streamwork::graph
