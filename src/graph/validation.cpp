#include "graph/validation.hpp"

#include <algorithm>
#include <set>
#include <streamwork/typed/grouping.hpp>

namespace streamwork::graph {

namespace {

using typed::ExchangeNode;
using typed::GroupingKind;
using typed::JobGraph;
using typed::Port;
using typed::SegmentNode;
using typed::Vertex;
using typed::VertexKind;

/// More instances than this are taken for a slip of the pen: each has queues and, if it blocks, a thread.
constexpr int most_instances = 1024;

std::string quoted(const std::string& name) { return "'" + name + "'"; }

class Validation {
 public:
  explicit Validation(const JobGraph& graph) : graph_(graph), problems_(graph.problems()) {}

  std::vector<std::string> run() && {
    check_names();
    check_vertices();
    check_order();
    check_ends();
    check_exchanges();
    return std::move(problems_);
  }

 private:
  const Vertex& vertex(int index) const { return graph_.vertices()[static_cast<std::size_t>(index)]; }

  void check_names() {
    if (graph_.vertices().empty()) problems_.emplace_back("the job is empty: begin with job.source(\"name\", …)");
    std::set<std::string> names;
    for (const Vertex& vertex : graph_.vertices()) {
      if (vertex.name.empty()) {
        problems_.emplace_back("a vertex has an empty name: every source, operator and sink needs one");
      }
      if (!names.insert(vertex.name).second) {
        problems_.push_back("two vertices are called " + quoted(vertex.name) + ": give each its own name");
      }
    }
  }

  void check_vertices() {
    for (const Vertex& vertex : graph_.vertices()) {
      if (vertex.parallelism && vertex.kind != VertexKind::source) {
        problems_.push_back("parallelism is set on " + quoted(vertex.name) +
                            ", which has that of its chain: set it at the source or regroup in front of it, "
                            "for instance .shuffle({.parallelism = " +
                            std::to_string(*vertex.parallelism) + "})");
      } else if (vertex.parallelism) {
        check_range(*vertex.parallelism, most_instances, "source " + quoted(vertex.name));
      }
      check_dead_letters(vertex);
    }
  }

  void check_dead_letters(const Vertex& vertex) {
    if (!vertex.dead_letters) return;
    const bool taken =
        std::ranges::any_of(vertex.consumed_sides, [&](const auto& side) { return side.name == *vertex.dead_letters; });
    if (taken) return;
    problems_.push_back(
        "the dead letters of " + quoted(vertex.name) + " go nowhere: " +
        (vertex.kind == VertexKind::sink
             ? std::string("a sink has no side outputs; fail or skip there, or check in an operator before it")
             : "hold its stream in a variable and take .side(…) of it for '" + *vertex.dead_letters + "'"));
  }

  /// Streams can only be used after they were made, so a graph written with streams has no cycle; one that was put
  /// together by hand may.
  void check_order() {
    const auto made_before = [&](const Port& input, int segment) {
      if (input.kind == Port::Kind::segment) return input.index < segment;
      for (int i = segment; i < static_cast<int>(graph_.segments().size()); ++i) {
        if (graph_.segments()[static_cast<std::size_t>(i)].exchange == input.index) return false;
      }
      return true;
    };
    for (int i = 0; i < static_cast<int>(graph_.segments().size()); ++i) {
      const SegmentNode& segment = graph_.segments()[static_cast<std::size_t>(i)];
      for (const Port& input : segment.inputs) {
        if (made_before(input, i)) continue;
        problems_.push_back("the graph has a cycle through " +
                            quoted(segment.vertices.empty() ? "a regrouping" : vertex(segment.vertices.front()).name) +
                            ": a job is acyclic, its streams flow from sources to sinks");
        return;
      }
    }
  }

  bool consumed(const Port& port) const {
    return std::ranges::any_of(graph_.segments(), [&](const SegmentNode& segment) {
      return std::ranges::find(segment.inputs, port) != segment.inputs.end();
    });
  }

  void add_dangling(const std::string& name) {
    problems_.push_back(
        "the stream behind " + quoted(name) +
        " goes nowhere: end it in .sink(\"name\", …), or in .sink(\"name\", sw::discard()) if it is not wanted");
  }

  void check_ends() {
    std::set<int> placed;
    for (int i = 0; i < static_cast<int>(graph_.segments().size()); ++i) {
      const SegmentNode& segment = graph_.segments()[static_cast<std::size_t>(i)];
      placed.insert(segment.vertices.begin(), segment.vertices.end());
      if (segment.exchange || segment.vertices.empty()) continue;
      const Vertex& last = vertex(segment.vertices.back());
      if (last.kind != VertexKind::sink && !consumed({Port::Kind::segment, i})) add_dangling(last.name);
    }
    // A fluent expression that ended in mid-air was never made into a segment: its last vertex is the culprit.
    for (int i = 0; i < static_cast<int>(graph_.vertices().size()); ++i) {
      const bool last_of_expression =
          !placed.contains(i) && (i + 1 == static_cast<int>(graph_.vertices().size()) || placed.contains(i + 1) ||
                                  vertex(i + 1).kind == VertexKind::source);
      if (last_of_expression) add_dangling(vertex(i).name);
    }
  }

  void check_exchanges() {
    for (int i = 0; i < static_cast<int>(graph_.exchanges().size()); ++i) {
      const ExchangeNode& exchange = graph_.exchanges()[static_cast<std::size_t>(i)];
      const std::string origin = graph_.describe({Port::Kind::exchange, i});
      const std::string what = std::string(name_of(exchange.grouping)) + " grouping behind " + quoted(origin);
      if (!consumed({Port::Kind::exchange, i}))
        problems_.push_back("what comes out of the " + what + " goes nowhere: apply an operator or a sink to it");
      if (!exchange.parallelism) continue;
      if (exchange.grouping == GroupingKind::fields) {
        check_range(*exchange.parallelism, typed::key_groups, what, " (there are 128 key groups to share out)");
      } else {
        check_range(*exchange.parallelism, most_instances, what);
      }
    }
  }

  void check_range(int parallelism, int most, const std::string& what, const std::string& reason = {}) {
    if (parallelism >= 1 && parallelism <= most) return;
    problems_.push_back("parallelism " + std::to_string(parallelism) + " of the " + what +
                        " is out of range: write 1 to " + std::to_string(most) + reason);
  }

  const JobGraph& graph_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> problems_of(const JobGraph& graph) { return Validation(graph).run(); }

}  // namespace streamwork::graph
