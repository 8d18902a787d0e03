// Streams cut into windows: what `window(…)` returns.
//
//   vehicles.key_by(&Vehicle::type).window(sw::tumbling(5s)).allowed_lateness(1s).aggregate("counter", sw::count())
//
// Every aggregation is an operator with a name, and its results, `WindowResult`s, are a stream like any other.
// Thread rule: a job is written by one thread.
#pragma once

#include <optional>
#include <streamwork/aggregates.hpp>
#include <streamwork/keyed_stream.hpp>
#include <streamwork/operators/count_windows.hpp>
#include <streamwork/operators/pane_windows.hpp>
#include <streamwork/operators/session_windows.hpp>
#include <streamwork/operators/sliced_windows.hpp>
#include <streamwork/triggers.hpp>
#include <streamwork/windows.hpp>
#include <string>
#include <utility>

namespace streamwork {

namespace typed {

template <class Windows>
inline constexpr bool by_wall_clock = false;
template <class Windows>
inline constexpr bool by_wall_clock<windows::ByWallClock<Windows>> = true;

template <class Windows>
inline constexpr bool is_session = false;
template <class Gap>
inline constexpr bool is_session<windows::Session<Gap>> = true;

template <class Windows>
concept AlignedWindows = requires(const Windows& windows) { windows.slice_start(0); };

/// Adds to the graph's problems what is wrong with a window called `name`.
void check_window(JobGraph& graph, const std::string& name, bool needs_event_time, bool timed, Duration lateness);
void check_triggers(JobGraph& graph, const std::string& name, const Triggers& triggers, bool possible, bool needed,
                    bool wall_clock);

}  // namespace typed

/// A stream grouped by a key and cut into windows.
template <class T, class KeyFunction, class Windows>
class WindowedBy {
  using Key = typed::StoredKey<typename KeyedBy<T, KeyFunction>::Key>;

 public:
  WindowedBy(KeyedBy<T, KeyFunction> stream, Windows windows)
      : stream_(std::move(stream)), windows_(std::move(windows)) {}

  /// A window takes late events, and gives out its changed result, until the watermark has come to its end plus this.
  WindowedBy allowed_lateness(Duration lateness) const {
    WindowedBy changed = *this;
    changed.lateness_ = lateness;
    return changed;
  }
  /// What comes too late for all of its windows goes to a side output of the operator, as it came. It is counted in any
  /// case.
  WindowedBy late(const SideOutput<T>& output) const {
    WindowedBy changed = *this;
    changed.late_ = output;
    return changed;
  }
  /// When windows fire, beside at their ends.
  WindowedBy trigger(const Triggers& triggers) const {
    WindowedBy changed = *this;
    changed.triggers_ = triggers;
    return changed;
  }

  /// Makes one value of the events of each window: by one aggregate, or a tuple by several at once (aggregates.hpp).
  template <class... Aggregates>
    requires(sizeof...(Aggregates) > 0)
  auto aggregate(std::string name, Aggregates... aggregates) const {
    if constexpr (sizeof...(Aggregates) == 1) {
      return run(std::move(name), aggregates::bind<T>(aggregates...));
    } else {
      using All = aggregates::Together<decltype(aggregates::bind<T>(aggregates))...>;
      return run(std::move(name), All{{aggregates::bind<T>(aggregates)...}});
    }
  }
  /// Folds the events of each window into one: `function(const T& so_far, const T& event)`. It must not matter how they
  /// are bracketed.
  template <class Function>
    requires std::convertible_to<std::invoke_result_t<const Function&, const T&, const T&>, T>
  auto reduce(std::string name, Function function) const {
    return run(std::move(name), aggregates::Reduce<Function, T>{std::move(function)});
  }
  /// Gives all events of each window to `function(const Key&, const TimeWindow&, const std::vector<T>&)`, which returns the
  /// result. The events of a slice stand in the order in which they came, slices in the order of time.
  template <class Function>
  auto process(std::string name, Function function) const {
    return run(std::move(name), aggregates::Process<Function, T>{{}, std::move(function)});
  }

 private:
  template <class Aggregate>
  auto run(std::string name, Aggregate aggregate) const {
    static_assert(AggregateOf<Aggregate, T>,
                  "an aggregate needs a State, add(state, event), combine(state, later) and result(state); see "
                  "aggregates.hpp");
    typed::JobGraph& graph = *stream_.graph();
    typed::check_window(graph, name, !typed::by_wall_clock<Windows> && !std::same_as<Windows, windows::Count>,
                        stream_.timed(), lateness_);
    if constexpr (typed::by_wall_clock<Windows>) {
      return told(place<operators::ByProcessingTime>(std::move(name), windows_.windows, std::move(aggregate)));
    } else {
      return told(place<operators::ByEventTime>(std::move(name), windows_, std::move(aggregate)));
    }
  }

  template <class Results>
  Results told(Results results) const {
    WindowShape shape = windows_.shape();
    shape.lateness = lateness_;
    stream_.graph()->set_windows(results.ports(), std::move(shape));
    return results;
  }

  template <class Time, class Kind, class Aggregate>
  auto place(std::string name, const Kind& kind, Aggregate aggregate) const {
    constexpr bool wall_clock = typed::by_wall_clock<Windows>;
    constexpr bool counts = std::same_as<Kind, windows::Count>;
    typed::check_triggers(*stream_.graph(), name, triggers_, !counts, std::same_as<Kind, windows::Global>, wall_clock);
    if constexpr (counts) {
      return stream_.apply(std::move(name),
                           operators::CountWindows<T, Key, Time, Aggregate>(kind, std::move(aggregate), late_));
    } else if constexpr (typed::is_session<Kind>) {
      return stream_.apply(std::move(name), operators::SessionWindows<T, Key, Kind, Time, Aggregate>(
                                                kind, std::move(aggregate), lateness_, late_, triggers_));
    } else if constexpr (typed::AlignedWindows<Kind>) {
      if (triggers_.at_end_only()) {
        return stream_.apply(std::move(name), operators::SlicedWindows<T, Key, Kind, Time, Aggregate>(
                                                  kind, std::move(aggregate), lateness_, late_));
      }
      return in_panes<Time>(std::move(name), kind, std::move(aggregate));
    } else {
      return in_panes<Time>(std::move(name), kind, std::move(aggregate));
    }
  }

  template <class Time, class Kind, class Aggregate>
  auto in_panes(std::string name, const Kind& kind, Aggregate aggregate) const {
    return stream_.apply(std::move(name), operators::PaneWindows<T, Key, Kind, Time, Aggregate>(
                                              kind, std::move(aggregate), lateness_, late_, triggers_));
  }

  KeyedBy<T, KeyFunction> stream_;
  Windows windows_;
  Duration lateness_{};
  std::optional<SideOutput<T>> late_;
  Triggers triggers_;
};

/// A stream grouped by keys `K` and cut into windows, for variables, parameters and results.
template <class K, class T, class Windows>
using WindowedStream = WindowedBy<T, std::function<K(const T&)>, Windows>;

template <class T, class KeyFunction>
template <class Windows>
auto KeyedBy<T, KeyFunction>::window(Windows windows) const {
  return WindowedBy<T, KeyFunction, Windows>(*this, std::move(windows));
}

namespace typed {

template <class T>
struct EveryEventAlike {
  NoKeyAtAll operator()(const T&) const { return {}; }
};

template <class Self, class T>
template <class Windows>
auto StreamMethods<Self, T>::window(Windows windows) const {
  return self().key_by(EveryEventAlike<T>{}, {.parallelism = 1}).window(std::move(windows));
}

}  // namespace typed

}  // namespace streamwork
