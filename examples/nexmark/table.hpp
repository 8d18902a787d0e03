// A table: one row per key, made of all events of the key. It gives out its rows when the input has ended, or every change
// of a row.
//
// `Aggregate` has a storable `State`, `void add(State&, const Event&)`, and `Row row(const Key&, const State&)`.
#pragma once

#include <streamwork/streamwork.hpp>
#include <utility>

namespace nexmark {

namespace sw = streamwork;

template <class Event, class Key, class Aggregate>
class Table {
  using State = typename Aggregate::State;
  using Row = decltype(Aggregate::row(std::declval<const Key&>(), std::declval<const State&>()));

 public:
  explicit Table(bool changes) : changes_(changes) {}

  void open(sw::OperatorContext& context) {
    state_ = context.value_state<State>("row");
    key_ = context.current_key<Key>();
    end_ = context.event_timers();
  }
  void apply(const Event& event, sw::Output<Row>& out) {
    Aggregate::add(*state_, event);
    if (changes_) {
      out.emit(Aggregate::row(*key_, *state_));
    } else {
      end_.set(sw::EventTime::max());
    }
  }
  void on_timer(sw::EventTime, sw::Output<Row>& out) { out.emit(Aggregate::row(*key_, *state_)); }

 private:
  bool changes_;
  sw::ValueState<State> state_;
  sw::CurrentKey<Key> key_;
  sw::EventTimers end_;
};

}  // namespace nexmark
