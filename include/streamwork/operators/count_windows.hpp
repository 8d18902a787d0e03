// Windows of a number of events of one key: every `step` events, the last `events` of them.
//
// The events are aggregated in slices of the greatest common divisor of both, as windows of time are. What is left at the
// end of input comes out too. Start and end of a result are the least and the greatest event time in it.
#pragma once

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <streamwork/aggregates.hpp>
#include <streamwork/operators/window_time.hpp>
#include <streamwork/side_output.hpp>
#include <streamwork/typed/slices.hpp>
#include <streamwork/window_result.hpp>
#include <streamwork/windows.hpp>
#include <utility>

namespace streamwork::operators {

/// An aggregate together with the least and greatest time of what was added.
template <class Aggregate>
struct WithTimeSpan {
  struct State {
    typename Aggregate::State inner{};
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::int64_t greatest = std::numeric_limits<std::int64_t>::min();
  };
  Aggregate inner;

  template <class T>
  void add(State& state, const T& event, std::int64_t time, EventTime event_time) const {
    aggregates::add(inner, state.inner, event, event_time);
    state.least = std::min(state.least, time);
    state.greatest = std::max(state.greatest, time);
  }
  void combine(State& state, const State& later) const {
    inner.combine(state.inner, later.inner);
    state.least = std::min(state.least, later.least);
    state.greatest = std::max(state.greatest, later.greatest);
  }
};

template <class T, class K, class Time, class Aggregate>
class CountWindows {
  using Spanned = WithTimeSpan<Aggregate>;
  using State = typename Spanned::State;
  using Value = aggregates::ResultOf<Aggregate, K>;
  using Result = WindowResult<K, Value>;
  struct Counted {
    typed::SharedSlices<Spanned> slices;
    std::int64_t events = 0;  ///< of this key so far
    std::int64_t fired = 0;   ///< those up to here have been in a window
  };

 public:
  /// `late` is there for uniformity: no event is late for a window that has no time.
  CountWindows(windows::Count windows, Aggregate aggregate, std::optional<SideOutput<T>> late)
      : windows_(windows),
        slice_(std::gcd(windows.events, windows.step)),
        aggregate_{std::move(aggregate)},
        late_tag_(std::move(late)) {}

  void open(OperatorContext& context) {
    time_.open(context);
    end_.open(context);
    key_ = context.current_key<K>();
    counted_ = context.value_state<Counted>("events");
    if (late_tag_) context.side_output(*late_tag_);
  }

  void apply(const T& event, Output<Result>& out) {
    Counted& counted = *counted_;
    if (counted.events == 0) end_.set_timer(typed::end_of_time.time_since_epoch().count());
    State& state = counted.slices.at(windows::floor_to(counted.events, slice_), [] {});
    aggregate_.add(state, event, time_.now(), time_.event_time());
    if (++counted.events % windows_.step == 0) fire(out);
  }

  /// The end of input.
  void on_timer(EventTime, Output<Result>& out) {
    if (counted_->fired < counted_->events) fire(out);
    key_.forget();
  }

 private:
  void fire(Output<Result>& out) {
    Counted& counted = *counted_;
    counted.fired = counted.events;
    // A last window that is not full begins where the full one would have.
    const std::int64_t full = windows::floor_to(counted.events + windows_.step - 1, windows_.step);
    const std::int64_t begin = full - windows_.events;
    counted.slices.over(aggregate_, std::max<std::int64_t>(begin, 0), counted.events, [&](const State& state) {
      const TimeWindow window{EventTime(Duration(state.least)), EventTime(Duration(state.greatest))};
      out.emit(
          Result{*key_, window.start, window.end, aggregates::result(aggregate_.inner, state.inner, *key_, window)},
          window.end);
    });
    while (!counted.slices.empty() && counted.slices.first() < begin + windows_.step)
      counted.slices.drop_first(aggregate_);
  }

  windows::Count windows_;
  std::int64_t slice_;
  Spanned aggregate_;
  std::optional<SideOutput<T>> late_tag_;
  Time time_;
  ByEventTime end_;
  CurrentKey<K> key_;
  ValueState<Counted> counted_;
};

}  // namespace streamwork::operators
