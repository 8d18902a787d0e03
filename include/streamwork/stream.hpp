// Streams: data in flow between the components of a job, and all that can be done with them.
//
// `Stream<T>` has a name and can be held, passed and returned. Operators called in one fluent expression are fused into
// one loop by the compiler (the expression's type is a `FusedStream`, which nobody needs to write and which converts to
// `Stream<T>`). A stream held in a variable may be used twice: each use gets every event, and the stream is computed
// once. Thread rule: a job is written by one thread.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <streamwork/event_time.hpp>
#include <streamwork/operator.hpp>
#include <streamwork/operators/filter.hpp>
#include <streamwork/operators/flat_map.hpp>
#include <streamwork/operators/map.hpp>
#include <streamwork/options.hpp>
#include <streamwork/overload_policy.hpp>
#include <streamwork/sink.hpp>
#include <streamwork/typed/apply_operator.hpp>
#include <streamwork/typed/assign_event_time.hpp>
#include <streamwork/typed/open_chain.hpp>
#include <streamwork/typed/stream_use.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork {

template <class T>
class Stream;
template <class Head, class T, class... Stages>
class FusedStream;
template <class T, class KeyFunction>
class KeyedBy;

namespace typed {

/// What every stream can do. `Self` offers `chain()`: the chain to go on with.
template <class Self, class T>
class StreamMethods {
 public:
  using Event = T;

  /// One event out for each event in: `function(const T&)` (or `T&&`, to move from it) returns the new event.
  template <operators::EventFunction<T> Function>
  auto map(std::string name, Function function, VertexOptions options = {}) && {
    return map_on(std::move(self()).chain(), std::move(name), std::move(function), options);
  }
  template <operators::EventFunction<T> Function>
  auto map(std::string name, Function function, VertexOptions options = {}) const& {
    return map_on(self().chain(), std::move(name), std::move(function), options);
  }

  /// Lets through the events for which `predicate(const T&)` is true.
  template <std::predicate<const T&> Predicate>
  auto filter(std::string name, Predicate predicate, VertexOptions options = {}) && {
    return filter_on(std::move(self()).chain(), std::move(name), std::move(predicate), options);
  }
  template <std::predicate<const T&> Predicate>
  auto filter(std::string name, Predicate predicate, VertexOptions options = {}) const& {
    return filter_on(self().chain(), std::move(name), std::move(predicate), options);
  }

  /// None, one or many events out for each event in: `function` returns a `std::optional` or a range, which is drawn
  /// from as room allows. A range may refer to the event it was made from, which is kept until the range is used up.
  template <operators::EventFunction<T> Function>
  auto flat_map(std::string name, Function function, VertexOptions options = {}) && {
    return flat_map_on(std::move(self()).chain(), std::move(name), std::move(function), options);
  }
  template <operators::EventFunction<T> Function>
  auto flat_map(std::string name, Function function, VertexOptions options = {}) const& {
    return flat_map_on(self().chain(), std::move(name), std::move(function), options);
  }

  /// Runs an operator object (operator.hpp) over the events. Returns the `Stream` of its results.
  template <class Operator>
  auto apply(std::string name, Operator user_operator, VertexOptions options = {}) const;

  /// Calls a service for each event and gives out its answers (async.hpp, to be included): `function(const T&, Reply<R>)`
  /// starts a call and returns at once. Returns the `Stream` of the results; each keeps its event's time.
  template <class Function>
  auto async_map(std::string name, Function function, AsyncOptions options = {}) const;

  /// A buffer that never holds up what is in front of it, and drops events when it is full (overload.hpp, to be included).
  /// What follows goes on in tasks of its own.
  Stream<T> on_overload(std::string name, const OverloadPolicy& policy) const;

  /// Gives each event its time: `extract` is a member pointer or a function of `const T&` that returns an `EventTime`;
  /// `strategy` tells how far event time has come after it (event_time.hpp). What is there of event time is replaced.
  template <class Extract, WatermarkStrategyOf<T> Strategy>
    requires std::convertible_to<std::invoke_result_t<Extract&, const T&>, EventTime>
  auto event_time(Extract extract, Strategy strategy, const EventTimeOptions& options = {}) && {
    return time_on(std::move(self()).chain(), std::move(extract), std::move(strategy), options);
  }
  template <class Extract, WatermarkStrategyOf<T> Strategy>
    requires std::convertible_to<std::invoke_result_t<Extract&, const T&>, EventTime>
  auto event_time(Extract extract, Strategy strategy, const EventTimeOptions& options = {}) const& {
    return time_on(self().chain(), std::move(extract), std::move(strategy), options);
  }

