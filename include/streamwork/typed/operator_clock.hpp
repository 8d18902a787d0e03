// What time it is for one operator instance; its segment keeps it up to date.
// Thread rule: one task.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <streamwork/clock.hpp>
#include <streamwork/typed/batch.hpp>
#include <streamwork/typed/counters.hpp>

namespace streamwork::typed {

/// When the wall clock comes to this tick, or a day from now if that is sooner.
inline SteadyTime steady_time_of(std::int64_t ticks, const Clock& clock) {
  // Times far away must not overflow the other clock, nor the difference.
  constexpr std::int64_t longest_sleep = Duration(std::chrono::hours(24)).count();
  const std::int64_t now = clock.now().time_since_epoch().count();
  return clock.steady_now() + Duration(ticks <= now ? 0 : std::min(ticks - now, longest_sleep));
}

struct OperatorClock {
  EventTime event_time = beginning_of_time;
  EventTime watermark = beginning_of_time;
  EventTime left_watermark = beginning_of_time;
  EventTime right_watermark = beginning_of_time;
  EventTime own_watermark = beginning_of_time;  ///< of the side that the event at hand came from
  EventTime fired_up_to = beginning_of_time;    ///< the last watermark all of whose timers have fired
  bool after_idleness = false;                  ///< the event comes from an input that was idle and left behind
  bool timed = false;                           ///< events have event times
  const Clock* clock = nullptr;
  VertexCounters* counters = nullptr;
};

}  // namespace streamwork::typed
