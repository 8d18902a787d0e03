// What a reader must know of the machine and the build to make sense of the numbers.
#pragma once

#include <string>

#include "report.hpp"

namespace benchmark {

Machine this_machine();

/// Today in UTC, as YYYY-MM-DD.
std::string today();

}  // namespace benchmark