  /// Ends the stream in a sink (sink.hpp).
  template <class Sink>
  void sink(std::string name, Sink sink, VertexOptions options = {}) && {
    sink_on(std::move(self()).chain(), std::move(name), std::move(sink), options);
  }
  template <class Sink>
  void sink(std::string name, Sink sink, VertexOptions options = {}) const& {
    sink_on(self().chain(), std::move(name), std::move(sink), options);
  }

  /// Groups by key: events of equal keys meet in one instance, in the order of each producer. `key` is a member pointer
  /// or a function of `const T&`.
  template <std::regular_invocable<const T&> KeyFunction>
  auto key_by(KeyFunction key, GroupingOptions options = {}) &&;
  template <std::regular_invocable<const T&> KeyFunction>
  auto key_by(KeyFunction key, GroupingOptions options = {}) const&;

  /// Cuts the whole stream into windows, in one instance (windows.hpp). For windows per key, `key_by` first.
  template <class Windows>
  auto window(Windows windows) const;

  /// Spreads the events over the instances, one after the other.
  Stream<T> shuffle(GroupingOptions options = {}) && {
    return regroup(std::move(self()).chain(), GroupingKind::shuffle, ShuffleGrouping{}, options);
  }
  Stream<T> shuffle(GroupingOptions options = {}) const& {
    return regroup(self().chain(), GroupingKind::shuffle, ShuffleGrouping{}, options);
  }
  /// Gives every event to every instance (the all grouping).
  Stream<T> broadcast(GroupingOptions options = {}) && {
    static_assert(std::copy_constructible<T>, "broadcast copies each event: its type must be copyable");
    return regroup(std::move(self()).chain(), GroupingKind::all, AllGrouping{}, options);
  }
  Stream<T> broadcast(GroupingOptions options = {}) const& {
    static_assert(std::copy_constructible<T>, "broadcast copies each event: its type must be copyable");
    return regroup(self().chain(), GroupingKind::all, AllGrouping{}, options);
  }
  /// Brings all events together in one instance.
  Stream<T> global() && {
    return regroup(std::move(self()).chain(), GroupingKind::global, SingleLaneGrouping{}, {.parallelism = 1});
  }
  Stream<T> global() const& {
    return regroup(self().chain(), GroupingKind::global, SingleLaneGrouping{}, {.parallelism = 1});
  }
  /// Goes on in tasks of their own, instance by instance: what follows may run on another core than what came before.
  Stream<T> forward() && { return regroup(std::move(self()).chain(), GroupingKind::forward, SingleLaneGrouping{}, {}); }
  Stream<T> forward() const& { return regroup(self().chain(), GroupingKind::forward, SingleLaneGrouping{}, {}); }
  /// Gives each event to the instance that `choose(const T&, int instances)` returns, from 0. Any other number ends the
  /// job with an error.
  template <std::invocable<const T&, int> Function>
  Stream<T> partition_by(Function choose, GroupingOptions options = {}) && {
    return regroup(std::move(self()).chain(), GroupingKind::custom, CustomGrouping<Function>{std::move(choose)},
                   options);
  }
  template <std::invocable<const T&, int> Function>
  Stream<T> partition_by(Function choose, GroupingOptions options = {}) const& {
    return regroup(self().chain(), GroupingKind::custom, CustomGrouping<Function>{std::move(choose)}, options);
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }
  const Self& self() const { return static_cast<const Self&>(*this); }

  template <class Chain, class Function>
  static auto map_on(Chain chain, std::string name, Function function, const VertexOptions& options) {
    using Result = std::remove_cvref_t<operators::EventResult<Function, T>>;
    static_assert(!std::is_void_v<Result>,
                  "map's function must return the new event; to only look at events, use a sink");
    return fused(std::move(chain).template then<Result>(std::move(name), VertexKind::operation,
                                                        operators::Map<Function>(std::move(function)), options));
  }
  template <class Chain, class Predicate>
  static auto filter_on(Chain chain, std::string name, Predicate predicate, const VertexOptions& options) {
    return fused(std::move(chain).template then<T>(std::move(name), VertexKind::operation,
                                                   operators::Filter<Predicate>(std::move(predicate)), options));
  }
  template <class Chain, class Function>
  static auto flat_map_on(Chain chain, std::string name, Function function, const VertexOptions& options) {
    using Result = std::remove_cvref_t<operators::EventResult<Function, T>>;
    if constexpr (operators::is_optional<Result>) {
      return fused(std::move(chain).template then<typename Result::value_type>(
          std::move(name), VertexKind::operation, operators::FlatMapOptional<Function>(std::move(function)), options));
    } else {
      static_assert(std::ranges::input_range<Result>, "flat_map's function must return a std::optional or a range");
      return fused(std::move(chain).template then<std::ranges::range_value_t<Result>>(
          std::move(name), VertexKind::operation, operators::FlatMapRange<T, Function>(std::move(function)), options));
    }
  }
  template <class Chain, class Extract, class Strategy>
  static auto time_on(Chain chain, Extract extract, Strategy strategy, const EventTimeOptions& options) {
    const std::shared_ptr<JobGraph> graph = chain.graph;
    const std::string name = graph->name_for_event_time(options.name, chain.last_name());
    graph->check_event_time(name, options, !chain.head.has_ports);
    const auto& setup = graph->keep(EventTimeSetup<Strategy>{std::move(strategy), options});
    return fused(std::move(chain).template then<T>(name, VertexKind::operation,
                                                   AssignEventTime<Extract, Strategy>(std::move(extract), setup),
                                                   {.bad_events = options.bad_events}));
  }
  template <class Chain, class Sink>
  static void sink_on(Chain chain, std::string name, Sink sink, const VertexOptions& options) {
    static_assert(SinkOf<Sink, T>,
                  "a sink needs `void write(const Event&)` (or bool) and must be copyable; see sink.hpp");
    std::move(chain)
        .template then<T>(std::move(name), VertexKind::sink, SinkStage<Sink>(std::move(sink)), options)
        .close_into_sink();
  }

