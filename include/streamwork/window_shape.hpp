// How windows cut time, in words and, where that is the same for every key, in numbers: for plans and the console.
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <streamwork/time.hpp>
#include <string>

namespace streamwork {

struct WindowShape {
  std::string text{};  ///< "tumbling 5s", "sliding 10s by 1s", "session 3s"
  /// Windows begin (cumulative ones: end) at multiples of the step, moved by the offset. Zero: their bounds are no such
  /// multiples.
  Duration step{};
  Duration length{};  ///< of cumulative ones the greatest
  Duration offset{};
  bool cumulative = false;  ///< each begins at a multiple of the length, and grows by the step
  bool by_wall_clock = false;
  Duration lateness{};  ///< how long after its end a window takes late events
};

}  // namespace streamwork
