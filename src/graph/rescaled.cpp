#include "graph/rescaled.hpp"

#include <algorithm>
#include <set>
#include <streamwork/errors.hpp>
#include <utility>
#include <vector>

namespace streamwork::graph {

namespace {

using typed::GroupingKind;
using typed::JobGraph;
using typed::Port;
using typed::SegmentNode;

/// A place where a number of instances is set: a source vertex, or an exchange.
struct Place {
  enum class Kind { source, exchange } kind;
  int index;
  friend auto operator<=>(const Place&, const Place&) = default;
};

class Rescaling {
 public:
  explicit Rescaling(const JobGraph& graph) : written_(graph), graph_(graph) {}

  void set(const std::string& name, int parallelism) {
    const auto& vertices = written_.vertices();
    const auto vertex = std::ranges::find(vertices, name, &typed::Vertex::name);
    if (vertex == vertices.end()) return refuse("there is no vertex '" + name + "' whose parallelism could be set");
    const auto number = static_cast<int>(vertex - vertices.begin());
    const auto segment = std::ranges::find_if(written_.segments(), [&](const SegmentNode& node) {
      return std::ranges::find(node.vertices, number) != node.vertices.end();
    });
    if (segment == written_.segments().end()) return;  // it leads nowhere, which is refused anyway
    const std::set<Place> places = places_of(*segment);
    const bool of_its_own = places.size() == 1 || std::ranges::all_of(segment->inputs, [](const Port& input) {
                              return input.kind == Port::Kind::exchange;
                            });
    if (!of_its_own)
      return refuse("'" + name + "' merges streams, and runs in as many instances as the widest of them: set the " +
                    "parallelism of one of these, or write .shuffle() in front of '" + name + "'");
    for (const Place& place : places) set(place, name, parallelism);
  }

  JobGraph take() && {
    if (!problems_.empty()) throw GraphError(std::move(problems_));
    return std::move(graph_);
  }

 private:
  void refuse(std::string problem) { problems_.push_back(std::move(problem)); }

  std::set<Place> places_of(const SegmentNode& node) const {
    if (node.inputs.empty()) return {{Place::Kind::source, node.vertices.front()}};
    std::set<Place> places;
    for (const Port& input : node.inputs) {
      if (input.kind == Port::Kind::segment) {
        places.merge(places_of(written_.segments()[static_cast<std::size_t>(input.index)]));
      } else if (follows_its_producers(input.index)) {
        for (const SegmentNode& producer : written_.segments()) {
          if (producer.exchange == input.index) places.merge(places_of(producer));
        }
      } else {
        places.insert({Place::Kind::exchange, input.index});
      }
    }
    return places;
  }

  bool follows_its_producers(int exchange) const {
    return written_.exchanges()[static_cast<std::size_t>(exchange)].grouping == GroupingKind::forward;
  }

  void set(const Place& place, const std::string& name, int parallelism) {
    const auto [before, fresh] = set_by_.emplace(place, std::pair(name, parallelism));
    if (!fresh && before->second.second != parallelism)
      return refuse("'" + before->second.first + "' and '" + name +
                    "' run in one chain, which has one parallelism: give both the same number, or only one of them");
    if (place.kind == Place::Kind::source) return graph_.set_source_parallelism(place.index, parallelism);
    if (written_.exchanges()[static_cast<std::size_t>(place.index)].grouping == GroupingKind::global &&
        parallelism != 1)
      return refuse("'" + name + "' is behind a global grouping, which has one instance");
    graph_.set_exchange_parallelism(place.index, parallelism);
  }

  const JobGraph& written_;
  JobGraph graph_;
  std::map<Place, std::pair<std::string, int>> set_by_;
  std::vector<std::string> problems_;
};

}  // namespace

JobGraph rescaled(const JobGraph& graph, const std::map<std::string, int>& parallelism) {
  Rescaling rescaling(graph);
  for (const auto& [name, number] : parallelism) rescaling.set(name, number);
  return std::move(rescaling).take();
}

}  // namespace streamwork::graph
