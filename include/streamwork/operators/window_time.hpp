// The time a window operator goes by: event time with its watermark, or the wall clock.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <streamwork/operator.hpp>

namespace streamwork::operators {

/// By event time: an event may be late, and a window closes when the watermark has come to its end.
class ByEventTime {
 public:
  using TimePoint = EventTime;

  void open(OperatorContext& context) {
    time_ = context.time();
    timers_ = context.event_timers();
  }
  std::int64_t now() { return time_.event_time().time_since_epoch().count(); }
  /// Windows that end at this time or before it have closed.
  std::int64_t reached() const { return time_.own_watermark().time_since_epoch().count(); }
  void set_timer(std::int64_t ticks) const { timers_.set(EventTime(Duration(ticks))); }
  void note_timer(std::int64_t) {}
  template <class Event>
  void count_late(const Event& event) const {
    time_.count_late(event);
  }
  EventTime event_time() const { return time_.event_time(); }

 private:
  OperatorTime time_;
  EventTimers timers_;
};

/// By the wall clock: an event happens when it arrives, and nothing is late.
class ByProcessingTime {
 public:
  using TimePoint = ProcessingTime;

  void open(OperatorContext& context) {
    time_ = context.time();
    timers_ = context.processing_timers();
  }
  /// Never goes back, also if somebody sets the clock: no window opens again.
  std::int64_t now() { return latest_ = std::max(latest_, time_.processing_time().time_since_epoch().count()); }
  std::int64_t reached() const { return std::numeric_limits<std::int64_t>::min(); }
  void set_timer(std::int64_t ticks) const { timers_.set(ProcessingTime(Duration(ticks))); }
  void note_timer(std::int64_t ticks) {
    if (time_.watermark() != EventTime::max()) latest_ = std::max(latest_, ticks);
  }
  template <class Event>
  void count_late(const Event&) const {}
  EventTime event_time() const { return EventTime(Duration(latest_)); }

 private:
  OperatorTime time_;
  ProcessingTimers timers_;
  std::int64_t latest_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace streamwork::operators
