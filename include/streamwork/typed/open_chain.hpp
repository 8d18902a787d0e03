// A chain that is still being written: a head and the stages so far. Closing it makes segments of it in the job's
// graph.
#pragma once

#include <memory>
#include <streamwork/options.hpp>
#include <streamwork/sink.hpp>
#include <streamwork/source.hpp>
#include <streamwork/typed/batch_segment.hpp>
#include <streamwork/typed/chain_vertices.hpp>
#include <streamwork/typed/exchange_output.hpp>
#include <streamwork/typed/job_graph.hpp>
#include <streamwork/typed/source_segment.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// A chain that begins with batches.
template <class T>
struct BatchHead {
  template <class Stages, class Ending>
  using SegmentType = BatchSegment<T, Stages, Ending>;
  static constexpr bool has_ports = true;

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
  static constexpr bool has_ports = false;

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

/// A chain with what it ends in: `make_ending(spec)` makes that of an instance.
template <class Head, class Stages, class MakeEnding>
class ClosedChain final : public ClosedVertices {
  using Ending = typename std::invoke_result_t<const MakeEnding&, const InstanceSpec&>::element_type;
  using SegmentType = typename Head::template SegmentType<Stages, Ending>;

 public:
  ClosedChain(const ChainVertices& chain, Head head, Stages stages, MakeEnding make_ending)
      : ClosedVertices(chain),
        head_(std::move(head)),
        stages_(std::move(stages)),
        make_ending_(std::move(make_ending)) {}

  std::unique_ptr<SegmentFactory> prepare(std::int64_t parallelism, JobStart& start) const override {
    auto factory = std::make_unique<Factory>(*this, head_.prepare(first_name(), parallelism, start), stages_);
    factory->prototypes.tell_time_stages([&](auto& stage) {
      if (stage.limits_lead()) start.limited_leads += parallelism;
    });
    factory->prototypes.bind([&](auto& guarded, std::size_t i) {
      if constexpr (requires { guarded.stage().prepare(start.sinks); }) {
        const std::string& vertex = name_from_end(Stages::size - i);
        if (!start.needs_sink(vertex)) return;
        start.add_sink(vertex, guarded.stage().prepare(start.request_to(vertex, parallelism)));
      }
    });
    return factory;
  }

 private:
  struct Factory final : public SegmentFactory {
    Factory(const ClosedChain& closed, typename Head::Prepared of_start, const Stages& stages)
        : chain(closed), prepared(std::move(of_start)), prototypes(stages) {}

    BuiltSegment make(const InstanceSpec& spec) const override {
      auto ending = chain.make_ending_(spec);
      BuiltSegment built;
      if constexpr (std::derived_from<Ending, TaskPort>) built.main = ending.get();
      if constexpr (std::derived_from<Ending, ExchangePort>) built.exchange = ending.get();
      auto segment = Head::template make<SegmentType>(prepared, spec.inputs, chain.blocking(), prototypes,
                                                      chain.policies(), std::move(ending), spec.vertices);
      connect_sides(built, spec, segment->loop().sides());
      if constexpr (std::derived_from<SegmentType, SourceSegment>) built.source = segment.get();
      built.segment = std::move(segment);
      return built;
    }

    const ClosedChain& chain;
    typename Head::Prepared prepared;
    Stages prototypes;
  };

  Head head_;
  Stages stages_;
  MakeEnding make_ending_;
};

/// `T` is what comes out of the last stage.
template <class Head, class T, class... Stages>
struct OpenChain : ChainVertices {
  OpenChain(ChainVertices written, Head of_chain, StageList<Stages...> of_vertices = {})
      : ChainVertices(std::move(written)), head(std::move(of_chain)), stages(std::move(of_vertices)) {}

  Head head;
  StageList<Stages...> stages;

  /// The chain with one more stage, whose vertex is added to the graph.
  template <class U, class Stage>
  auto then(std::string name, VertexKind kind, Stage stage, const VertexOptions& options) && {
    add_stage(std::move(name), kind, options, gives_event_time<Stage>);
    return OpenChain<Head, U, Stages..., Stage>(std::move(*this), std::move(head),
                                                std::move(stages).append(std::move(stage)));
  }

  /// Ends the chain in an output inside the task; returns the ports its events come from.
  std::vector<Port> close_into_ports() && {
    if constexpr (bare) {
      return ports;  // nothing was added to the stream
    } else {
      return end_in_port(
          closed([as_timed = timed](const InstanceSpec&) { return std::make_unique<BatchOutput<T>>(as_timed); }));
    }
  }

  /// Ends the chain in an exchange.
  template <class Grouping>
  void close_into_exchange(int exchange, Grouping grouping) && {
    end_in_exchange(exchange, std::move(*this).close_into_carrier(std::move(grouping)), bare);
  }

  /// Ends the chain in the sink that is its last stage.
  void close_into_sink() && {
    end_in_sink(closed([](const InstanceSpec&) { return std::make_unique<NoOutput>(); }));
  }

  /// The preparation of a segment that carries the events to another chain, instance by instance.
  template <class Grouping>
  std::unique_ptr<const SegmentDescription> close_into_carrier(Grouping grouping) && {
    return closed([chosen_by = std::move(grouping), origin = last_name()](const InstanceSpec& spec) {
      return std::make_unique<ExchangeOutput<T, Grouping>>(
          chosen_by, VertexInstance{origin, spec.instance, spec.parallelism, nullptr});
    });
  }

 private:
  /// True if nothing was added to the stream.
  static constexpr bool bare = sizeof...(Stages) == 0 && Head::has_ports;

  template <class MakeEnding>
  std::unique_ptr<const SegmentDescription> closed(MakeEnding make_ending) {
    return std::make_unique<ClosedChain<Head, StageList<Stages...>, MakeEnding>>(
        *this, std::move(head), std::move(stages), std::move(make_ending));
  }
};

}  // namespace streamwork::typed
