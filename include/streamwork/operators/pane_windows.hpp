// Windows that are kept one by one: those a user's function chooses, and those with triggers of their own.
//
// Each window of a key is a pane with its own aggregate, so that it can fire early, again and again, and be emptied when it
// fires. Windows that fire once, at their end, are cheaper by slices (sliced_windows.hpp).
#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <streamwork/aggregates.hpp>
#include <streamwork/operators/window_time.hpp>
#include <streamwork/side_output.hpp>
#include <streamwork/triggers.hpp>
#include <streamwork/window_result.hpp>
#include <streamwork/windows.hpp>
#include <utility>
#include <vector>

namespace streamwork::operators {

/// The windows of an event, whatever they are described by: calls `visit(start, end)` for each.
template <class Windows, class T, class Visit>
void for_each_window(const Windows& windows, const T&, std::int64_t time, Visit&& visit) {
  const std::int64_t slice = windows.slice_start(time);
  const std::int64_t last = windows.last_end(slice);
  for (std::int64_t end = windows.first_end(slice); end <= last; end = windows.next_end(end))
    visit(windows.start_of(end), end);
}
template <class Assign, class T, class Visit>
void for_each_window(const windows::Custom<Assign>& windows, const T& event, std::int64_t time, Visit&& visit) {
  for (const TimeWindow& window : std::invoke(windows.assign, event, EventTime(Duration(time)))) {
    if (window.start >= window.end) throw std::invalid_argument("windows_by: a window ends before it begins");
    visit(window.start.time_since_epoch().count(), window.end.time_since_epoch().count());
  }
}
template <class T, class Visit>
void for_each_window(const windows::Global&, const T&, std::int64_t, Visit&& visit) {
  visit(EventTime::min().time_since_epoch().count(), EventTime::max().time_since_epoch().count());
}

template <class T, class K, class Windows, class Time, class Aggregate>
class PaneWindows {
  using State = typename Aggregate::State;
  using Value = aggregates::ResultOf<Aggregate, K>;
  using Result = WindowResult<K, Value>;
  static constexpr bool by_event_time = std::is_same_v<typename Time::TimePoint, EventTime>;

  struct Pane {
    std::int64_t start;
    std::int64_t end;
    State state{};
    std::int64_t events = 0;       ///< in `state`
    std::int64_t since_fired = 0;  ///< of these, since it fired last
    bool had_result = false;
  };
  using Panes = std::vector<Pane>;  // by end, then by start

 public:
  PaneWindows(Windows windows, Aggregate aggregate, Duration lateness, std::optional<SideOutput<T>> late,
              const Triggers& triggers)
      : windows_(std::move(windows)),
        aggregate_(std::move(aggregate)),
        lateness_(lateness.count()),
        late_tag_(std::move(late)),
        triggers_(triggers) {}

  void open(OperatorContext& context) {
    time_.open(context);
    key_ = context.current_key<K>();
    panes_ = context.value_state<Panes>("panes");
    if (triggers_.early_every) early_.open(context);
    if (triggers_.early_every_by_wall_clock) early_by_wall_clock_.open(context);
    if (late_tag_) late_ = &context.side_output(*late_tag_);
  }

  void apply(const T& event, Output<Result>& out) {
    const std::int64_t now = time_.now();
    const std::int64_t reached = time_.reached();
    bool taken = false;
    for_each_window(windows_, event, now, [&](std::int64_t start, std::int64_t end) {
      if (end <= reached && expiry(end) <= reached) return;
      taken = true;
      Pane& pane = pane_for(start, end);
      aggregates::add(aggregate_, pane.state, event, time_.event_time());
      ++pane.events;
      ++pane.since_fired;
      const bool counted_out = triggers_.every_events && pane.since_fired >= *triggers_.every_events;
      if (end <= reached || counted_out) fire(pane, out);
    });
    if (taken) {
      arm_early_timers(now);
    } else {
      time_.count_late(event);
      if (late_ != nullptr) late_->emit(event);
    }
  }

