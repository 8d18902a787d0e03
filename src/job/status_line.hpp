// The line that `--status` prints every second.
#pragma once

#include <streamwork/metrics.hpp>
#include <string>

namespace streamwork::job {

/// What went in and came out per second between two looks at a job, and what limits it. Without a line end.
std::string status_line(const JobMetrics& before, const JobMetrics& now);

}  // namespace streamwork::job
