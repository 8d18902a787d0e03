// How times are laid out as text: milliseconds with decimals, from whole ticks.
// Thread rule: plain values.
#pragma once

#include <cstdint>

namespace streamwork::typed {

/// How a time is written.
struct TickFormat {
  int decimals;  ///< digits behind the point of a millisecond: 3 or 6; a unit is 10^-decimals ms
  std::int64_t units_per_tick;
};

/// How a time is read and what it may be.
struct TickRange {
  TickFormat format;
  std::int64_t least;     ///< in ticks
  std::int64_t greatest;  ///< in ticks
  bool dates;             ///< ISO 8601 is accepted, too
};

}  // namespace streamwork::typed
