#include <algorithm>
#include <streamwork/duration_text.hpp>
#include <streamwork/json.hpp>

#include "graph/execution_plan.hpp"
#include "graph/vertex_edges.hpp"

namespace streamwork::graph {

namespace {

using typed::JobGraph;
using typed::VertexKind;

const std::string& name(const JobGraph& graph, int vertex) {
  return graph.vertices()[static_cast<std::size_t>(vertex)].name;
}

const char* name_of(VertexKind kind) {
  switch (kind) {
    case VertexKind::source:
      return "source";
    case VertexKind::operation:
      return "operator";
    case VertexKind::sink:
      return "sink";
  }
  return "?";
}

std::string counted(std::size_t number, const std::string& thing) {
  return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}
std::string counted(int number, const std::string& thing) { return counted(static_cast<std::size_t>(number), thing); }

// --- text ---

/// "parse -> count", or what a segment without vertices does.
std::string loop_text(const JobGraph& graph, const PlannedSegment& segment) {
  std::string text;
  for (const int vertex : segment.vertices) text += (text.empty() ? "" : " -> ") + name(graph, vertex);
  return text.empty() ? "(passes events on)" : text;
}

/// "'parse', by fields (4 channels)", one for each vertex the first one gets events from.
std::string inputs_text(const JobGraph& graph, const PlannedSegment& segment, const std::vector<VertexEdge>& edges) {
  std::string text;
  for (const VertexEdge& edge : edges) {
    const bool arrives = edge.to == segment.vertices.front();
    if (!arrives) continue;
    text += (text.empty() ? "    from '" : "; '") + name(graph, edge.from);
    if (!edge.side_output.empty()) text += "/" + edge.side_output;
    text += edge.grouping == "direct" ? "'" : "', " + edge.grouping + " grouping";
    text += edge.channels == 0 ? ", in the same task" : " (" + counted(edge.channels, "channel") + ")";
  }
  return text;
}

/// "tumbling 5s, late events for another 1s".
std::string windows_text(const WindowShape& windows) {
  if (windows.lateness == Duration::zero()) return windows.text;
  return windows.text + ", late events for another " + duration_text(windows.lateness);
}

std::string chain_text(const JobGraph& graph, const ExecutionPlan& plan, std::size_t index,
                       const std::vector<VertexEdge>& edges) {
  const PlannedChain& chain = plan.chains[index];
  std::string text = "\nchain " + std::to_string(index) + ": " + counted(chain.parallelism, "instance") +
                     (chain.blocking ? ", each on a thread of its own (blocking)" : "") + "\n";
  for (const int number : chain.segments) {
    const PlannedSegment& segment = plan.segments[static_cast<std::size_t>(number)];
    if (segment.vertices.empty()) continue;
    const std::string inputs = inputs_text(graph, segment, edges);
    text += "  " + loop_text(graph, segment) + "\n" + (inputs.empty() ? "" : inputs + "\n");
    const auto& windows = graph.vertices()[static_cast<std::size_t>(segment.vertices.back())].windows;
    if (windows) text += "    windows: " + windows_text(*windows) + "\n";
  }
  const bool only_distributes = std::ranges::all_of(
      chain.segments, [&](int number) { return plan.segments[static_cast<std::size_t>(number)].vertices.empty(); });
  return only_distributes ? text + "  (only passes events on)\n" : text;
}

// --- JSON ---

std::string json_list(const std::vector<std::string>& items) {
  std::string text = "[";
  for (const std::string& item : items) text += (text.size() == 1 ? "" : ",") + item;
  return text + "]";
}

std::string chain_json(const JobGraph& graph, const ExecutionPlan& plan, std::size_t index) {
  std::vector<std::string> segments;
  for (const int number : plan.chains[index].segments) {
    std::vector<std::string> names;
    for (const int vertex : plan.segments[static_cast<std::size_t>(number)].vertices)
      names.push_back(to_json(name(graph, vertex)));
    if (!names.empty()) segments.push_back(json_list(names));
  }
  return "{\"id\":" + std::to_string(index) + ",\"parallelism\":" + std::to_string(plan.chains[index].parallelism) +
         ",\"blocking\":" + (plan.chains[index].blocking ? "true" : "false") + ",\"segments\":" + json_list(segments) +
         "}";
}

std::string vertex_json(const JobGraph& graph, const ExecutionPlan& plan, std::size_t index) {
  const typed::Vertex& vertex = graph.vertices()[index];
  const auto chain = static_cast<std::size_t>(plan.chain_of_vertex[index]);
  return "{\"name\":" + to_json(vertex.name) + ",\"kind\":\"" + name_of(vertex.kind) +
         "\",\"chain\":" + std::to_string(chain) +
         ",\"parallelism\":" + std::to_string(plan.chains[chain].parallelism) +
         ",\"windows\":" + (vertex.windows ? to_json(windows_text(*vertex.windows)) : "null") + "}";
}

std::string edge_json(const JobGraph& graph, const VertexEdge& edge) {
  return "{\"from\":" + to_json(name(graph, edge.from)) + ",\"to\":" + to_json(name(graph, edge.to)) +
         ",\"side_output\":" + (edge.side_output.empty() ? "null" : to_json(edge.side_output)) + ",\"grouping\":\"" +
         edge.grouping + "\",\"inside_task\":" + (edge.inside_task ? "true" : "false") +
         ",\"channels\":" + std::to_string(edge.channels) + "}";
}

// --- Graphviz ---

/// A quoted string; a backslash would begin an escape of Graphviz.
std::string dot_string(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c == '\n' ? ' ' : c;
  }
  return quoted + "\"";
}

const char* shape_of(VertexKind kind) {
  switch (kind) {
    case VertexKind::source:
      return "invhouse";
    case VertexKind::operation:
      return "box";
    case VertexKind::sink:
      return "house";
  }
  return "box";
}

std::string chain_dot(const JobGraph& graph, const ExecutionPlan& plan, std::size_t index) {
  const PlannedChain& chain = plan.chains[index];
  const std::string title = "chain " + std::to_string(index) + ": " + counted(chain.parallelism, "instance") +
                            (chain.blocking ? ", blocking" : "");
  std::string text = "  subgraph cluster_" + std::to_string(index) + " {\n    label=" + dot_string(title) + ";\n";
  for (std::size_t vertex = 0; vertex < graph.vertices().size(); ++vertex) {
    if (plan.chain_of_vertex[vertex] != static_cast<int>(index)) continue;
    text += "    vertex_" + std::to_string(vertex) + " [label=" + dot_string(graph.vertices()[vertex].name) +
            ", shape=" + shape_of(graph.vertices()[vertex].kind) + "];\n";
  }
  return text + "  }\n";
}

std::string edge_dot(const VertexEdge& edge) {
  std::string label = edge.grouping == "direct" ? "" : edge.grouping;
  if (!edge.side_output.empty()) label = edge.side_output + (label.empty() ? "" : ": " + label);
  std::string attributes = label.empty() ? "" : "label=" + dot_string(label);
  if (!edge.inside_task) attributes += (attributes.empty() ? "" : ", ") + std::string("style=bold");
  return "  vertex_" + std::to_string(edge.from) + " -> vertex_" + std::to_string(edge.to) +
         (attributes.empty() ? "" : " [" + attributes + "]") + ";\n";
}

}  // namespace

