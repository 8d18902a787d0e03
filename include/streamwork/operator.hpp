// What an operator class looks like, and what it is given.
//
//   class VehicleCounter {
//    public:
//     void open(sw::OperatorContext& context) { count_ = context.value_state<std::int64_t>("count"); }   // optional
//     void apply(const Vehicle& vehicle, sw::Output<VehicleCount>& out) { out.emit({vehicle.type, ++*count_}); }
//     void on_timer(sw::EventTime time, sw::Output<VehicleCount>& out) {}        // if it sets timers (timers.hpp)
//     void on_timer(sw::ProcessingTime time, sw::Output<VehicleCount>& out) {}
//     void finish(sw::Output<VehicleCount>& out) {}   // optional: input has ended, last results
//     sw::EventTime passes_on(sw::EventTime watermark) const { … }   // optional: how far event time has come behind it, at
//                               // most so far: results that have waited in state and come out with their old times are not late
//     void close() {}                                 // optional: give back what `open` took; always called
//    private:
//     sw::ValueState<std::int64_t> count_;
//   };
//
// No base class is needed. Each parallel instance works on its own copy of the object that was given to `.apply`.
// What an operator must remember across a restart is in state handles. Plain members are not part of checkpoints: after a failure, a
// suspension or a change of parallelism they are what the constructor and `open` make of them. The test kit
// (`testing::results_of`) finds operators that forget this.
// Thread rule: one instance is called by one thread at a time, never by two.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <streamwork/clock.hpp>
#include <streamwork/list_state.hpp>
#include <streamwork/map_state.hpp>
#include <streamwork/operator_state.hpp>
#include <streamwork/output.hpp>
#include <streamwork/reducing_state.hpp>
#include <streamwork/side_output.hpp>
#include <streamwork/state.hpp>
#include <streamwork/timers.hpp>
#include <streamwork/typed/instance_states.hpp>
#include <streamwork/typed/side_outputs.hpp>
#include <streamwork/typed/state_layout.hpp>
#include <string>
#include <utility>

namespace streamwork {

class OperatorContext {
 public:
  /// The vertex' name as given in the job.
  const std::string& vertex() const { return vertex_.name; }
  /// This instance, from 0.
  std::int64_t instance() const { return vertex_.instance; }
  /// Number of parallel instances of the vertex.
  std::int64_t parallelism() const { return vertex_.parallelism; }
  /// The engine's clock; a test may move it by hand.
  const Clock& clock() const { return *time_->clock; }

  // --- state of the current key
  //
  // Found again by `name`. All of these throw `std::logic_error` if the operator's input is not grouped by key, or a state of that
  // name exists. `migrations` tell how to read what an older version of the program has stored (migrations.hpp). With a
  // `lifetime` (state_lifetime.hpp) the handle's type ends in `Expiring`.

  /// One value of type `T` per key; unseen keys hold `initial`.
  template <std::copy_constructible T>
  ValueState<T> value_state(const std::string& name, T initial = T{}, Migrations migrations = {}) {
    return ValueState<T>(keep(name, std::move(initial), std::move(migrations)));
  }
  template <std::copyable T>
  ValueState<T, Expiring> value_state(const std::string& name, StateLifetime lifetime, T initial = T{},
                                      Migrations migrations = {}) {
    return ValueState<T, Expiring>(keep(name, lifetime, typed::Aged<T>{std::move(initial)}, std::move(migrations)));
  }

  /// A list of values per key, at first empty.
  template <std::copyable T>
  ListState<T> list_state(const std::string& name, Migrations migrations = {}) {
    return ListState<T>(keep(name, typed::RowList<T>(), std::move(migrations)));
  }
  template <std::copyable T>
  ListState<T, Expiring> list_state(const std::string& name, StateLifetime lifetime, Migrations migrations = {}) {
    return ListState<T, Expiring>(keep(name, lifetime, typed::RowList<typed::Aged<T>>(), std::move(migrations)));
  }

  /// A map per key, at first empty.
  template <std::copyable K, std::copyable V>
  MapState<K, V> map_state(const std::string& name, Migrations migrations = {}) {
    return MapState<K, V>(keep(name, typed::RowMap<K, V>(), std::move(migrations)));
  }
  template <std::copyable K, std::copyable V>
  MapState<K, V, Expiring> map_state(const std::string& name, StateLifetime lifetime, Migrations migrations = {}) {
    return MapState<K, V, Expiring>(keep(name, lifetime, typed::RowMap<K, typed::Aged<V>>(), std::move(migrations)));
  }

