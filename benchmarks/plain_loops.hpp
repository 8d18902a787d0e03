// The yardstick: what a programmer writes who needs this one result and nothing of an engine. One thread, one pass, a
// good hash map, no SIMD or prefetching by hand, compiled with the flags of the engine.
#pragma once

#include <cstdint>

namespace benchmark {

/// Makes `events` events, maps, filters; returns the sum of their values.
std::uint64_t plain_map_filter_sum(std::uint64_t events);

/// Makes `events` events and counts them by key; returns the sum of all running counts.
std::uint64_t plain_keyed_count(std::uint64_t events, std::uint64_t keys);

/// The same behind the map and the filter.
std::uint64_t plain_map_filter_keyed_count(std::uint64_t events, std::uint64_t keys);

}  // namespace benchmark
