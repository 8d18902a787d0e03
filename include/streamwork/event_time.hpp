// Event time: where an event's time comes from, and how far event time has come after it.
//
//   readings.event_time(&Reading::time, sw::bounded_out_of_order(2s))
//
// A strategy looks at the events of one split (a partition, a socket, a block of a file) and tells after each up to where
// event time has come. So watermarks depend on the events alone, never on the sizes of batches or on how fast the
// machine runs. They are rounded down to a granularity in event time, 10 ms unless told otherwise: windows whose bounds
// are multiples of it close exactly when the rule says, and an event costs the same with ten inputs behind as with one.
//
// A strategy of one's own is any copyable class with
//   sw::EventTime watermark(const Event& event, sw::EventTime time)     // after this event
// It may go back; the watermark does not. Checkpoints hold its fields if it is a plain struct, or those it names
// (stored.hpp); after a restart it goes on with them. Thread rule: each split works on its own copy, in one thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <functional>
#include <optional>
#include <stdexcept>
#include <streamwork/options.hpp>
#include <streamwork/stored.hpp>
#include <streamwork/time.hpp>
#include <tuple>
#include <utility>

namespace streamwork {

/// Event times lie within about 73,000 years of 1970, so that sums of times and durations never overflow. An event with
/// another time is a bad event.
inline constexpr Duration most_distant_event_time{std::int64_t{1} << 61U};

/// Durations of windows, bounds and lateness are at most this long (about 36,000 years).
inline constexpr Duration longest_duration{std::int64_t{1} << 60U};

/// Events come at most `bound` later than others with a later time: the watermark is the greatest time seen minus it.
class BoundedOutOfOrder {
 public:
  explicit BoundedOutOfOrder(Duration bound) : bound_(bound) {
    if (bound < Duration::zero() || bound > longest_duration)
      throw std::invalid_argument("bounded_out_of_order: the bound is a time from 0 on, not a negative one");
  }
  template <class Event>
  EventTime watermark(const Event&, EventTime time) {
    greatest_ = std::max(greatest_, time);
    return greatest_ - bound_;
  }
  /// Without the bound: a program that was changed goes on with its own.
  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(stored<"greatest">(self.greatest_));
  }

 private:
  Duration bound_;
  EventTime greatest_{-most_distant_event_time};
};

inline BoundedOutOfOrder bounded_out_of_order(Duration bound) { return BoundedOutOfOrder(bound); }

/// Every event is at least as late as those before it: the watermark is the greatest time seen.
inline BoundedOutOfOrder ascending() { return BoundedOutOfOrder(Duration::zero()); }

/// Some events carry the watermark themselves: `mark(const Event&)` returns a `std::optional<EventTime>`.
template <class Mark>
class Punctuated {
 public:
  explicit Punctuated(Mark mark) : mark_(std::move(mark)) {}
  template <class Event>
    requires std::convertible_to<std::invoke_result_t<Mark&, const Event&>, std::optional<EventTime>>
  EventTime watermark(const Event& event, EventTime) {
    const std::optional<EventTime> marked = std::invoke(mark_, event);
    if (marked) {
      reached_ = std::max(reached_,
                          std::clamp(*marked, EventTime(-most_distant_event_time), EventTime(most_distant_event_time)));
    }
    return reached_;
  }
  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(stored<"reached">(self.reached_));
  }

 private:
  Mark mark_;
  EventTime reached_ = EventTime::min();
};

template <class Mark>
Punctuated<Mark> punctuated(Mark mark) {
  return Punctuated<Mark>(std::move(mark));
}

/// What a watermark strategy for events `T` looks like; see the top of this file.
template <class S, class T>
concept WatermarkStrategyOf = std::copy_constructible<S> && requires(S strategy, const T& event, EventTime time) {
  { strategy.watermark(event, time) } -> std::convertible_to<EventTime>;
};

struct EventTimeOptions {
  /// Watermarks are rounded down to a multiple of this. 1 ms makes the rules exact to the millisecond.
  Duration granularity = std::chrono::milliseconds(10);
  /// A split that had nothing to read for so long is idle and holds event time back no longer; nothing: it holds it back
  /// for ever. The time in which the source was blocked by what is behind it does not count.
  std::optional<Duration> idle_after = std::nullopt;
  /// When every input is idle, event time goes on with the wall clock; otherwise it holds.
  bool follow_wall_clock_when_idle = false;
  /// How far the source may be ahead of the slowest of all sources with such a limit: beyond that it is not read, so that what
  /// joins them need not keep what it brings. Nothing: as far as it likes. One that has brought nothing yet holds the others up,
  /// until it is idle or has ended: give those that may be silent an `idle_after`. Only directly behind a source.
  std::optional<Duration> greatest_lead = std::nullopt;
  /// The vertex' name; empty: made from the name of the one in front of it.
  std::string name{};
  /// What becomes of an event whose time cannot be had: the extractor throws `BadEvent`, or the time is out of range.
  BadEventPolicy bad_events{};
};

}  // namespace streamwork