  /// What is added, folded by `function(folded, added)`.
  template <std::copyable T>
  ReducingState<T> reducing_state(const std::string& name, typename ReducingState<T>::Function function,
                                  Migrations migrations = {}) {
    using Folded = typename ReducingState<T>::Folded;
    return {Folded(keep(name, std::optional<T>(), std::move(migrations))), std::move(function)};
  }
  template <std::copyable T>
  ReducingState<T, Expiring> reducing_state(const std::string& name, typename ReducingState<T>::Function function,
                                            StateLifetime lifetime, Migrations migrations = {}) {
    using Folded = typename ReducingState<T, Expiring>::Folded;
    return {Folded(keep(name, lifetime, typed::Aged<std::optional<T>>(), std::move(migrations))), std::move(function)};
  }

  /// What is added, events `T`, in an aggregate (aggregates.hpp), for instance `sw::average(&Reading::value)`.
  template <class T, class Aggregate>
  auto aggregating_state(const std::string& name, const Aggregate& aggregate, Migrations migrations = {}) {
    const auto bound = bound_aggregate<T>(aggregate);
    using State = typename decltype(bound)::State;
    return aggregating<T, Forever>(bound, keep(name, std::optional<State>(), std::move(migrations)));
  }
  template <class T, class Aggregate>
  auto aggregating_state(const std::string& name, const Aggregate& aggregate, StateLifetime lifetime,
                         Migrations migrations = {}) {
    const auto bound = bound_aggregate<T>(aggregate);
    using State = typename decltype(bound)::State;
    return aggregating<T, Expiring>(bound,
                                    keep(name, lifetime, typed::Aged<std::optional<State>>(), std::move(migrations)));
  }

  // --- state of this instance; see operator_state.hpp
  //
  // All of these throw `std::logic_error` if a state of that name exists, and `std::runtime_error` if what a checkpoint has of it
  // does not fit.

  /// One value, at first `initial`. `merge(value, other)` makes one of two where there are fewer instances than there were.
  template <std::copyable T, class Merge = std::nullptr_t>
  OperatorState<T> operator_state(const std::string& name, T initial = T{}, Merge merge = {},
                                  Migrations migrations = {}) {
    return of_instance<T>(name, false, std::move(initial), std::move(migrations),
                          typed::share_by_number<T>(name, std::move(merge)));
  }
  /// A list whose elements are dealt out anew when the parallelism has changed.
  template <std::copyable T>
  OperatorListState<T> operator_list_state(const std::string& name, Migrations migrations = {}) {
    return of_instance<std::vector<T>>(name, false, {}, std::move(migrations), typed::share_in_turn<T>);
  }
  /// A list that after a restart holds the elements of all instances.
  template <std::copyable T>
  OperatorListState<T> operator_union_state(const std::string& name, Migrations migrations = {}) {
    return of_instance<std::vector<T>>(name, false, {}, std::move(migrations), typed::share_all<T>);
  }
  /// A map that every instance keeps in the same way.
  template <std::copyable K, std::copyable V>
  BroadcastState<K, V> broadcast_state(const std::string& name, Migrations migrations = {}) {
    return BroadcastState<K, V>(instance_states_->template open_broadcast<K, V>(name, std::move(migrations)));
  }

  // --- key, timers, time

  /// A handle to the key of the event at hand. `K` is the key's type; `std::string` for keys that only refer to
  /// characters. Throws `std::logic_error` if it is another one, or there is no key.
  template <class K>
  CurrentKey<K> current_key() {
    typed::StateLayout& layout = keyed("the current key");
    if (layout.key_type() != typeid(K)) throw std::logic_error("the key of '" + vertex() + "' is of another type");
    return CurrentKey<K>(layout.cursor());
  }

  /// Timers of the key at hand. Throws `std::logic_error` if the operator's input is not grouped by key.
  EventTimers event_timers() { return timers<EventTime>(typed::StateLayout::TimerKind::event); }
  ProcessingTimers processing_timers() { return timers<ProcessingTime>(typed::StateLayout::TimerKind::processing); }
  RightEventTimers right_event_timers() { return timers<RightEventTime>(typed::StateLayout::TimerKind::right_event); }

