// What the rows about windows and joins work on: when the events happen, which windows they are put into, and what is
// made of each result, so that every contender can be checked.
#pragma once

#include <cstdint>

#include "event.hpp"

namespace benchmark {

/// Windows over events in the order of time. Times in microseconds of event time.
struct WindowWork {
  std::uint64_t keys;
  std::uint64_t step;  ///< from one event to the next; the first one happens at 0
  std::uint64_t length;
  std::uint64_t slide;  ///< `length` is a multiple of it
};

/// What one result of one window adds to the result of the row. It depends on all there is to get wrong.
inline std::uint64_t share_of_window(std::uint64_t key, std::uint64_t end, std::int64_t value) {
  return static_cast<std::uint64_t>(value) * (end + key);
}

/// Two streams of events in the order of time, each with an event at 0, `step`, … A pair are a left and a right event
/// of one key that are at most `distance` apart.
struct JoinWork {
  std::uint64_t keys;
  std::uint64_t step;
  std::uint64_t distance;
};

/// Event number `sequence` of the right stream: other keys and values than those of the left one, which has the events
/// of `make_event`.
inline Event make_right_event(std::uint64_t sequence, std::uint64_t keys) {
  Event event = make_event(sequence + (std::uint64_t{1} << 40U), keys);
  event.sequence = sequence;
  return event;
}

/// What one pair adds to the result of the row.
inline std::uint64_t share_of_pair(const Event& left, const Event& right) {
  return static_cast<std::uint64_t>(left.value) * static_cast<std::uint64_t>(right.value) + right.sequence;
}

}  // namespace benchmark
