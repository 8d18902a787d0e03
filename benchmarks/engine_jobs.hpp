// The engine's side: the same work as jobs, written as a user writes them. Every function builds a job, runs it to its
// end and returns its result; all of that is measured. Throws `std::runtime_error` if the job fails.
#pragma once

#include <cstdint>

namespace benchmark {

/// source, map, filter, sum on one worker.
std::uint64_t engine_map_filter_sum(std::uint64_t events);

/// source, key_by, running count, sum on one worker.
std::uint64_t engine_keyed_count(std::uint64_t events, std::uint64_t keys);

/// Two instances of source, map, filter; key_by; two instances of running count, sum. On so many workers.
std::uint64_t engine_map_filter_keyed_count(std::uint64_t events, std::uint64_t keys, int workers);

/// source, map, sum on one worker; `exchanged`: in two tasks with a forward exchange between map and sum.
std::uint64_t engine_map_sum(std::uint64_t events, bool exchanged);

}  // namespace benchmark
