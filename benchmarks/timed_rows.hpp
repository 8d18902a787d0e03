// The rows of the table that are about windows and joins in event time.
#pragma once

#include <vector>

#include "contest.hpp"

namespace benchmark {

/// `quick`: as in throughput_rows.hpp.
std::vector<Contest> timed_rows(bool quick);

}  // namespace benchmark
