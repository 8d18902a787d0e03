// The engine's only way to ask what time it is, so that a test can move time by hand (DESIGN 7).
// Thread rule: every function may be called from any thread.
#pragma once

#include <chrono>
#include <streamwork/time.hpp>

namespace streamwork {

/// Time that never jumps, for durations and rates; its zero means nothing.
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  /// Wall-clock time.
  virtual ProcessingTime now() const = 0;
  /// Monotonic time.
  virtual SteadyTime steady_now() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
 public:
  ProcessingTime now() const override;
  SteadyTime steady_now() const override;
  /// The one every job uses unless its options name another.
  static const SystemClock& instance();
};

}  // namespace streamwork
