// Windows: how time is cut into stretches whose events are looked at together.
//
//   sw::tumbling(5s)                 [0, 5), [5, 10), …
//   sw::sliding(10s, 1s)             [0, 10), [1, 11), …: length, slide
//   sw::cumulative(10s, 2s)          [0, 2), [0, 4), … [0, 10), [10, 12), …: greatest length, step
//   sw::days_in("Europe/Berlin")     from midnight to midnight there, 23 to 25 hours
//   sw::session(3s)                  as long as events are at most 3 s apart; ends 3 s after the last
//   sw::count_windows(10)            every 10 events of a key; count_windows(10, 2): the last 10, every 2 events
//   sw::global_window()              all events of a key; needs a trigger
//   sw::windows_by(assign)           `assign(const Event&, EventTime)` returns the windows of an event
//
// Windows of time are half-open, [start, end), and aligned to 1970-01-01 00:00 UTC, also before it; `.offset(1h)` moves
// them. `sw::by_wall_clock(windows)` makes any of them but the last follow the wall clock: no event is late then.
// Thread rule: plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <streamwork/event_time.hpp>
#include <streamwork/time.hpp>
#include <streamwork/window_result.hpp>
#include <streamwork/window_shape.hpp>
#include <string>
#include <utility>

namespace streamwork {

namespace windows {

/// The greatest multiple of `step` that is at most `value`; right for negative values too.
constexpr std::int64_t floor_to(std::int64_t value, std::int64_t step) {
  const std::int64_t rest = value % step;
  return rest < 0 ? value - rest - step : value - rest;
}

/// The duration in ticks, if it is a length for `what`; throws `std::invalid_argument` otherwise.
std::int64_t length_of(Duration duration, const char* what);

// Windows whose bounds are the same for every key ("aligned"). Times are ticks since 1970. No bound of a window lies inside
// a slice, so that all windows a slice belongs to share what was aggregated in it.

/// Windows of one length, a new one every `slide`.
class Sliding {
 public:
  Sliding(Duration length, Duration slide);
  Sliding offset(Duration offset) const;

  std::int64_t slice_start(std::int64_t time) const { return floor_to(time - offset_, slice_) + offset_; }
  std::int64_t slice_end(std::int64_t slice_start) const { return slice_start + slice_; }
  /// The end of the first window that the slice belongs to, and of the last.
  std::int64_t first_end(std::int64_t slice) const { return next_end(slice_end(slice) - 1); }
  std::int64_t last_end(std::int64_t slice) const { return floor_to(slice - offset_, slide_) + offset_ + length_; }
  /// The least end of a window after `time`.
  std::int64_t next_end(std::int64_t time) const {
    return floor_to(time - offset_ - length_, slide_) + slide_ + offset_ + length_;
  }
  bool is_end(std::int64_t time) const { return next_end(time - 1) == time; }
  std::int64_t start_of(std::int64_t end) const { return end - length_; }
  WindowShape shape() const;

 private:
  std::int64_t length_;
  std::int64_t slide_;
  std::int64_t slice_;
  std::int64_t offset_ = 0;
};

/// Windows of one length, one after the other.
class Tumbling {
 public:
  static constexpr bool one_slice = true;
  explicit Tumbling(Duration length);
  Tumbling offset(Duration offset) const;

  std::int64_t slice_start(std::int64_t time) const { return floor_to(time - offset_, length_) + offset_; }
  std::int64_t slice_end(std::int64_t slice) const { return slice + length_; }
  std::int64_t first_end(std::int64_t slice) const { return slice + length_; }
  std::int64_t last_end(std::int64_t slice) const { return slice + length_; }
  std::int64_t next_end(std::int64_t time) const { return slice_start(time) + length_; }
  bool is_end(std::int64_t time) const { return slice_start(time) == time; }
  std::int64_t start_of(std::int64_t end) const { return end - length_; }
  WindowShape shape() const;

 private:
  std::int64_t length_;
  std::int64_t offset_ = 0;
};

/// Windows that grow by a step up to a greatest length, then begin anew.
class Cumulative {
 public:
  Cumulative(Duration greatest, Duration step);
  Cumulative offset(Duration offset) const;

