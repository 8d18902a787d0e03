// What can be made of the events of a window, one event at a time.
//
//   .aggregate("statistics", sw::count(), sw::average(&Reading::value), sw::maximum(&Reading::value))
//
// An aggregate of one's own is a copyable class
//   struct Product {
//     using State = double …;                                     // default-constructible, copyable: no event yet
//     void add(State& state, const Event& event) const;           // or add(state, event, sw::EventTime time)
//     void combine(State& state, const State& later) const;       // what was added to either
//     double result(const State& state) const;
//     void uncombine(State& state, const State& part) const;      // optional: the reverse of combine, exactly. It makes windows
//                                                                 // that overlap cheaper, if states are large above all
//     void subtract(State& state, const Event& event) const;      // only if changes of a table are aggregated (table.hpp)
//   };
// `combine` is what lets windows that overlap share their work. It must not matter how the events were split over states.
// A `State` is part of checkpoints if it can be stored (stored.hpp): a number, a container, a plain struct, …
// Thread rule: each instance works on its own copies.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <streamwork/stored.hpp>
#include <streamwork/time.hpp>
#include <streamwork/typed/total.hpp>
#include <streamwork/window_result.hpp>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork {

namespace aggregates {

template <class Field, class T>
using FieldValue = std::remove_cvref_t<std::invoke_result_t<const Field&, const T&>>;

struct Count {
  using State = std::int64_t;
  template <class Event>
  static void add(State& state, const Event&) {
    ++state;
  }
  template <class Event>
  static void subtract(State& state, const Event&) {
    --state;
  }
  static void combine(State& state, const State& later) { state += later; }
  static void uncombine(State& state, const State& part) { state -= part; }
  static std::int64_t result(const State& state) { return state; }
};

/// An aggregate of a field, before it is known of what events.
template <template <class Field, class T> class Aggregate, class Field>
struct Unbound {
  Field field;
  template <class T>
  auto bind() const {
    return Aggregate<Field, T>{field};
  }
};

template <class Field, class T>
struct Sum {
  using State = Total<FieldValue<Field, T>>;
  Field field;
  void add(State& state, const T& event) const { state.add(std::invoke(field, event)); }
  void subtract(State& state, const T& event) const { state.subtract(std::invoke(field, event)); }
  static void combine(State& state, const State& later) { state.add(later); }
  static void uncombine(State& state, const State& part)
    requires(!std::is_floating_point_v<typename State::Value>)
  {
    state.subtract(part.value());
  }
  static auto result(const State& state) { return state.value(); }
};

template <class Field, class T>
struct Average {
  struct State {
    Total<double> total;
    std::int64_t count = 0;
  };
  Field field;
  void add(State& state, const T& event) const {
    state.total.add(static_cast<double>(std::invoke(field, event)));
    ++state.count;
  }
  void subtract(State& state, const T& event) const {
    state.total.subtract(static_cast<double>(std::invoke(field, event)));
    --state.count;
  }
  static void combine(State& state, const State& later) {
    state.total.add(later.total);
    state.count += later.count;
  }
  static double result(const State& state) { return state.total.value() / static_cast<double>(state.count); }
};

/// The event or field that comes first in some order.
template <class Field, class T, class Before>
struct Extreme {
  using Value = FieldValue<Field, T>;
  using State = std::optional<Value>;
  Field field;
  void add(State& state, const T& event) const {
    const auto& value = std::invoke(field, event);
    if (!state || Before()(value, *state)) state = value;
  }
  static void combine(State& state, const State& later) {
    if (later && (!state || Before()(*later, *state))) state = later;
  }
  /// REQUIRES: at least one event.
  static Value result(const State& state) { return *state; }
};
template <class Field, class T>
struct Minimum : Extreme<Field, T, std::less<>> {};
template <class Field, class T>
struct Maximum : Extreme<Field, T, std::greater<>> {};

/// The field of the event with the least (or greatest) event time; of equal ones, the one that came first (or last).
template <class Field, class T, bool last>
struct ByTime {
  using Value = FieldValue<Field, T>;
  struct State {
    std::optional<Value> value;
    EventTime time{};
  };
  Field field;
  void add(State& state, const T& event, EventTime time) const {
    if (state.value && (last ? time < state.time : time >= state.time)) return;
    state.value = std::invoke(field, event);
    state.time = time;
  }
  static void combine(State& state, const State& later) {
    if (!later.value || (state.value && (last ? later.time < state.time : later.time >= state.time))) return;
    state = later;
  }
  static Value result(const State& state) { return *state.value; }
};
template <class Field, class T>
struct First : ByTime<Field, T, false> {};
template <class Field, class T>
struct Last : ByTime<Field, T, true> {};

template <class Field, class T>
struct DistinctCount {
  using State = std::set<FieldValue<Field, T>>;
  Field field;
  void add(State& state, const T& event) const { state.insert(std::invoke(field, event)); }
  static void combine(State& state, const State& later) { state.insert(later.begin(), later.end()); }
  static std::int64_t result(const State& state) { return static_cast<std::int64_t>(state.size()); }
};

/// The events with the `n` greatest fields, greatest first; of equal ones, those that came first.
template <class Field, class T>
struct TopN {
  using State = std::vector<T>;
  Field field;
  std::size_t n;
  void add(State& state, const T& event) const {
    const auto place = std::ranges::upper_bound(state, std::invoke(field, event), std::greater<>(),
                                                [&](const T& other) { return std::invoke(field, other); });
    if (place == state.end() && state.size() == n) return;
    state.insert(place, event);
    if (state.size() > n) state.pop_back();
  }
  void combine(State& state, const State& later) const {
    for (const T& event : later) add(state, event);
  }
  static std::vector<T> result(const State& state) { return state; }
};
template <class Field>
struct UnboundTopN {
  Field field;
  std::size_t n;
  template <class T>
  auto bind() const {
    return TopN<Field, T>{field, n};
  }
};

/// Folds events of one type into one of the same type.
template <class Function, class T>
struct Reduce {
  using State = std::optional<T>;
  Function function;
  void add(State& state, const T& event) const {
    state = state ? std::optional<T>(std::invoke(function, std::as_const(*state), event)) : std::optional<T>(event);
  }
  void combine(State& state, const State& later) const {
    if (later) add(state, *later);
  }
  static T result(const State& state) { return *state; }
};

/// Keeps all events, those of a slice in the order in which they came.
template <class T>
struct Collect {
  using State = std::vector<T>;
  static void add(State& state, const T& event) { state.push_back(event); }
  static void combine(State& state, const State& later) { state.insert(state.end(), later.begin(), later.end()); }
  static const State& result(const State& state) { return state; }
};

/// Keeps all events and gives them to a function with key and window.
template <class Function, class T>
struct Process : Collect<T> {
  Function function;
  template <class K>
  auto result(const std::vector<T>& events, const K& key, const TimeWindow& window) const {
    return std::invoke(function, key, window, events);
  }
};

/// The aggregate for events `T`.
template <class T, class Aggregate>
auto bind(const Aggregate& aggregate) {
  if constexpr (requires { aggregate.template bind<T>(); }) {
    return aggregate.template bind<T>();
  } else {
    return aggregate;
  }
}

template <class Aggregate, class T>
void add(const Aggregate& aggregate, typename Aggregate::State& state, const T& event, EventTime time) {
  if constexpr (requires { aggregate.add(state, event, time); }) {
    aggregate.add(state, event, time);
  } else {
    aggregate.add(state, event);
  }
}

/// What an aggregate makes of a window of some key; it may ask for both.
template <class Aggregate, class K>
decltype(auto) result(const Aggregate& aggregate, const typename Aggregate::State& state, const K& key,
                      const TimeWindow& window) {
  if constexpr (requires { aggregate.result(state, key, window); }) {
    return aggregate.result(state, key, window);
  } else {
    return aggregate.result(state);
  }
}
template <class Aggregate, class K>
using ResultOf = std::remove_cvref_t<decltype(aggregates::result(
    std::declval<const Aggregate&>(), std::declval<const typename Aggregate::State&>(), std::declval<const K&>(),
    std::declval<const TimeWindow&>()))>;

/// What was combined can be taken apart again, so that nothing of a part is left.
template <class A>
concept Invertible = requires(const A aggregate, typename A::State& state, const typename A::State& part) {
  aggregate.uncombine(state, part);
};

/// It can take back what was added.
template <class A, class T>
concept SubtractsFrom =
    requires(const A aggregate, typename A::State& state, const T& event) { aggregate.subtract(state, event); };

/// Several aggregates at once; the result is a tuple.
template <class... Aggregates>
struct Together {
  using State = std::tuple<typename Aggregates::State...>;
  std::tuple<Aggregates...> parts;

