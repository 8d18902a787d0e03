// The stages of a fused segment, in order, as one plain object.
//
// Not `std::tuple`: that is never trivially copyable, and a list whose stages are is copied to the stack for the time
// of a batch, where the compiler keeps its state in registers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <streamwork/typed/guarded_stage.hpp>
#include <utility>

namespace streamwork::typed {

/// True for a stage that gives events their times.
template <class Stage>
inline constexpr bool gives_event_time = requires { Stage::assigns_time; };

template <class... Stages>
struct StageList;

template <>
struct StageList<> {
  static constexpr std::size_t size = 0;
  static constexpr bool resumable = false;
  static constexpr bool assigns_time = false;

  /// Copies of the stages, one longer.
  template <class Stage>
  auto append(Stage stage) && {
    return StageList<Stage>{GuardedStage<Stage>(std::move(stage)), {}};
  }
  template <class Bind>
  void bind(Bind&&, std::size_t = 0) {}
  template <class Event, class Terminal>
  bool push(Event&& event, Terminal& terminal) {
    return terminal.push(std::forward<Event>(event));
  }
  template <class Terminal>
  bool resume(Terminal&) {
    return true;
  }
  bool pending() const { return false; }
  template <class Tell>
  void tell_time_stages(Tell&&) {}
  template <class Terminal>
  void release(Terminal&) {}
  void publish(std::uint64_t) {}
};

template <class First, class... Rest>
struct StageList<First, Rest...> {
  static constexpr std::size_t size = 1 + sizeof...(Rest);
  /// True if a stage can leave a range pending.
  static constexpr bool resumable = requires(First stage) { stage.pending(); } || StageList<Rest...>::resumable;
  /// True if a stage gives events their times.
  static constexpr bool assigns_time = gives_event_time<First> || StageList<Rest...>::assigns_time;

  GuardedStage<First> first;
  [[no_unique_address]] StageList<Rest...> rest;

  template <class Stage>
  auto append(Stage stage) && {
    return StageList<First, Rest..., Stage>{std::move(first), std::move(rest).append(std::move(stage))};
  }

  /// Calls `bind(guarded stage, index)` for each stage.
  template <class Bind>
  void bind(Bind&& bind_one, std::size_t index = 0) {
    bind_one(first, index);
    rest.bind(bind_one, index + 1);
  }

  /// Sends one event through. False: the terminal has no room for another.
  template <class Event, class Terminal>
  bool push(Event&& event, Terminal& terminal) {
    const auto next = [&]<class Result>(Result&& result) { return rest.push(std::forward<Result>(result), terminal); };
    if constexpr (gives_event_time<First>) {
      const bool room = first.push(std::forward<Event>(event), next, terminal);
      if (first.stage().due()) [[unlikely]]
        release(terminal);
      return room;
    } else {
      return first.push(std::forward<Event>(event), next, terminal);
    }
  }

  /// Goes on with pending ranges, the last stage first. False: no room.
  template <class Terminal>
  bool resume(Terminal& terminal) {
    if (!rest.resume(terminal)) return false;
    if constexpr (gives_event_time<First>) release(terminal);
    return first.resume(
        [&]<class Result>(Result&& result) { return rest.push(std::forward<Result>(result), terminal); }, terminal);
  }

  /// True if a stage has a range pending.
  bool pending() const {
    if constexpr (requires { first.stage().pending(); }) {
      if (first.stage().pending()) return true;
    }
    return rest.pending();
  }

  /// Calls `tell(stage)` for each stage that gives events their times.
  template <class Tell>
  void tell_time_stages(Tell&& tell) {
    if constexpr (gives_event_time<First>) tell(first.stage());
    rest.tell_time_stages(tell);
  }
  /// Sends on the markers that are due, each as soon as nothing that came before it is pending behind its stage.
  template <class Terminal>
  [[gnu::always_inline]] void release(Terminal& terminal) {
    if constexpr (gives_event_time<First>) {
      if (first.stage().due() && !rest.pending()) first.stage().release(terminal);
    }
    rest.release(terminal);
  }

  /// Adds counts to the vertices' counters, given how many events came in.
  void publish(std::uint64_t events_in) { rest.publish(first.publish(events_in)); }
};

}  // namespace streamwork::typed
