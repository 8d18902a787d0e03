// Times and clocks' types: event time, processing time and durations, all in microsecond ticks.
//
// Event time (when something happened) and processing time (when this process deals with it) are different types, so
// that one can never be passed for the other. Both count from the Unix epoch; event times may be negative.
// Thread rule: plain values.
#pragma once

#include <chrono>
#include <cstdint>

namespace streamwork {

/// A length of time in microseconds; every `std::chrono` duration that loses nothing converts to it.
using Duration = std::chrono::duration<std::int64_t, std::micro>;

/// The clock of the events themselves. It cannot be asked for "now": only events move it.
struct EventClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<EventClock, duration>;
  static constexpr bool is_steady = false;
};

/// The wall clock of the process, as the engine's `Clock` tells it (a test may move it by hand).
struct ProcessingClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<ProcessingClock, duration>;
  static constexpr bool is_steady = false;
};

using EventTime = EventClock::time_point;
using ProcessingTime = ProcessingClock::time_point;

}  // namespace streamwork