  template <class Head, class U, class... Stages>
  static FusedStream<Head, U, Stages...> fused(OpenChain<Head, U, Stages...> chain) {
    return FusedStream<Head, U, Stages...>(std::move(chain));
  }

 protected:
  /// Adds an exchange behind `chain` and returns the stream behind it.
  template <class Chain, class Grouping>
  static Stream<T> regroup(Chain chain, GroupingKind kind, Grouping grouping, const GroupingOptions& options) {
    const std::shared_ptr<JobGraph> graph = chain.graph;
    const BatchFactory make_batch = batch_factory<T>({.hashes = Grouping::hashed, .times = chain.timed});
    const int exchange = graph->add_exchange(kind, options, make_batch, chain.timed);
    std::move(chain).close_into_exchange(exchange, std::move(grouping));
    return Stream<T>(StreamOrigin(graph, Port{Port::Kind::exchange, exchange}, -1));
  }
};

}  // namespace typed

/// A stream of events `T`.
template <class T>
class Stream : public typed::StreamMethods<Stream<T>, T> {
 public:
  /// The stream of what the last operator emits to a side output.
  template <class U>
  Stream<U> side(const SideOutput<U>& tag) const {
    return Stream<U>(
        origin_.side(tag.name(), [](typed::SideOutputs& sides, const std::string& name) -> typed::TaskPort& {
          return sides.template consume<U>(name);
        }));
  }

  // For the engine.

  explicit Stream(typed::StreamOrigin origin) : origin_(std::move(origin)) {}
  auto chain() const {
    return typed::OpenChain<typed::BatchHead<T>, T>(typed::ChainVertices(graph(), ports(), timed()), {});
  }
  bool timed() const { return origin_.timed(); }
  const std::shared_ptr<typed::JobGraph>& graph() const { return origin_.graph; }
  const std::vector<typed::Port>& ports() const { return origin_.ports; }

 private:
  typed::StreamOrigin origin_;
};

/// A stream in the midst of a fluent expression. Used as an rvalue it is extended; used as a variable, it is closed
/// into a `Stream<T>` at its first use.
template <class Head, class T, class... Stages>
class FusedStream : public typed::StreamMethods<FusedStream<Head, T, Stages...>, T> {
 public:
  operator Stream<T>() const { return close(); }  // NOLINT: it is a stream

  /// As `Stream::side`.
  template <class U>
  Stream<U> side(const SideOutput<U>& tag) const {
    return close().side(tag);
  }

  // For the engine.

  using Chain = typed::OpenChain<Head, T, Stages...>;
  explicit FusedStream(Chain chain) : chain_(std::move(chain)), use_(typed::StreamUse::make()) {}
  /// The chain to extend, for the one use of an expression that is not held in a variable.
  Chain chain() && {
    use_->take(chain_);
    return chain_;
  }
  auto chain() const& { return close().chain(); }

 private:
  Stream<T> close() const {
    use_->begin_closing(chain_);
    if (!use_->closed()) use_->close(chain_, Chain(chain_).close_into_ports());
    return Stream<T>(*use_->closed());
  }

  Chain chain_;
  std::shared_ptr<typed::StreamUse> use_;  // shared by copies: however often it is used, it is computed once
};

namespace typed {

template <class Self, class T>
template <class Operator>
auto StreamMethods<Self, T>::apply(std::string name, Operator user_operator, VertexOptions options) const {
  const auto chain = self().chain();
  return apply_operator<T>(
      chain.graph, chain.ports, std::move(name), std::move(user_operator), [] { return NoKey(); }, options);
}

}  // namespace typed

}  // namespace streamwork
