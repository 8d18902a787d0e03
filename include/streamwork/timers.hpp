// Time for operators: what time it is, and timers per key.
//
//   class Silence {                                              // tells of machines that say nothing for an hour
//    public:
//     void open(sw::OperatorContext& context) {
//       machine_ = context.current_key<std::string>();
//       timers_ = context.event_timers();
//       time_ = context.time();
//       last_ = context.value_state<sw::EventTime>("last");
//     }
//     void apply(const Reading&, sw::Output<Alert>&) {
//       timers_.cancel(*last_ + 1h);
//       timers_.set((*last_ = time_.event_time()) + 1h);
//     }
//     void on_timer(sw::EventTime, sw::Output<Alert>& out) { out.emit({*machine_}); }
//     ...
//
// A timer belongs to the key of the event (or timer) at hand. `on_timer` is called with that key's state in all handles, in
// the order of times, as soon as the watermark has come to the time (event time) or the wall clock has (processing time).
// At the end of input event time comes to its end, so all timers fire, those of processing time after those of event time.
// Thread rule: handles are used only inside the calls of the operator instance they were made for.
#pragma once

#include <streamwork/clock.hpp>
#include <streamwork/time.hpp>
#include <streamwork/typed/operator_clock.hpp>
#include <streamwork/typed/row_cursor.hpp>
#include <streamwork/typed/timer_queue.hpp>

namespace streamwork {

/// Event time of the right input alone, of an operator with two.
struct RightEventClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<RightEventClock, duration>;
  static constexpr bool is_steady = false;
};
using RightEventTime = RightEventClock::time_point;

/// Timers of the current key.
template <class TimePoint>
class TimersOf {
 public:
  /// A handle that must be assigned from the context before it is used.
  TimersOf() = default;

  /// Calls `on_timer(time, out)` for this key when it is `time`; at once if that has passed. Setting it twice is setting
  /// it once.
  void set(TimePoint time) const {
    const std::int64_t ticks = time.time_since_epoch().count();
    typed::RowTimers& timers = row_timers();
    if (!timers.add(ticks)) return;
    timers.set_queued(timers.queued() + 1);
    queue_->add(ticks, cursor_->row);
  }
  /// Takes it back; nothing happens if it is not set.
  void cancel(TimePoint time) const { row_timers().remove(time.time_since_epoch().count()); }
  /// True if this key has none.
  bool empty() const { return row_timers().empty(); }

  // For the engine.
  TimersOf(typed::TimerQueue& queue, const typed::RowCursor& cursor, std::uint32_t offset)
      : queue_(&queue), cursor_(&cursor), offset_(offset) {}

 private:
  typed::RowTimers& row_timers() const { return *reinterpret_cast<typed::RowTimers*>(cursor_->row + offset_); }

  typed::TimerQueue* queue_ = nullptr;
  const typed::RowCursor* cursor_ = nullptr;
  std::uint32_t offset_ = 0;
};

using EventTimers = TimersOf<EventTime>;
using ProcessingTimers = TimersOf<ProcessingTime>;
/// They fire when the watermark of the right input has come to their time.
using RightEventTimers = TimersOf<RightEventTime>;

/// What time it is for an operator.
class OperatorTime {
 public:
  OperatorTime() = default;

  /// The time of the event at hand, or of the timer.
  EventTime event_time() const { return clock_->event_time; }
  /// Up to where event time has come: events with an earlier time are late. `EventTime::min()` before the first
  /// watermark, `EventTime::max()` at the end of input.
  EventTime watermark() const { return clock_->watermark; }
  /// As above, for the right input of an operator with two.
  EventTime right_watermark() const { return clock_->right_watermark; }
  /// As `watermark()`, for the input that the event at hand came from: what is on time in its own input is never late.
  EventTime own_watermark() const { return clock_->own_watermark; }
  /// The wall clock.
  ProcessingTime processing_time() const { return clock_->clock->now(); }
  /// Counts the event at hand as late, for the vertex' metrics, and keeps it as a sample of those that were.
  template <class Event>
  void count_late(const Event& event) const {
    typed::VertexCounters& counters = *clock_->counters;
    counters.late.add(1);
    if (clock_->after_idleness) counters.late_after_idle.add(1);
    counters.refused.add(
        typed::RefusalKind::late, event, clock_->event_time, clock_->own_watermark,
        clock_->after_idleness ? "too late: its input had been idle, and was left behind" : "too late");
  }

  // For the engine.
  explicit OperatorTime(const typed::OperatorClock& clock) : clock_(&clock) {}

 private:
  const typed::OperatorClock* clock_ = nullptr;
};

/// The key of the event or timer at hand.
template <class K>
class CurrentKey {
 public:
  CurrentKey() = default;

  const K& operator*() const { return *reinterpret_cast<const K*>(cursor_->row); }
  const K* operator->() const { return &**this; }
  /// Forgets the key with all its states after this call, unless timers of it are still set then; its next event finds
  /// initial values. REQUIRES: called from `on_timer`.
  void forget() const { cursor_->forget = true; }

  // For the engine.
  explicit CurrentKey(typed::RowCursor& cursor) : cursor_(&cursor) {}

 private:
  typed::RowCursor* cursor_ = nullptr;
};

}  // namespace streamwork
