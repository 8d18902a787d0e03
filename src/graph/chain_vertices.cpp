#include <streamwork/typed/chain_vertices.hpp>
#include <utility>

namespace streamwork::typed {

ChainVertices::ChainVertices(std::shared_ptr<JobGraph> graph_to_write, int source)
    : graph(std::move(graph_to_write)), vertices{source} {}
ChainVertices::ChainVertices(std::shared_ptr<JobGraph> graph_to_write, const std::vector<Port>& inputs,
                             bool ports_are_timed)
    : graph(std::move(graph_to_write)), ports(inputs), timed(ports_are_timed) {}
ChainVertices::ChainVertices(const ChainVertices&) = default;
ChainVertices::ChainVertices(ChainVertices&&) noexcept = default;
ChainVertices& ChainVertices::operator=(const ChainVertices&) = default;
ChainVertices& ChainVertices::operator=(ChainVertices&&) noexcept = default;
ChainVertices::~ChainVertices() = default;

void ChainVertices::add_stage(std::string name, VertexKind kind, const VertexOptions& options, bool gives_event_times) {
  vertices.push_back(graph->add_vertex(std::move(name), kind, options));
  policies.push_back(options.bad_events);
  blocking = blocking || options.blocking;
  timed = timed || gives_event_times;
}

void ChainVertices::end_in_sink(std::unique_ptr<const SegmentDescription> segment) const {
  graph->add_segment({vertices, ports, std::nullopt, std::move(segment), timed});
}

std::vector<Port> ChainVertices::end_in_port(std::unique_ptr<const SegmentDescription> segment) const {
  const int number = graph->add_segment({vertices, ports, std::nullopt, std::move(segment), timed});
  return {Port{Port::Kind::segment, number}};
}

void ChainVertices::end_in_exchange(int exchange, std::unique_ptr<const SegmentDescription> segment, bool bare) const {
  const SegmentPreparation prepare = std::move(segment);
  if (bare) {
    for (const Port& port : ports) graph->add_segment({{}, {port}, exchange, prepare, timed});
  } else {
    graph->add_segment({vertices, ports, exchange, prepare, timed});
  }
}

std::string ChainVertices::last_name() const {
  if (!vertices.empty()) return graph->vertices()[static_cast<std::size_t>(vertices.back())].name;
  return ports.empty() ? "?" : graph->describe(ports.front());
}

std::vector<std::string> ChainVertices::names() const {
  std::vector<std::string> names;
  for (const int vertex : vertices) names.push_back(graph->vertices()[static_cast<std::size_t>(vertex)].name);
  return names;
}

ClosedVertices::ClosedVertices(const ChainVertices& chain)
    : names_(chain.names()), policies_(chain.policies), blocking_(chain.blocking) {}
ClosedVertices::~ClosedVertices() = default;

const std::string& ClosedVertices::first_name() const {
  static const std::string none;
  return names_.empty() ? none : names_.front();
}

}  // namespace streamwork::typed
