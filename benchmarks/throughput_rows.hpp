// The rows of the table that are about throughput: who competes, with how many events, and what the budget demands.
#pragma once

#include <cstdint>
#include <vector>

#include "contest.hpp"

namespace benchmark {

/// Events of a quick run: several batches, blocks and chunks, and one event that does not fill any of them.
inline constexpr std::uint64_t quick_events = 100'001;

/// `quick`: so few events that all rows together take a moment; then only the results mean anything, not the times.
std::vector<Contest> throughput_rows(bool quick);

}  // namespace benchmark