  template <class T>
  void add(State& state, const T& event, EventTime time) const {
    each([&](auto i) { aggregates::add(std::get<i>(parts), std::get<i>(state), event, time); });
  }
  template <class T>
    requires(SubtractsFrom<Aggregates, T> && ...)
  void subtract(State& state, const T& event) const {
    each([&](auto i) { std::get<i>(parts).subtract(std::get<i>(state), event); });
  }
  void combine(State& state, const State& later) const {
    each([&](auto i) { std::get<i>(parts).combine(std::get<i>(state), std::get<i>(later)); });
  }
  void uncombine(State& state, const State& part) const
    requires(Invertible<Aggregates> && ...)
  {
    each([&](auto i) { std::get<i>(parts).uncombine(std::get<i>(state), std::get<i>(part)); });
  }
  auto result(const State& state) const {
    return std::apply(
        [&](const auto&... part) { return results(state, std::index_sequence_for<Aggregates...>(), part...); }, parts);
  }

 private:
  template <class Visit>
  static void each(Visit&& visit) {
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      (visit(std::integral_constant<std::size_t, i>()), ...);
    }(std::index_sequence_for<Aggregates...>());
  }
  template <std::size_t... i, class... Parts>
  static auto results(const State& state, std::index_sequence<i...>, const Parts&... part) {
    return std::make_tuple(part.result(std::get<i>(state))...);
  }
};

}  // namespace aggregates

