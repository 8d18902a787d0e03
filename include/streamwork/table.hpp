// Tables: the last event of each key, or what has been made so far of all its events, as streams of changes (change.hpp).
//
//   orders.key_by(&Order::customer).aggregate("spent", sw::sum(&Order::amount))     // Change<TableRow<Customer, int64>>
//   users.key_by(&User::id).table("users")                                          // Change<User>
//
// A row comes with the first event of its key; it goes when all that was added has been taken back, which a stream of changes can
// do. An event that leaves a row as it was gives out nothing. Rows are kept until then: for results that have an end, use windows.
// Thread rule: a job is written by one thread.
#pragma once

#include <streamwork/aggregates.hpp>
#include <streamwork/keyed_stream.hpp>
#include <streamwork/operators/running_aggregate.hpp>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace streamwork {

template <class T, class KeyFunction>
template <class... Aggregates>
auto KeyedBy<T, KeyFunction>::aggregate(std::string name, Aggregates... aggregates) const {
  static_assert(sizeof...(Aggregates) > 0, "say what is to be made of the events: sw::count(), sw::sum(field), …");
  using Row = typename typed::RowOf<T>::Type;
  static_assert(
      !typed::is_change<T> || (aggregates::SubtractsFrom<decltype(aggregates::bind<Row>(aggregates)), Row> && ...),
      "of changes, only aggregates can be made that take back what was added: count, sum, average, and your own "
      "with `void subtract(State& state, const Event& event) const`; see aggregates.hpp");
  const auto run = [&](auto aggregate) {
    using Aggregate = decltype(aggregate);
    static_assert(AggregateOf<Aggregate, Row>,
                  "an aggregate needs a State, add(state, event), combine(state, later) and result(state); see "
                  "aggregates.hpp");
    return apply(std::move(name),
                 operators::RunningAggregate<T, typed::StoredKey<Key>, Aggregate>(std::move(aggregate)));
  };
  if constexpr (sizeof...(Aggregates) == 1) {
    return run(aggregates::bind<Row>(aggregates...));
  } else {
    using All = aggregates::Together<decltype(aggregates::bind<Row>(aggregates))...>;
    return run(All{{aggregates::bind<Row>(aggregates)...}});
  }
}

template <class T, class KeyFunction>
auto KeyedBy<T, KeyFunction>::table(std::string name) const {
  static_assert(!typed::is_change<T>, "a stream of changes is a table already");
  return apply(std::move(name), operators::LastOfKey<T, typed::StoredKey<Key>>());
}

}  // namespace streamwork
