// The engine's side of the rows about windows and joins, on one worker, with everything as it is unless told otherwise.
// Throws `std::runtime_error` if the job fails.
#pragma once

#include <cstdint>

#include "timed_work.hpp"

namespace benchmark {

/// source, event time, key_by, count of each tumbling window, sum.
std::uint64_t engine_tumbling_count(std::uint64_t events, const WindowWork& work);

/// The same with the sum of each sliding window.
std::uint64_t engine_sliding_sum(std::uint64_t events, const WindowWork& work);

/// Two sources of half the events each, interval join, sum.
std::uint64_t engine_interval_join(std::uint64_t events, const JoinWork& work);

}  // namespace benchmark
