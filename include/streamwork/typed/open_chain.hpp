// A chain that is still being written: a head and the stages so far. Closing it makes segments of it in the job's
// graph.
#pragma once

#include <memory>
#include <streamwork/options.hpp>
#include <streamwork/sink.hpp>
#include <streamwork/source.hpp>
#include <streamwork/typed/batch_segment.hpp>
#include <streamwork/typed/exchange_output.hpp>
#include <streamwork/typed/job_graph.hpp>
#include <streamwork/typed/source_segment.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// A chain that begins with batches from one port, or from several (a merge).
template <class T>
struct BatchHead {
  std::vector<Port> ports;
  int vertex = -1;  ///< the vertex the stream comes from; -1 for a merge or a regrouping

  template <class Stages, class Ending>
  using SegmentType = BatchSegment<T, Stages, Ending>;

  std::vector<Port> inputs() const { return ports; }
  struct Prepared {};
  Prepared prepare(const std::string&, std::int64_t, JobStart&) const { return {}; }
  template <class Segment, class... Arguments>
  static std::unique_ptr<Segment> make(const Prepared&, std::size_t inputs, bool blocking, Arguments&&... loop) {
    return std::make_unique<Segment>(inputs, blocking, std::forward<Arguments>(loop)...);
  }
};

/// A chain that begins with a source.
template <class Source>
struct SourceHead {
  Source source;

  template <class Stages, class Ending>
  using SegmentType = FusedSourceSegment<Source, Stages, Ending>;

  static std::vector<Port> inputs() { return {}; }
  using Prepared = std::shared_ptr<SplitList<Source>>;
  Prepared prepare(const std::string& vertex, std::int64_t parallelism, JobStart& start) const {
    auto list = std::make_shared<SplitList<Source>>(source, SplitRequest{vertex, parallelism}, start);
    start.add_source(vertex, list->memory());
    return list;
  }
  template <class Segment, class... Arguments>
  static std::unique_ptr<Segment> make(const Prepared& splits, std::size_t, bool blocking, Arguments&&... loop) {
    return std::make_unique<Segment>(splits, blocking, std::forward<Arguments>(loop)...);
  }
};

inline Vertex describe_vertex(std::string name, VertexKind kind, const VertexOptions& options) {
  Vertex vertex{std::move(name), kind, options.blocking, options.parallelism};
  if (options.bad_events.action() == BadEventPolicy::Action::dead_letter) {
    vertex.dead_letters = options.bad_events.side_output();
  }
  return vertex;
}

/// `T` is what comes out of the last stage.
template <class Head, class T, class... Stages>
struct OpenChain {
  std::shared_ptr<JobGraph> graph;
  Head head;
  StageList<Stages...> stages;
  std::vector<int> vertices;             ///< the source, if there is one, and one per stage
  std::vector<BadEventPolicy> policies;  ///< one per stage
  bool blocking = false;
  bool timed = false;  ///< its events have event times

  /// The chain with one more stage, whose vertex is added to the graph.
  template <class U, class Stage>
  auto then(std::string name, VertexKind kind, Stage stage, const VertexOptions& options) && {
    vertices.push_back(graph->add_vertex(describe_vertex(std::move(name), kind, options)));
    policies.push_back(options.bad_events);
    return OpenChain<Head, U, Stages..., Stage>{std::move(graph),
                                                std::move(head),
                                                std::move(stages).append(std::move(stage)),
                                                std::move(vertices),
                                                std::move(policies),
                                                blocking || options.blocking,
                                                timed || gives_event_time<Stage>};
  }

  /// Ends the chain in an output inside the task; returns the ports its events come from.
  std::vector<Port> close_into_ports() && {
    if constexpr (sizeof...(Stages) == 0 && requires { head.ports; }) {
      return head.ports;  // nothing was added to the stream
    } else {
      const std::shared_ptr<JobGraph> target = graph;
      SegmentNode node = describe_segment();
      node.prepare = std::move(*this).template preparation<BatchOutput<T>>(
          [timed = timed](const InstanceSpec&) { return std::make_shared<BatchOutput<T>>(timed); });
      return {Port{Port::Kind::segment, target->add_segment(std::move(node))}};
    }
  }