/// What an aggregate of events `T` looks like; see the top of this file.
template <class A, class T>
concept AggregateOf = requires(const A aggregate, typename A::State& state, const typename A::State& other,
                               const T& event, EventTime time) {
  requires std::default_initializable<typename A::State> && std::copyable<typename A::State>;
  aggregates::add(aggregate, state, event, time);
  aggregate.combine(state, other);
};

/// Number of events.
inline aggregates::Count count() { return {}; }
/// Sum of a field: a member pointer, or a function of the event.
template <class Field>
auto sum(Field field) {
  return aggregates::Unbound<aggregates::Sum, Field>{std::move(field)};
}
template <class Field>
auto average(Field field) {
  return aggregates::Unbound<aggregates::Average, Field>{std::move(field)};
}
template <class Field>
auto minimum(Field field) {
  return aggregates::Unbound<aggregates::Minimum, Field>{std::move(field)};
}
template <class Field>
auto maximum(Field field) {
  return aggregates::Unbound<aggregates::Maximum, Field>{std::move(field)};
}
/// The field of the event with the least event time, or the greatest.
template <class Field>
auto first(Field field) {
  return aggregates::Unbound<aggregates::First, Field>{std::move(field)};
}
template <class Field>
auto last(Field field) {
  return aggregates::Unbound<aggregates::Last, Field>{std::move(field)};
}
/// Number of different values of a field, counted exactly.
template <class Field>
auto distinct_count(Field field) {
  return aggregates::Unbound<aggregates::DistinctCount, Field>{std::move(field)};
}
/// The `n` events with the greatest values of a field, greatest first.
template <class Field>
auto top_n(std::size_t n, Field field) {
  return aggregates::UnboundTopN<Field>{std::move(field), n};
}

}  // namespace streamwork