std::string explain_as_text(const JobGraph& graph, const ExecutionPlan& plan) {
  int tasks = 0;
  for (const PlannedChain& chain : plan.chains) tasks += chain.parallelism;
  std::string text = "job '" + graph.name() + "': " + counted(plan.chains.size(), "chain") + ", " +
                     counted(tasks, "task") + " on " + counted(plan.workers, "worker") + "\n";
  const std::vector<VertexEdge> edges = edges_of(plan);
  for (std::size_t i = 0; i < plan.chains.size(); ++i) text += chain_text(graph, plan, i, edges);
  return text;
}

std::string explain_as_json(const JobGraph& graph, const ExecutionPlan& plan) {
  std::vector<std::string> chains;
  std::vector<std::string> vertices;
  std::vector<std::string> edges;
  for (std::size_t i = 0; i < plan.chains.size(); ++i) chains.push_back(chain_json(graph, plan, i));
  for (std::size_t i = 0; i < graph.vertices().size(); ++i) vertices.push_back(vertex_json(graph, plan, i));
  for (const VertexEdge& edge : edges_of(plan)) edges.push_back(edge_json(graph, edge));
  return "{\"job\":" + to_json(graph.name()) + ",\"workers\":" + std::to_string(plan.workers) +
         ",\"chains\":" + json_list(chains) + ",\"vertices\":" + json_list(vertices) +
         ",\"edges\":" + json_list(edges) + "}\n";
}

std::string explain_as_dot(const JobGraph& graph, const ExecutionPlan& plan) {
  std::string text = "digraph " + dot_string(graph.name()) + " {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n";
  for (std::size_t i = 0; i < plan.chains.size(); ++i) text += chain_dot(graph, plan, i);
  for (const VertexEdge& edge : edges_of(plan)) text += edge_dot(edge);
  return text + "}\n";
}

}  // namespace streamwork::graph
