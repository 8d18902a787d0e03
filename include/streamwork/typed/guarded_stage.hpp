// A stage of a fused loop with what the runtime owns of it: counting, exceptions, bad events.
//
// A stage itself is only `push(event, next)` (operators/). The `try` blocks cost nothing while nothing is thrown.
#pragma once

#include <exception>
#include <stdexcept>
#include <streamwork/bad_event.hpp>
#include <streamwork/errors.hpp>
#include <streamwork/line.hpp>
#include <streamwork/options.hpp>
#include <streamwork/output.hpp>
#include <streamwork/typed/segment.hpp>
#include <streamwork/typed/side_outputs.hpp>
#include <string>
#include <type_traits>
#include <utility>

namespace streamwork::typed {

/// Turns the exception at hand into a `VertexError` that names where it happened; one that already does passes through.
[[noreturn]] void rethrow_for(const VertexInstance& vertex);

/// What one vertex instance does about a bad event.
class BadEventHandler {
 public:
  /// `side` takes the dead letters; nullptr unless the policy says so.
  BadEventHandler(BadEventPolicy::Action action, const VertexInstance& vertex, Output<DeadLetter>* side)
      : action_(action), vertex_(&vertex), side_(side) {}

  /// Event times are those of the stage with these counters, which knows how far event time has come; nullptr: there are none.
  void set_clock(const VertexCounters* clock) { clock_ = clock; }

  /// Keeps the event as a sample and, if asked for, as a dead letter; throws `VertexError` if the policy is to fail.
  template <class Event>
  void refuse(const BadEvent& bad, const Event& event, EventTime time) {
    const bool timed = clock_ != nullptr;
    vertex_->counters->refused.add(RefusalKind::bad, event, timed ? time : beginning_of_time,
                                   timed ? clock_->watermark.value() : beginning_of_time, bad.what());
    DeadLetter letter;
    if constexpr (std::is_convertible_v<const Event&, const Line&>) {
      const Line& line = event;
      letter.position = static_cast<std::int64_t>(line.position);
      letter.text = line.text;
    } else if constexpr (std::is_convertible_v<const Event&, std::string_view>) {
      letter.text = std::string_view(event);
    }
    handle(bad, std::move(letter));
  }

 private:
  void handle(const BadEvent& bad, DeadLetter letter);

  BadEventPolicy::Action action_;
  const VertexInstance* vertex_;
  Output<DeadLetter>* side_;
  const VertexCounters* clock_ = nullptr;
};

template <class Stage>
class GuardedStage {
 public:
  explicit GuardedStage(Stage stage) : stage_(std::move(stage)) {}

  /// Binds the stage to its instance. REQUIRES: `vertex` and `handler` outlive it.
  void bind(const VertexInstance& vertex, BadEventHandler& handler) {
    vertex_ = &vertex;
    bad_events_ = &handler;
  }

  template <class Event, class Next, class Terminal>
  bool push(Event&& event, Next&& next, Terminal& terminal) {
    try {
      if constexpr (requires { Stage::assigns_time; }) {
        return stage_.push(std::forward<Event>(event), counted(next), terminal);
      } else if constexpr (requires { stage_.pending(); }) {
        const bool room = stage_.push(std::forward<Event>(event), counted(next));
        pending_time_ = terminal.time;
        return room;
      } else if constexpr (requires { stage_.passes(std::as_const(event)); }) {
        // Counted outside of the branch: if little else is in it, the compiler needs none, and nothing is mispredicted.
        const bool passes = stage_.passes(std::as_const(event));
        events_out_ += static_cast<std::uint64_t>(passes);
        return passes ? next(std::forward<Event>(event)) : true;
      } else {
        return stage_.push(std::forward<Event>(event), counted(next));
      }
    } catch (const BadEvent& bad) {
      refuse(bad, event, terminal.time);
      ++failed_;
      return abandon();
    } catch (...) {
      rethrow_for(*vertex_);
    }
  }

  /// Goes on with what an event left pending. False: no room for all of it.
  template <class Next, class Terminal>
  bool resume(Next&& next, Terminal& terminal) {
    if constexpr (requires { stage_.pending(); }) {
      if (!stage_.pending()) return true;
      terminal.time = pending_time_;
      try {
        return stage_.resume(counted(next));
      } catch (const BadEvent& bad) {
        bad_events_->refuse(bad, std::string_view("(in the midst of the range made from an event)"), pending_time_);
        ++failed_;
        return abandon();
      } catch (...) {
        rethrow_for(*vertex_);
      }
    } else {
      return true;
    }
  }

  Stage& stage() { return stage_; }
  const Stage& stage() const { return stage_; }

  /// Adds what was counted since the last call to the vertex' counters and returns the events it gave out.
  std::uint64_t publish(std::uint64_t events_in) {
    VertexCounters& counters = *vertex_->counters;
    counters.events_in.add(events_in);
    counters.events_out.add(events_out_);
    counters.failed.add(failed_);
    failed_ = 0;
    return std::exchange(events_out_, 0);
  }

 private:
  template <class Next>
  auto counted(Next& next) {
    return [this, &next]<class Result>(Result&& result) {
      ++events_out_;
      return next(std::forward<Result>(result));
    };
  }
  /// Of a small event a copy is refused: were its own address needed somewhere, the fused loop could not keep it in registers.
  template <class Event>
  [[gnu::always_inline]] void refuse(const BadEvent& bad, const Event& event, EventTime time) {
    if constexpr (std::is_trivially_copyable_v<Event> && sizeof(Event) <= 64) {
      const Event copy = event;
      bad_events_->refuse(bad, copy, time);
    } else {
      bad_events_->refuse(bad, event, time);
    }
  }
  bool abandon() {
    if constexpr (requires { stage_.abandon(); }) stage_.abandon();
    return true;
  }

  Stage stage_;
  const VertexInstance* vertex_ = nullptr;
  BadEventHandler* bad_events_ = nullptr;
  std::uint64_t events_out_ = 0;
  std::uint64_t failed_ = 0;
  struct Nothing {};
  /// The event time of the range that is pending.
  [[no_unique_address]] std::conditional_t<requires(Stage stage) { stage.pending(); }, EventTime, Nothing>
      pending_time_{};
};

}  // namespace streamwork::typed
