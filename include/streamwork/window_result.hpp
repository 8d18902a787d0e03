// What comes out of a window.
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <streamwork/time.hpp>

namespace streamwork {

/// A stretch of time: from `start` on, before `end`.
struct TimeWindow {
  EventTime start;
  EventTime end;
  friend bool operator==(const TimeWindow&, const TimeWindow&) = default;
};

/// One firing of one window of one key. Its event time is the last instant of the window, `end` - 1 µs.
template <class K, class V>
struct WindowResult {
  K key;
  EventTime start;
  EventTime end;
  V value;
  bool update = false;   ///< the window had a result before, which this one replaces
  bool retract = false;  ///< takes back a result whose window has become another one; only of sessions
  friend bool operator==(const WindowResult&, const WindowResult&) = default;
};

/// The key of windows over a stream that is not grouped by one.
struct NoKeyAtAll {
  friend bool operator==(const NoKeyAtAll&, const NoKeyAtAll&) = default;
};
inline std::uint64_t stable_hash_value(const NoKeyAtAll&) { return 0; }

}  // namespace streamwork