  void on_timer(EventTime at, Output<Result>& out) {
    const std::int64_t now = at.time_since_epoch().count();
    if constexpr (by_event_time) {
      fire_ended(now, out);
      if (triggers_.early_every && now % triggers_.early_every->count() == 0) fire_early(now, out);
      after_firing(now);
    } else {
      fire_early(now, out);
    }
  }
  void on_timer(ProcessingTime at, Output<Result>& out) {
    const std::int64_t now = at.time_since_epoch().count();
    if constexpr (by_event_time) {
      fire_early(time_.reached(), out);
      if (has_news()) early_by_wall_clock_.set_timer(next_multiple(now, *triggers_.early_every_by_wall_clock));
    } else {
      time_.note_timer(now);
      fire_ended(now, out);
      if (triggers_.early_every_by_wall_clock && now % triggers_.early_every_by_wall_clock->count() == 0)
        fire_early(now, out);
      after_firing(now);
    }
  }

 private:
  static constexpr std::int64_t latest_end = std::numeric_limits<std::int64_t>::max();

  static std::int64_t next_multiple(std::int64_t time, Duration step) {
    return windows::floor_to(time, step.count()) + step.count();
  }
  std::int64_t expiry(std::int64_t end) const { return end > latest_end - lateness_ ? latest_end : end + lateness_; }

  Pane& pane_for(std::int64_t start, std::int64_t end) {
    const auto before = [](const Pane& pane, const std::pair<std::int64_t, std::int64_t>& bounds) {
      return std::pair(pane.end, pane.start) < bounds;
    };
    auto place = std::lower_bound(panes_->begin(), panes_->end(), std::pair(end, start), before);
    if (place != panes_->end() && place->end == end && place->start == start) return *place;
    if (end > time_.reached()) time_.set_timer(end);
    if (lateness_ > 0) time_.set_timer(expiry(end));
    return *panes_->insert(place, Pane{start, end});
  }

  void arm_early_timers(std::int64_t now) {
    if (triggers_.early_every) early_.set_timer(next_multiple(std::max(now, early_.reached()), *triggers_.early_every));
    if (triggers_.early_every_by_wall_clock)
      early_by_wall_clock_.set_timer(next_multiple(early_by_wall_clock_.now(), *triggers_.early_every_by_wall_clock));
  }

  bool has_news() const {
    return std::ranges::any_of(*panes_, [](const Pane& pane) { return pane.since_fired > 0; });
  }

  /// Fires the windows that end now.
  void fire_ended(std::int64_t now, Output<Result>& out) {
    for (Pane& pane : *panes_) {
      if (pane.end == now && pane.events > 0) fire(pane, out);
    }
  }
  /// Fires the windows that have news and are not over.
  void fire_early(std::int64_t now, Output<Result>& out) {
    for (Pane& pane : *panes_) {
      if (pane.since_fired > 0 && pane.end > now) fire(pane, out);
    }
  }

  void after_firing(std::int64_t now) {
    std::erase_if(*panes_, [&](const Pane& pane) { return expiry(pane.end) <= now; });
    if (panes_->empty()) key_.forget();
  }

  void fire(Pane& pane, Output<Result>& out) {
    const TimeWindow window{EventTime(Duration(pane.start)), EventTime(Duration(pane.end))};
    out.emit(Result{*key_, window.start, window.end, aggregates::result(aggregate_, pane.state, *key_, window),
                    pane.had_result},
             window.end == EventTime::max() ? time_.event_time() : window.end - Duration(1));
    pane.had_result = true;
    pane.since_fired = 0;
    if (triggers_.discarding) {
      pane.state = State();
      pane.events = 0;
    }
  }

  Windows windows_;
  Aggregate aggregate_;
  std::int64_t lateness_;
  std::optional<SideOutput<T>> late_tag_;
  Triggers triggers_;
  Time time_;
  ByEventTime early_;
  ByProcessingTime early_by_wall_clock_;
  CurrentKey<K> key_;
  ValueState<Panes> panes_;
  Output<T>* late_ = nullptr;
};

}  // namespace streamwork::operators
