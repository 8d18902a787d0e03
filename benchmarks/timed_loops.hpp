// The yardstick of the rows about windows and joins, plain like the loops of plain_loops.hpp. Events are known to be in
// the order of time; what is done for late ones costs nothing here.
#pragma once

#include <cstdint>

#include "timed_work.hpp"

namespace benchmark {

/// Counts events by key and tumbling window; returns what all windows add up to.
std::uint64_t plain_tumbling_count(std::uint64_t events, const WindowWork& work);

/// Sums values by key and slice; each window adds up its slices anew.
std::uint64_t plain_sliding_sum(std::uint64_t events, const WindowWork& work);

/// The limit: each key has a running total, from which the slice that leaves the window is subtracted. That is good for
/// sums only, and no aggregate has to be able to do it in the engine.
std::uint64_t tuned_sliding_sum(std::uint64_t events, const WindowWork& work);

/// Takes left and right events in turn, half of `events` each. A key keeps those that may still have a match, and drops
/// the others when it is looked at.
std::uint64_t plain_interval_join(std::uint64_t events, const JoinWork& work);

}  // namespace benchmark
