// A clock that a test moves by hand.
// Thread rule: reading by any thread; moving by one.
#pragma once

#include <atomic>
#include <streamwork/clock.hpp>

namespace streamwork::testing {

class ManualClock final : public Clock {
 public:
  /// Stands still at `start`.
  explicit ManualClock(ProcessingTime start = ProcessingTime{}) : start_(start) {}

  ProcessingTime now() const override { return start_ + std::chrono::duration_cast<Duration>(elapsed()); }
  SteadyTime steady_now() const override { return SteadyTime(elapsed()); }

  /// Moves both clocks on. REQUIRES: `duration` is not negative.
  void advance(std::chrono::nanoseconds duration) { elapsed_.fetch_add(duration.count()); }

 private:
  std::chrono::nanoseconds elapsed() const { return std::chrono::nanoseconds(elapsed_.load()); }

  ProcessingTime start_;
  std::atomic<std::int64_t> elapsed_{0};
};

}  // namespace streamwork::testing
