// What has been made so far of all events of a key, and the last one of them: as tables that change with every event.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <streamwork/aggregates.hpp>
#include <streamwork/change.hpp>
#include <streamwork/operator.hpp>
#include <utility>

namespace streamwork {

/// A row of a table with one per key.
template <class K, class V>
struct TableRow {
  K key;
  V value;
  friend bool operator==(const TableRow&, const TableRow&) = default;
};

namespace operators {

/// Gives out how a row has changed, unless it has not.
template <class Row, class Out>
void emit_change(std::optional<Row> before, std::optional<Row> after, Out& out) {
  if constexpr (std::equality_comparable<Row>) {
    if (before == after) return;
  }
  if (before && after) {
    out.emit(Change<Row>::update(*std::move(before), *std::move(after)));
  } else if (after) {
    out.emit(Change<Row>::insert(*std::move(after)));
  } else if (before) {
    out.emit(Change<Row>::remove(*std::move(before)));
  }
}

/// `T`: events that are added, or changes of rows, which may also be taken back.
template <class T, class K, class Aggregate>
class RunningAggregate {
  using State = typename Aggregate::State;
  using Value = std::remove_cvref_t<decltype(std::declval<const Aggregate&>().result(std::declval<const State&>()))>;
  using Row = TableRow<K, Value>;
  using Out = Output<Change<Row>>;

 public:
  explicit RunningAggregate(Aggregate aggregate) : aggregate_(std::move(aggregate)) {}

  void open(OperatorContext& context) {
    time_ = context.time();
    key_ = context.current_key<K>();
    state_ = context.value_state<State>("aggregate");
    rows_ = context.value_state<std::int64_t>("rows");
  }

  void apply(const T& event, Out& out) {
    std::optional<Row> before = row();
    take(event);
    std::optional<Row> after = row();
    const bool empty = !after.has_value();
    emit_change(std::move(before), std::move(after), out);
    if (empty) key_.forget();
  }

 private:
  std::optional<Row> row() const {
    if (*rows_ == 0) return std::nullopt;
    return Row{*key_, aggregate_.result(*state_)};
  }

  void take(const T& event) {
    if constexpr (typed::is_change<T>) {
      if (event.kind != ChangeKind::insert) take_back(event.kind == ChangeKind::update ? *event.old : event.value);
      if (event.kind != ChangeKind::remove) put(event.value);
    } else {
      put(event);
    }
  }
  template <class Added>
  void put(const Added& row) {
    aggregates::add(aggregate_, *state_, row, time_.event_time());
    ++*rows_;
  }
  template <class Removed>
  void take_back(const Removed& row) {
    if (*rows_ == 0)
      throw std::invalid_argument("a change takes back a row of a key that has none: its insertion is missing");
    aggregate_.subtract(*state_, row);
    --*rows_;
  }

  Aggregate aggregate_;
  OperatorTime time_;
  CurrentKey<K> key_;
  ValueState<State> state_;
  ValueState<std::int64_t> rows_;
};

/// Each event is the row of its key from now on.
template <class T, class K>
class LastOfKey {
 public:
  void open(OperatorContext& context) { row_ = context.value_state<std::optional<T>>("row"); }

  void apply(const T& event, Output<Change<T>>& out) {
    std::optional<T> before = std::exchange(*row_, event);
    emit_change<T>(std::move(before), event, out);
  }

 private:
  ValueState<std::optional<T>> row_;
};

}  // namespace operators

}  // namespace streamwork