  /// Ends the chain in an exchange. A merge distributes each of its inputs by itself.
  template <class Grouping>
  void close_into_exchange(int exchange, Grouping grouping) && {
    std::vector<SegmentNode> nodes;
    if constexpr (sizeof...(Stages) == 0 && requires { head.ports; }) {
      for (const Port& port : head.ports) nodes.push_back({{}, {port}, exchange, {}, timed});
    } else {
      nodes.push_back(describe_segment());
      nodes.back().exchange = exchange;
    }
    const std::shared_ptr<JobGraph> target = graph;
    const std::string origin = last_name();
    const auto prepare = std::move(*this).template preparation<ExchangeOutput<T, Grouping>>(
        [grouping = std::move(grouping), origin](const InstanceSpec& spec) {
          return std::make_shared<ExchangeOutput<T, Grouping>>(
              grouping, VertexInstance{origin, spec.instance, spec.parallelism, nullptr});
        });
    for (SegmentNode& node : nodes) {
      node.prepare = prepare;
      target->add_segment(std::move(node));
    }
  }

  /// Ends the chain in the sink that is its last stage.
  void close_into_sink() && {
    SegmentNode node = describe_segment();
    const std::shared_ptr<JobGraph> target = graph;
    node.prepare = std::move(*this).template preparation<NoOutput>(
        [](const InstanceSpec&) { return std::make_shared<NoOutput>(); });
    target->add_segment(std::move(node));
  }

  /// The preparation of a segment that carries the events to another chain, instance by instance.
  template <class Grouping>
  SegmentPreparation close_into_carrier(Grouping grouping) && {
    const std::string origin = last_name();
    return std::move(*this).template preparation<ExchangeOutput<T, Grouping>>(
        [grouping = std::move(grouping), origin](const InstanceSpec& spec) {
          return std::make_shared<ExchangeOutput<T, Grouping>>(
              grouping, VertexInstance{origin, spec.instance, spec.parallelism, nullptr});
        });
  }

  /// The vertex whose events these are, for messages. A stream that was refused has no ports.
  std::string last_name() const {
    if (!vertices.empty()) return graph->vertices()[static_cast<std::size_t>(vertices.back())].name;
    return head.inputs().empty() ? "?" : graph->describe(head.inputs().front());
  }

 private:
  SegmentNode describe_segment() const { return {vertices, head.inputs(), std::nullopt, {}, timed}; }

  template <class Ending, class MakeEnding>
  SegmentPreparation preparation(MakeEnding make_ending) && {
    std::vector<std::string> names;
    for (const int vertex : vertices) names.push_back(graph->vertices()[static_cast<std::size_t>(vertex)].name);
    graph.reset();  // the graph will own this chain, not the other way round
    auto chain = std::make_shared<const OpenChain>(std::move(*this));
    return [chain, names, make_ending](std::int64_t parallelism, JobStart& start) -> SegmentFactory {
      auto prepared = chain->head.prepare(names.empty() ? std::string() : names.front(), parallelism, start);
      auto prototypes = chain->stages;
      prototypes.tell_time_stages([&](auto& stage) {
        if (stage.limits_lead()) start.limited_leads += parallelism;
      });
      prototypes.bind([&](auto& guarded, std::size_t i) {
        if constexpr (requires { guarded.stage().prepare(start.sinks); }) {
          const std::string& vertex = names[names.size() - sizeof...(Stages) + i];
          start.add_sink(vertex, guarded.stage().prepare(start.request_to(vertex, parallelism)));
        }
      });
      return [chain, make_ending, prepared, prototypes](const InstanceSpec& spec) {
        return chain->template build<Ending>(prepared, prototypes, make_ending(spec), spec);
      };
    };
  }

  template <class Ending, class Prepared>
  BuiltSegment build(const Prepared& prepared, const StageList<Stages...>& prototypes, std::shared_ptr<Ending> ending,
                     const InstanceSpec& spec) const {
    using SegmentType = typename Head::template SegmentType<StageList<Stages...>, Ending>;
    BuiltSegment built;
    if constexpr (std::derived_from<Ending, TaskPort>) built.main = ending.get();
    if constexpr (std::derived_from<Ending, ExchangePort>) built.exchange = ending.get();
    auto segment = Head::template make<SegmentType>(prepared, spec.inputs, blocking, prototypes, policies,
                                                    std::move(ending), spec.vertices);
    connect_sides(built, spec, segment->loop().sides());
    if constexpr (std::derived_from<SegmentType, SourceSegment>) built.source = segment.get();
    built.segment = std::move(segment);
    return built;
  }
};

}  // namespace streamwork::typed
