// When a window fires, beside at its end.
//
//   .window(sw::tumbling(1h)).trigger({.early_every = 5min})
//
// A window always fires when the watermark (or the wall clock) has come to its end, and on each late event within the allowed
// lateness. A result that replaces an earlier one of its window says so (`update`). Early firings come only where there is
// something new.
// The results of a session are taken back (`retract`) when an event changes its bounds, early ones too; the next result, early or
// at its end, has everything again.
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <streamwork/time.hpp>

namespace streamwork {

struct Triggers {
  /// Before its end, whenever event time has come to a multiple of this.
  std::optional<Duration> early_every = std::nullopt;
  /// Before its end, whenever the wall clock has come to a multiple of this.
  std::optional<Duration> early_every_by_wall_clock = std::nullopt;
  /// After every so many events.
  std::optional<std::int64_t> every_events = std::nullopt;
  /// A result has the events since the result before it; otherwise all of the window so far (accumulating).
  bool discarding = false;

  /// True if windows fire at their ends only and accumulate.
  bool at_end_only() const { return !early_every && !early_every_by_wall_clock && !every_events && !discarding; }
};

}  // namespace streamwork
