#include <algorithm>
#include <streamwork/connect.hpp>

namespace streamwork::typed {

namespace {

/// Each port must come straight out of a regrouping: there it is known which events meet.
bool regrouped(const JobGraph& graph, const std::vector<Port>& ports, GroupingKind kind) {
  return std::ranges::all_of(ports, [&](const Port& port) {
    return port.kind == Port::Kind::exchange &&
           graph.exchanges()[static_cast<std::size_t>(port.index)].grouping == kind;
  });
}

std::string written(const std::optional<int>& parallelism) {
  return parallelism ? "parallelism " + std::to_string(*parallelism) : "the default parallelism";
}

}  // namespace

std::vector<Port> connected_ports(JobGraph& graph, const std::string& name, const std::vector<Port>& left,
                                  const JobGraph& right_graph, const std::vector<Port>& right, bool right_is_keyed) {
  if (left.empty() || right.empty()) return {};  // refused already
  if (&graph != &right_graph) {
    graph.add_problem("'" + name + "' joins streams of two jobs, '" + graph.name() + "' and '" + right_graph.name() +
                      "': connect the jobs by a sink and a source");
    return {};
  }
  if (right_is_keyed ? !regrouped(graph, right, GroupingKind::fields) || !regrouped(graph, left, GroupingKind::fields)
                     : !regrouped(graph, right, GroupingKind::all)) {
    graph.add_problem(
        "the inputs of '" + name +
        "' are not grouped alike: group both by the same key with .key_by(…), or write .broadcast() on the "
        "right one");
    return {};
  }
  if (left.front().kind != Port::Kind::exchange) {
    graph.add_problem(
        "the left input of '" + name +
        "' is not regrouped: write .shuffle(), .key_by(…) or .global() in front, with the parallelism of the "
        "broadcast on its right");
    return {};
  }
  const auto& left_exchange = graph.exchanges()[static_cast<std::size_t>(left.front().index)];
  const auto& right_exchange = graph.exchanges()[static_cast<std::size_t>(right.front().index)];
  if (left_exchange.parallelism != right_exchange.parallelism) {
    graph.add_problem("the inputs of '" + name + "' are not grouped alike: the left one has " +
                      written(left_exchange.parallelism) + ", the right one " + written(right_exchange.parallelism) +
                      "; give both the same {.parallelism = …}");
    return {};
  }
  if (graph.timed(left.front()) != graph.timed(right.front())) {
    graph.add_problem("only one of the inputs of '" + name + "' has event time: write .event_time(…) on both");
    return {};
  }
  std::vector<Port> ports = left;
  ports.insert(ports.end(), right.begin(), right.end());
  return ports;
}

}  // namespace streamwork::typed