  /// What time it is: of the event at hand, by the watermark, by the wall clock.
  OperatorTime time() const { return OperatorTime(*time_); }

  /// The output behind the side output `tag`; valid as long as the operator. Events emitted to a side output from which
  /// no stream was made are counted and dropped.
  template <class T>
  Output<T>& side_output(const SideOutput<T>& tag) {
    return side_outputs_->template claim<T>(tag.name());
  }

  // For the engine.
  OperatorContext(const typed::VertexInstance& vertex, const typed::OperatorClock& time,
                  typed::SideOutputs& side_outputs, typed::StateLayout* state, typed::InstanceStates& instance_states)
      : vertex_(vertex),
        time_(&time),
        side_outputs_(&side_outputs),
        state_(state),
        instance_states_(&instance_states) {}

 private:
  typed::StateLayout& keyed(const std::string& what);
  typed::StateLayout& keyed_state(const std::string& name);
  template <class T>
  typed::StatePlace<typed::StateColumnOf<T>> keep(const std::string& name, T initial, Migrations migrations) {
    return keyed_state(name).add_place(
        name, std::make_unique<typed::StateColumnOf<T>>(std::move(initial), std::move(migrations)));
  }
  template <class T>
  typed::StatePlace<typed::AgingColumn<T>> keep(const std::string& name, const StateLifetime& lifetime, T initial,
                                                Migrations migrations) {
    return keyed_state(name).add_place(
        name, std::make_unique<typed::AgingColumn<T>>(std::move(initial), typed::StateAge(lifetime, *time_),
                                                      std::move(migrations)));
  }
  template <class T>
  OperatorState<T> of_instance(const std::string& name, bool of_first, T initial, Migrations migrations,
                               typename typed::InstanceStateOf<T>::Share share) {
    typed::InstanceStateOf<T>& state =
        instance_states_->open<T>(name, of_first, std::move(initial), std::move(migrations), std::move(share));
    return {state.get(), state.initial()};
  }
  template <class T, class Aggregate>
  static auto bound_aggregate(const Aggregate& aggregate) {
    auto bound = aggregates::bind<T>(aggregate);
    static_assert(AggregateOf<decltype(bound), T>, "an aggregate needs State, add, combine and result: aggregates.hpp");
    return bound;
  }
  template <class T, class Lifetime, class Aggregate, class Place>
  auto aggregating(const Aggregate& aggregate, const Place& place) {
    using Result = typed::AggregateResult<T, Aggregate>;
    using Typed = typed::StateAggregateOf<T, Result, Aggregate, Lifetime>;
    return AggregatingState<T, Result, Lifetime>(
        std::make_shared<const Typed>(aggregate, typename Typed::Folded(place)), *time_);
  }
  template <class TimePoint>
  TimersOf<TimePoint> timers(typed::StateLayout::TimerKind kind) {
    typed::StateLayout& layout = keyed("a timer");
    typed::StateLayout::Timers& timers = layout.use_timers(kind);
    return TimersOf<TimePoint>(timers.queue, layout.cursor(), timers.offset);
  }

  const typed::VertexInstance& vertex_;
  const typed::OperatorClock* time_;
  typed::SideOutputs* side_outputs_;
  typed::StateLayout* state_;
  typed::InstanceStates* instance_states_;
};

namespace typed {

/// Finds `R` in the `Output<R>&` that an operator's `apply` takes.
template <class Member>
struct ApplySignature;
template <class Operator, class Event, class Result>
struct ApplySignature<void (Operator::*)(Event, Output<Result>&)> {
  using result = Result;
};
template <class Operator, class Event, class Result>
struct ApplySignature<void (Operator::*)(Event, Output<Result>&) const> {
  using result = Result;
};
template <class Operator, class Event, class Result>
struct ApplySignature<void (Operator::*)(Event, Output<Result>&) noexcept> {
  using result = Result;
};

template <class Operator>
concept HasOneApply = requires { typename ApplySignature<decltype(&Operator::apply)>::result; };

}  // namespace typed

/// An operator of events `T`: it has one, not overloaded, `void apply(const T&, Output<R>&)`.
template <class Operator, class T>
concept OperatorOf =
    typed::HasOneApply<Operator> && std::copy_constructible<Operator> &&
    requires(Operator op, const T& event,
             Output<typename typed::ApplySignature<decltype(&Operator::apply)>::result>& out) { op.apply(event, out); };

}  // namespace streamwork
