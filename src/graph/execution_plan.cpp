#include "graph/execution_plan.hpp"

#include <algorithm>
#include <streamwork/errors.hpp>

#include "graph/validation.hpp"

namespace streamwork::graph {

namespace {

using typed::ExchangeNode;
using typed::GroupingKind;
using typed::JobGraph;
using typed::Port;
using typed::SegmentNode;

class Planner {
 public:
  Planner(const JobGraph& graph, int workers) : graph_(graph), workers_(workers) {}

  ExecutionPlan run() && {
    plan_.workers = workers_;
    for (const ExchangeNode& exchange : graph_.exchanges()) {
      plan_.exchanges.push_back(
          {exchange.grouping, exchange.make_batch, exchange.parallelism.value_or(0), {}, -1, false});
    }
    for (const SegmentNode& segment : graph_.segments()) place(segment);
    drop_empty_chains();
    finish();
    return std::move(plan_);
  }

 private:
  int new_chain(int parallelism) {
    plan_.chains.push_back({{}, parallelism, false});
    return static_cast<int>(plan_.chains.size()) - 1;
  }

  int add_segment(PlannedSegment segment) {
    const int index = static_cast<int>(plan_.segments.size());
    plan_.chains[static_cast<std::size_t>(segment.chain)].segments.push_back(index);
    if (segment.exchange >= 0) exchange(segment.exchange).producers.push_back(index);
    plan_.segments.push_back(std::move(segment));
    return index;
  }

  PlannedExchange& exchange(int index) { return plan_.exchanges[static_cast<std::size_t>(index)]; }
  int parallelism_of(int chain) const { return plan_.chains[static_cast<std::size_t>(chain)].parallelism; }

  void place(const SegmentNode& node) {
    PlannedSegment segment{node.vertices, {}, node.exchange.value_or(-1), node.prepare, -1, node.timed};
    if (node.inputs.empty()) {
      const auto& source = graph_.vertices()[static_cast<std::size_t>(node.vertices.front())];
      segment.chain = new_chain(source.parallelism.value_or(1));
    } else {
      place_behind(node, segment);
    }
    number_of_.push_back(add_segment(std::move(segment)));
  }

  /// Ports of the job graph as ports of the plan, in which carriers were added between segments.
  Port planned(const Port& port) const {
    if (port.kind == Port::Kind::exchange) return port;
    return {port.kind, number_of_[static_cast<std::size_t>(port.index)], port.side};
  }

  void place_behind(const SegmentNode& node, PlannedSegment& segment) {
    if (node.right_inputs > 0) return place_join(node, segment);
    std::vector<int> chains;
    for (const Port& input : node.inputs) chains.push_back(chain_behind(input));
    if (std::ranges::all_of(chains, [&](int chain) { return chain == chains.front(); })) {
      segment.chain = chains.front();
      for (const Port& input : node.inputs) segment.inputs.push_back(planned(input));
      return;
    }
    // A merge of several chains: each is carried, instance by instance, to tasks of their own.
    int widest = 1;
    for (const int chain : chains) widest = std::max(widest, parallelism_of(chain));
    const auto* first_carrier = graph_.carrier_of(node.inputs.front());
    const int carried = static_cast<int>(plan_.exchanges.size());
    plan_.exchanges.push_back({GroupingKind::forward, first_carrier->make_batch, widest, {}, -1, false});
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      add_segment({{}, {planned(node.inputs[i])}, carried, graph_.carrier_of(node.inputs[i])->prepare, chains[i]});
    }
    segment.chain = exchange(carried).chain = new_chain(widest);
    segment.inputs = {Port{Port::Kind::exchange, carried}};
  }

  /// Two sides that are grouped alike meet in one chain. If nothing else is behind their exchanges yet, these lead
  /// there; otherwise each is carried there, instance by instance.
  void place_join(const SegmentNode& node, PlannedSegment& segment) {
    const bool fresh = std::ranges::all_of(node.inputs, [&](const Port& input) {
      return input.kind == Port::Kind::exchange && exchange(input.index).chain < 0;
    });
    if (fresh) {
      for (const Port& input : node.inputs) resolve_parallelism(exchange(input.index));
      if (std::ranges::all_of(node.inputs, [&](const Port& input) { return fits_inside(exchange(input.index)); }) &&
          producing_chain(exchange(node.inputs.front().index)) == producing_chain(exchange(node.inputs.back().index))) {
        for (const Port& input : node.inputs) chain_behind(input);
      } else {
        const int chain = new_chain(exchange(node.inputs.front().index).parallelism);
        for (const Port& input : node.inputs) exchange(input.index).chain = chain;
      }
    }
    const int first = chain_behind(node.inputs.front());
    const bool together =
        std::ranges::all_of(node.inputs, [&](const Port& input) { return chain_behind(input) == first; });
    segment.chain = together ? first : new_chain(parallelism_of(first));
    for (const Port& input : node.inputs)
      segment.inputs.push_back(together ? planned(input) : carry(input, segment.chain));
  }

