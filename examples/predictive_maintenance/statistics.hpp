// What is kept of the readings of a window.
#pragma once

#include <cmath>
#include <cstdint>

#include "reading.hpp"

namespace maintenance {

/// Means of a window of one machine. Vibration is taken by its logarithm: a worn bearing multiplies it, and one spike
/// among many readings weighs little.
struct Summary {
  double load = 0;
  double log_vibration = 0;
  double temperature = 0;
  bool stood_still = false;  ///< at some time in the window
};

/// Sums are kept in millionths, as whole numbers: they are the same in whatever order the readings come.
struct Statistics {
  struct State {
    std::int64_t count = 0;
    std::int64_t load = 0;
    std::int64_t log_vibration = 0;
    std::int64_t temperature = 0;
    bool stood_still = false;
  };

  static void add(State& state, const Reading& reading) {
    ++state.count;
    state.load += std::llround(reading.load * 1e6);
    state.log_vibration += std::llround(std::log(std::max(reading.vibration, 1e-3)) * 1e6);
    state.temperature += std::llround(reading.temperature * 1e6);
    state.stood_still = state.stood_still || reading.load < 0.1;
  }
  static void combine(State& state, const State& later) {
    state.count += later.count;
    state.load += later.load;
    state.log_vibration += later.log_vibration;
    state.temperature += later.temperature;
    state.stood_still = state.stood_still || later.stood_still;
  }
  static Summary result(const State& state) {
    const double scale = 1e6 * static_cast<double>(state.count);
    return {static_cast<double>(state.load) / scale, static_cast<double>(state.log_vibration) / scale,
            static_cast<double>(state.temperature) / scale, state.stood_still};
  }
};

}  // namespace maintenance