  std::int64_t slice_start(std::int64_t time) const { return floor_to(time - offset_, step_) + offset_; }
  std::int64_t slice_end(std::int64_t slice) const { return slice + step_; }
  std::int64_t first_end(std::int64_t slice) const { return slice + step_; }
  std::int64_t last_end(std::int64_t slice) const { return floor_to(slice - offset_, greatest_) + offset_ + greatest_; }
  std::int64_t next_end(std::int64_t time) const { return slice_start(time) + step_; }
  bool is_end(std::int64_t time) const { return slice_start(time) == time; }
  std::int64_t start_of(std::int64_t end) const { return floor_to(end - offset_ - 1, greatest_) + offset_; }
  WindowShape shape() const;

 private:
  std::int64_t greatest_;
  std::int64_t step_;
  std::int64_t offset_ = 0;
};

/// Calendar days of a time zone.
class Days {
 public:
  static constexpr bool one_slice = true;
  /// `zone`: a name of the IANA data base, "Europe/Berlin". Throws `std::invalid_argument` if it is not known.
  explicit Days(const std::string& zone);

  std::int64_t slice_start(std::int64_t time) const;
  std::int64_t slice_end(std::int64_t slice) const { return next_end(slice); }
  std::int64_t first_end(std::int64_t slice) const { return next_end(slice); }
  std::int64_t last_end(std::int64_t slice) const { return next_end(slice); }
  std::int64_t next_end(std::int64_t time) const;
  bool is_end(std::int64_t time) const { return slice_start(time) == time; }
  std::int64_t start_of(std::int64_t end) const { return slice_start(end - 1); }
  WindowShape shape() const;

 private:
  class Zone;
  std::string name_;
  std::shared_ptr<const Zone> zone_;
};

/// The same gap for every event.
struct FixedGap {
  Duration length;
  template <class Event>
  Duration operator()(const Event&) const {
    return length;
  }
  WindowShape shape() const;
};

/// Windows of activity, per key.
template <class Gap>
class Session {
 public:
  explicit Session(Gap gap) : gap_(std::move(gap)) {}
  /// How long after this event another one still belongs to its session.
  template <class Event>
  Duration gap(const Event& event) const {
    return std::invoke(gap_, event);
  }
  WindowShape shape() const {
    if constexpr (std::same_as<Gap, FixedGap>) {
      return gap_.shape();
    } else {
      return {.text = "session with a gap per event"};
    }
  }

 private:
  Gap gap_;
};

struct Count {
  std::int64_t events;
  std::int64_t step;
  WindowShape shape() const;
};

struct Global {
  WindowShape shape() const { return {.text = "global"}; }
};

template <class Assign>
struct Custom {
  Assign assign;
  WindowShape shape() const { return {.text = "of its own kind"}; }
};

/// Windows of another kind, by the wall clock.
template <class Windows>
struct ByWallClock {
  Windows windows;
  WindowShape shape() const {
    WindowShape shape = windows.shape();
    shape.text += " by the wall clock";
    shape.by_wall_clock = true;
    return shape;
  }
};

}  // namespace windows

inline windows::Tumbling tumbling(Duration length) { return windows::Tumbling(length); }
/// REQUIRES: `slide` is at most `length`.
inline windows::Sliding sliding(Duration length, Duration slide) { return {length, slide}; }
/// REQUIRES: `greatest` is a multiple of `step`.
inline windows::Cumulative cumulative(Duration greatest, Duration step) { return {greatest, step}; }
inline windows::Days days_in(const std::string& zone) { return windows::Days(zone); }
inline windows::Session<windows::FixedGap> session(Duration gap) {
  return windows::Session(windows::FixedGap{Duration(windows::length_of(gap, "the gap of a session"))});
}
/// `gap(const Event&)` returns the gap behind that event, more than nothing.
template <class Gap>
  requires(!std::convertible_to<Gap, Duration>)
windows::Session<Gap> session(Gap gap) {
  return windows::Session<Gap>(std::move(gap));
}
windows::Count count_windows(std::int64_t events);
windows::Count count_windows(std::int64_t events, std::int64_t step);
inline windows::Global global_window() { return {}; }
/// `assign(const Event&, EventTime)` returns a range of `TimeWindow`s; it may depend on nothing else.
template <class Assign>
windows::Custom<Assign> windows_by(Assign assign) {
  return {std::move(assign)};
}
template <class Windows>
windows::ByWallClock<Windows> by_wall_clock(Windows windows) {
  return {std::move(windows)};
}

}  // namespace streamwork
