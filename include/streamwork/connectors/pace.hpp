// Open-loop pacing: event number i of a source is due at start + i / rate, however long the events before it took. A
// source that is late brings out at once all that is due, so that a slow job shows as latency and never as a lower rate
// (a closed loop would hide it: "coordinated omission").
// Thread rule: `Pace` is a plain value; copies share their start, and may be used by many threads at once.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <stdexcept>
#include <streamwork/clock.hpp>

namespace streamwork {

class Pace {
 public:
  /// A thousand events per nanosecond; what comes faster needs no rate.
  static constexpr double greatest_rate = 1e12;

  /// `rate` in events per second. Throws `std::invalid_argument` unless it is above 0 and at most `greatest_rate`.
  explicit Pace(double rate)
      : nanoseconds_per_event_(std::min(1e9 / rate, std::numeric_limits<double>::max())),
        start_(std::make_shared<Start>(not_begun)) {
    if (!(rate > 0 && rate <= greatest_rate))
      throw std::invalid_argument("a rate is a number of events per second above 0 and at most 1e12");
  }

  /// Event 0 is due at `now`, if no copy of this pace has begun before.
  void begin(SteadyTime now) const {
    std::int64_t expected = not_begun;
    start_->compare_exchange_strong(expected, now.time_since_epoch().count());
  }

  /// When an event is due. Exact to a few nanoseconds over the first hundred days. REQUIRES: `begin` was called.
  SteadyTime due(std::uint64_t event) const {
    const std::chrono::nanoseconds start{start_->load(std::memory_order_relaxed)};
    const double offset = static_cast<double>(event) * nanoseconds_per_event_;
    const double left =
        static_cast<double>(std::numeric_limits<std::int64_t>::max() - std::max(start.count(), std::int64_t{0}));
    if (offset >= left) return SteadyTime::max();  // some hundred years from now
    return SteadyTime{start + std::chrono::nanoseconds{static_cast<std::int64_t>(offset)}};
  }

  /// The number of events that are due at `now`: `due(n - 1) <= now < due(n)`, or 2^63 if there are more. REQUIRES: `begin`
  /// was called.
  std::uint64_t events_due(SteadyTime now) const {
    // All that are due before the next nanosecond, of which there may be many.
    const double estimate = (static_cast<double>((now - due(0)).count()) + 1) / nanoseconds_per_event_;
    if (estimate >= 0x1p63) return std::uint64_t{1} << 63U;
    auto events = static_cast<std::uint64_t>(std::max(0.0, estimate));
    // The division may round to the wrong side; `due` decides, so that whoever sleeps until `due(n)` finds n due then.
    while (events > 0 && due(events - 1) > now) --events;
    while (due(events) <= now) ++events;
    return events;
  }

 private:
  using Start = std::atomic<std::int64_t>;
  static constexpr std::int64_t not_begun =
      std::numeric_limits<std::int64_t>::min();  // before any machine was switched on

  double nanoseconds_per_event_;
  std::shared_ptr<Start> start_;
};

}  // namespace streamwork
