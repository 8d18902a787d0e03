#include <streamwork/typed/job_graph.hpp>
#include <utility>

namespace streamwork::typed {

StreamOrigin::StreamOrigin(std::shared_ptr<JobGraph> graph_of_job, std::vector<Port> ports_of_stream, int of_vertex)
    : graph(std::move(graph_of_job)), ports(std::move(ports_of_stream)), vertex(of_vertex) {}
StreamOrigin::StreamOrigin(std::shared_ptr<JobGraph> graph_of_job, Port port, int of_vertex)
    : graph(std::move(graph_of_job)), ports{std::move(port)}, vertex(of_vertex) {}
StreamOrigin::StreamOrigin(const StreamOrigin&) = default;
StreamOrigin::StreamOrigin(StreamOrigin&&) noexcept = default;
StreamOrigin& StreamOrigin::operator=(const StreamOrigin&) = default;
StreamOrigin& StreamOrigin::operator=(StreamOrigin&&) noexcept = default;
StreamOrigin::~StreamOrigin() = default;

bool StreamOrigin::timed() const { return timed_inputs(*graph, ports); }

StreamOrigin StreamOrigin::side(const std::string& name,
                                TaskPort& (*consume)(SideOutputs& sides, const std::string& name)) const {
  if (ports.empty()) return *this;  // refused before: that message is enough
  if (vertex < 0 || ports.size() != 1) {
    graph->add_problem(
        "side output '" + name +
        "' is taken from a merge or a regrouping: take it from the stream of the operator that emits to it");
    return {graph, std::vector<Port>(), -1};
  }
  graph->consume_side(vertex,
                      {name, [name, consume](SideOutputs& sides) -> TaskPort& { return consume(sides, name); }});
  return {graph, Port{ports.front().kind, ports.front().index, name}, -1};
}

StreamOrigin place_alone(const std::shared_ptr<JobGraph>& graph, int vertex, const std::vector<Port>& inputs,
                         std::size_t right_inputs, std::unique_ptr<const SegmentDescription> description) {
  const bool timed = timed_inputs(*graph, inputs);
  const int segment =
      graph->add_segment({{vertex}, inputs, std::nullopt, std::move(description), timed, timed, right_inputs});
  return {graph, Port{Port::Kind::segment, segment}, vertex};
}

bool timed_inputs(const JobGraph& graph, const std::vector<Port>& inputs) {
  return !inputs.empty() && graph.timed(inputs.front());
}

}  // namespace streamwork::typed
