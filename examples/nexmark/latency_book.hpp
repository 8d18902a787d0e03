// How late the rows of a window come: from the moment at which the event was due whose time lets the window close, until the sink
// has the row. The event is due when the schedule says so, however late the source made it (open loop), so that a stall counts
// for every window that it delays.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <streamwork/histogram.hpp>
#include <streamwork/streamwork.hpp>

#include "timeline.hpp"

namespace nexmark {

class LatencyBook {
 public:
  struct Schedule {
    sw::Pace pace;
    Timeline timeline;
    std::uint64_t events;
    std::chrono::milliseconds length;           ///< of a window
    std::chrono::milliseconds patience;         ///< that the watermark has
    std::function<bool(std::uint64_t)> counts;  ///< whether the query looks at the event of this number at all
    std::chrono::nanoseconds warm_up;
  };

  explicit LatencyBook(Schedule schedule) : schedule_(std::move(schedule)) {}

  /// A row of the window that begins at `start` is there.
  void note(sw::EventTime start, sw::SteadyTime now) {
    const auto begin = std::chrono::duration_cast<std::chrono::milliseconds>(start.time_since_epoch());
    std::uint64_t number = schedule_.timeline.first_at((begin + schedule_.length + schedule_.patience).count());
    while (!schedule_.counts(number)) ++number;
    if (number >= schedule_.events) return;  // its window closes with the end of input
    const sw::SteadyTime due = schedule_.pace.due(number);
    if (due < schedule_.pace.due(0) + schedule_.warm_up) return;
    const std::lock_guard lock(mutex_);
    latencies_.record(static_cast<std::uint64_t>(std::max<std::int64_t>(0, (now - due).count())));
  }

  sw::Histogram latencies() const {
    const std::lock_guard lock(mutex_);
    return latencies_;
  }

 private:
  Schedule schedule_;
  mutable std::mutex mutex_;
  sw::Histogram latencies_;  // in nanoseconds
};

}  // namespace nexmark
