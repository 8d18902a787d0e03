// When the event of a number happens, and which ids exist by then: the arithmetic of the benchmark, in integers.
// Of 50 events one is a person, three are auctions and 46 are bids, in this order.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <streamwork/streamwork.hpp>

namespace nexmark {

namespace sw = streamwork;

inline constexpr std::uint64_t epoch_events = 50;
inline constexpr std::int64_t first_id = 1000;                         ///< of people and of auctions
inline constexpr std::int64_t begin_milliseconds = 1'436'918'400'000;  ///< 2015-07-15 00:00 UTC

class Timeline {
 public:
  /// `rate`: events per second of event time.
  explicit Timeline(std::int64_t rate) : nanoseconds_per_event_((2'000'000'000 / rate + 1) / 2) {}

  std::int64_t milliseconds(std::uint64_t number) const {
    return begin_milliseconds + static_cast<std::int64_t>(number * nanoseconds_per_event_ / 1'000'000);
  }
  /// The first event that happens at this time or later.
  std::uint64_t first_at(std::int64_t milliseconds) const {
    const auto passed = static_cast<std::uint64_t>(std::max<std::int64_t>(0, milliseconds - begin_milliseconds));
    return (passed * 1'000'000 + nanoseconds_per_event_ - 1) / nanoseconds_per_event_;
  }
  static sw::EventTime at(std::int64_t milliseconds) { return sw::EventTime(std::chrono::milliseconds(milliseconds)); }
  /// True if the times of so many events can be told in 64 bits.
  bool holds(std::uint64_t events) const { return events < (std::uint64_t{1} << 63U) / nanoseconds_per_event_; }

 private:
  std::uint64_t nanoseconds_per_event_;
};

// Ids without `first_id`. "Last" is the newest one when the event of this number happens.

inline std::int64_t last_person(std::uint64_t number) { return static_cast<std::int64_t>(number / epoch_events); }
/// -1 before the first auction.
inline std::int64_t last_auction(std::uint64_t number) {
  const auto epoch = static_cast<std::int64_t>(number / epoch_events);
  const auto place = static_cast<std::int64_t>(number % epoch_events);
  return epoch * 3 + std::min<std::int64_t>(place, 3) - 1;
}

}  // namespace nexmark
