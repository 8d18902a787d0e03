// The rows of the table that are about throughput: who competes, with how many events, and what the budget demands.
#pragma once

#include <vector>

#include "contest.hpp"

namespace benchmark {

/// `quick`: so few events that all rows together take a moment; then only the results mean anything, not the times.
std::vector<Contest> throughput_rows(bool quick);

}  // namespace benchmark