  /// Carries the events of a port to another chain of the same parallelism; returns where they arrive.
  Port carry(const Port& port, int chain) {
    const auto* carrier = graph_.carrier_of(port);
    const int carried = static_cast<int>(plan_.exchanges.size());
    plan_.exchanges.push_back({GroupingKind::forward, carrier->make_batch, parallelism_of(chain), {}, chain, false});
    add_segment({{}, {planned(port)}, carried, carrier->prepare, chain_behind(port)});
    return {Port::Kind::exchange, carried};
  }

  int producing_chain(const PlannedExchange& behind) const {
    return plan_.segments[static_cast<std::size_t>(behind.producers.front())].chain;
  }

  /// How many instances of the producers there are.
  int producers_of(const PlannedExchange& behind) const {
    int producers = 1;
    for (const int producer : behind.producers)
      producers = std::max(producers, parallelism_of(plan_.segments[static_cast<std::size_t>(producer)].chain));
    return producers;
  }

  void resolve_parallelism(PlannedExchange& behind) {
    if (behind.parallelism != 0) return;
    behind.parallelism = behind.grouping == GroupingKind::forward
                             ? producers_of(behind)
                             : std::min(workers_, behind.grouping == GroupingKind::fields ? 128 : 1024);
  }

  /// From 1 instance to 1: no task of its own is needed. Streams that were merged in front of it are another matter, even in
  /// one chain: they have one port in common, where only a task's inbox tells their event times apart.
  bool fits_inside(const PlannedExchange& behind) const {
    return behind.grouping != GroupingKind::forward && behind.producers.size() == 1 && producers_of(behind) == 1 &&
           behind.parallelism == 1;
  }

  /// The chain that gets what comes out of a port.
  int chain_behind(const Port& port) {
    if (port.kind == Port::Kind::segment) return plan_.segments[static_cast<std::size_t>(planned(port).index)].chain;
    PlannedExchange& behind = exchange(port.index);
    if (behind.chain >= 0) return behind.chain;
    resolve_parallelism(behind);
    behind.inside_task = fits_inside(behind);
    behind.chain = behind.inside_task ? producing_chain(behind) : new_chain(behind.parallelism);
    return behind.chain;
  }

  /// Chains are numbered in the order of their first segments.
  void drop_empty_chains() {
    std::vector<int> renumbered(plan_.chains.size(), -1);
    std::vector<PlannedChain> kept;
    for (std::size_t i = 0; i < plan_.chains.size(); ++i) {
      if (plan_.chains[i].segments.empty()) continue;
      renumbered[i] = static_cast<int>(kept.size());
      kept.push_back(std::move(plan_.chains[i]));
    }
    plan_.chains = std::move(kept);
    for (PlannedSegment& segment : plan_.segments) segment.chain = renumbered[static_cast<std::size_t>(segment.chain)];
    for (PlannedExchange& behind : plan_.exchanges) behind.chain = renumbered[static_cast<std::size_t>(behind.chain)];
  }

  void finish() {
    plan_.chain_of_vertex.assign(graph_.vertices().size(), -1);
    for (const PlannedSegment& segment : plan_.segments) {
      for (const int vertex : segment.vertices) {
        plan_.chain_of_vertex[static_cast<std::size_t>(vertex)] = segment.chain;
        plan_.chains[static_cast<std::size_t>(segment.chain)].blocking |=
            graph_.vertices()[static_cast<std::size_t>(vertex)].blocking;
      }
    }
  }

  const JobGraph& graph_;
  int workers_;
  ExecutionPlan plan_;
  std::vector<int> number_of_;  ///< of each segment of the job graph, in the plan
};

}  // namespace

ExecutionPlan plan(const JobGraph& graph, int workers) {
  std::vector<std::string> problems = problems_of(graph);
  if (!problems.empty()) throw GraphError(std::move(problems));
  return Planner(graph, workers).run();
}

}  // namespace streamwork::graph
